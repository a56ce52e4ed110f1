package main

import "sync"

var lock sync.Mutex
var present = map[int]bool{}

func logIn(user int) bool {
	lock.Lock()
	if present[user] {
		return false
	}
	present[user] = true
	lock.Unlock()
	return true
}

func main() {
	defer checkLeaks()
	var served sync.WaitGroup
	for i := 0; i < 4; i++ {
		served.Add(1)
		go func(user int) {
			defer served.Done()
			logIn(user)
		}(i / 2)
	}
	served.Wait()
}
