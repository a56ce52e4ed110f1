package main

import (
	"runtime"
	"sync"
)

const workers = 3

var lock sync.Mutex
var start = sync.NewCond(&lock)
var waiting int
var started bool
var ended sync.WaitGroup

func awaitStart() {
	lock.Lock()
	waiting++
	for !started {
		start.Wait()
	}
	lock.Unlock()
	ended.Done()
}

func countWaiting() int {
	lock.Lock()
	defer lock.Unlock()
	return waiting
}

func main() {
	defer checkLeaks()
	ended.Add(workers)
	for i := 0; i < workers; i++ {
		go awaitStart()
	}
	for countWaiting() < workers {
		runtime.Gosched()
	}
	lock.Lock()
	started = true
	start.Signal()
	lock.Unlock()
	ended.Wait()
}
