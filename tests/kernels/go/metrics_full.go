package main

import "sync"

const room = 2

var lock sync.Mutex
var metrics, full = make(chan int, room), make(chan bool)

func addMetrics() {
	lock.Lock()
	for value := 0; value <= room; value++ {
		if value == room {
			close(full)
		}
		metrics <- value
	}
	lock.Unlock()
}

func flushMetrics() {
	<-full
	lock.Lock()
	for len(metrics) > 0 {
		<-metrics
	}
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	go addMetrics()
	go flushMetrics()
	<-full
	settle()
}
