package main

import "sync"

var cache struct {
	sync.RWMutex
	value, used [4]int
	clock       int
}

func lookUp(key int) int {
	cache.RLock()
	defer cache.RUnlock()
	cache.clock++
	cache.used[key] = cache.clock
	return cache.value[key]
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			for key := 0; key < 4; key++ {
				lookUp(key)
			}
			ended.Done()
		}()
	}
	ended.Wait()
}
