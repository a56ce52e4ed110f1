package main

import "sync"

var hits int

func handle(served *sync.WaitGroup) {
	hits++
	served.Done()
}

func main() {
	defer checkLeaks()
	var served sync.WaitGroup
	served.Add(4)
	for i := 0; i < 4; i++ {
		go handle(&served)
	}
	served.Wait()
}
