package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

var logLock, indexLock sync.Mutex
var written, indexed int
var turn int32

func writeEntry() {
	runtime.LockOSThread()
	logLock.Lock()
	indexLock.Lock()
	written++
	indexed++
	indexLock.Unlock()
	logLock.Unlock()
	atomic.StoreInt32(&turn, 1)
}

func checkpoint() {
	runtime.LockOSThread()
	for atomic.LoadInt32(&turn) == 0 {
		runtime.Gosched()
	}
	indexLock.Lock()
	logLock.Lock()
	indexed = 0
	written = 0
	logLock.Unlock()
	indexLock.Unlock()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { writeEntry(); ended.Done() }()
	go func() { checkpoint(); ended.Done() }()
	ended.Wait()
}
