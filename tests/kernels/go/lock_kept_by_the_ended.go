package main

import "sync"

var lock sync.Mutex
var state int

func control(updates chan int, stop chan bool) {
	lock.Lock()
	select {
	case state = <-updates:
	case <-stop:
		return
	}
	lock.Unlock()
}

func setState(ready chan bool) {
	ready <- true
	lock.Lock()
	state = 1
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	updates, stop, ready := make(chan int), make(chan bool), make(chan bool)
	go control(updates, stop)
	stop <- true
	go setState(ready)
	<-ready
	settle()
}
