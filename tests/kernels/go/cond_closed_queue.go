package main

import (
	"runtime"
	"sync"
)

var lock sync.Mutex
var changed = sync.NewCond(&lock)
var items, waiting int
var closed bool

func take() {
	lock.Lock()
	waiting++
	for items == 0 && !closed {
		changed.Wait()
	}
	if items > 0 {
		items--
	}
	lock.Unlock()
}

func takers() int {
	lock.Lock()
	defer lock.Unlock()
	return waiting
}

func closeQueue() {
	lock.Lock()
	closed = true
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	go take()
	for takers() == 0 {
		runtime.Gosched()
	}
	closeQueue()
	settle()
}
