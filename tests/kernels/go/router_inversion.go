package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

var table, peer sync.Mutex
var routes, messages int
var turn int32

func announce() {
	table.Lock()
	peer.Lock()
	routes++
	messages++
	peer.Unlock()
	table.Unlock()
	atomic.StoreInt32(&turn, 1)
}

func withdraw() {
	for atomic.LoadInt32(&turn) == 0 {
		runtime.Gosched()
	}
	peer.Lock()
	table.Lock()
	routes--
	messages++
	table.Unlock()
	peer.Unlock()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { announce(); ended.Done() }()
	go func() { withdraw(); ended.Done() }()
	ended.Wait()
}
