package main

import (
	"runtime"
	"sync"
)

var statistics sync.Mutex
var sent, taken int
var items = make(chan int)

func publish() {
	for i := 0; i < 3; i++ {
		statistics.Lock()
		sent++
		items <- i
		statistics.Unlock()
	}
	close(items)
}

func consume() {
	for range items {
		for statistics.TryLock() {
			statistics.Unlock()
			runtime.Gosched()
		}
		statistics.Lock()
		taken++
		statistics.Unlock()
	}
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { publish(); ended.Done() }()
	go func() { consume(); ended.Done() }()
	ended.Wait()
}
