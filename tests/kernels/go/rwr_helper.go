package main

import "sync"

var lock sync.RWMutex
var rows = 7
var reading, summary = make(chan bool), make(chan int)

func summarise() {
	lock.RLock()
	seen := rows
	lock.RUnlock()
	summary <- seen
}

func readTable() {
	lock.RLock()
	close(reading)
	waitForWriter(&lock)
	go summarise()
	<-summary
	lock.RUnlock()
}

func insert() {
	<-reading
	lock.Lock()
	rows++
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { readTable(); ended.Done() }()
	go func() { insert(); ended.Done() }()
	ended.Wait()
}
