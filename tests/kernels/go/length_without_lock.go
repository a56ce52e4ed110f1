package main

import (
	"fmt"
	"sync"
)

var queue struct {
	sync.Mutex
	items []int
}

func push() {
	for i := 0; i < 8; i++ {
		queue.Lock()
		queue.items = append(queue.items, i)
		queue.Unlock()
	}
}

func length() int { return len(queue.items) }

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { push(); ended.Done() }()
	go func() {
		if length() > 16 {
			fmt.Println("too long")
		}
		ended.Done()
	}()
	ended.Wait()
}
