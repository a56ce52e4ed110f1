package main

import "sync"

var lock sync.RWMutex
var entries = 100

func sizeOfStore() int {
	lock.RLock()
	defer lock.RUnlock()
	return entries
}

func compact(asked chan int) {
	<-asked
	lock.Lock()
	if sizeOfStore() > 10 {
		entries = 10
	}
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	asked := make(chan int)
	go compact(asked)
	sizeOfStore()
	asked <- 1
	settle()
}
