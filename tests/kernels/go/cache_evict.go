package main

import "sync"

const room = 4

var cache struct {
	sync.Mutex
	keys []int
}

func evictOldest() {
	cache.Lock()
	cache.keys = cache.keys[1:]
	cache.Unlock()
}

func put(key int) {
	cache.Lock()
	if len(cache.keys) == room {
		evictOldest()
	}
	cache.keys = append(cache.keys, key)
	cache.Unlock()
}

func main() {
	defer checkLeaks()
	put(0)
	evictOldest()
	for key := 1; key <= room+1; key++ {
		put(key)
	}
}
