package main

import "sync"

var lock sync.RWMutex
var values = map[int]int{0: 1, 1: 2, 3: 4}

func lookUp(key int) int {
	lock.RLock()
	defer lock.RUnlock()
	value, ok := values[key]
	if !ok {
		lock.Lock()
		value = 42
		values[key] = value
		lock.Unlock()
	}
	return value
}

func main() {
	defer checkLeaks()
	for key := 0; key < 4; key++ {
		lookUp(key)
	}
}
