package main

import "sync"

var lock sync.Mutex
var returned = sync.NewCond(&lock)
var idle int

func returnConnection() {
	lock.Lock()
	idle++
	returned.Signal()
	lock.Unlock()
}

func openConnection() {
	lock.Lock()
	returned.Wait()
	idle--
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	returnConnection()
	openConnection()
}
