package main

import (
	"sync"
	"time"
)

var crawlers sync.WaitGroup

// In Go's memory model an atomic would order the add and the wait; so that is left to time.
func crawl() {
	crawlers.Add(1)
	time.Sleep(40 * time.Millisecond)
	crawlers.Done()
}

func main() {
	defer checkLeaks()
	go crawl()
	time.Sleep(20 * time.Millisecond)
	crawlers.Wait()
}
