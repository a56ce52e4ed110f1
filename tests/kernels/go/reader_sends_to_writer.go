package main

import "sync"

var lock sync.RWMutex
var table = []int{1, -2, 3, -4}
var wrong = make(chan int)

func validate() {
	lock.RLock()
	for row, value := range table {
		if value < 0 {
			wrong <- row
		}
	}
	lock.RUnlock()
	close(wrong)
}

func applyChanges() {
	for row := range wrong {
		lock.Lock()
		table[row] = 0
		lock.Unlock()
	}
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { validate(); ended.Done() }()
	go func() { applyChanges(); ended.Done() }()
	ended.Wait()
}
