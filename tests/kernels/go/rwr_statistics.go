package main

import "sync"

var lock sync.RWMutex
var sum, count = 10, 2
var reading = make(chan bool)

func average() int {
	lock.RLock()
	defer lock.RUnlock()
	return sum / count
}

func report() {
	lock.RLock()
	close(reading)
	waitForWriter(&lock)
	average()
	lock.RUnlock()
}

func record() {
	<-reading
	lock.Lock()
	sum += 5
	count++
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { report(); ended.Done() }()
	go func() { record(); ended.Done() }()
	ended.Wait()
}
