package main

import "sync"

const count = 4

var lock sync.Mutex
var complete = sync.NewCond(&lock)
var allSent bool
var items = make(chan int, 2)

func sendAll() {
	for i := 0; i < count; i++ {
		items <- i
	}
	lock.Lock()
	allSent = true
	complete.Signal()
	lock.Unlock()
}

func receiveAll() {
	lock.Lock()
	for !allSent {
		complete.Wait()
	}
	lock.Unlock()
	for i := 0; i < count; i++ {
		<-items
	}
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { sendAll(); ended.Done() }()
	go func() { receiveAll(); ended.Done() }()
	ended.Wait()
}
