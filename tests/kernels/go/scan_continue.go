package main

import "sync"

var lock sync.Mutex
var sizes = []int{10, 20, -1, 40, 50}
var total int

func scan(started chan bool) {
	close(started)
	for _, size := range sizes {
		lock.Lock()
		if size < 0 {
			continue
		}
		total += size
		lock.Unlock()
	}
}

func main() {
	defer checkLeaks()
	started := make(chan bool)
	go scan(started)
	<-started
	settle()
}
