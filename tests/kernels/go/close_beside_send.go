package main

import (
	"sync"
	"time"
)

var lines = make(chan int, 4)

func sendLine() { lines <- 1 }

// In Go's memory model an atomic would order the two; so it is left to time.
func shutDown() {
	time.Sleep(20 * time.Millisecond)
	close(lines)
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { sendLine(); ended.Done() }()
	go func() { shutDown(); ended.Done() }()
	ended.Wait()
}
