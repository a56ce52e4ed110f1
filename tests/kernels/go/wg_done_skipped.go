package main

import "sync"

var visits sync.WaitGroup

func visit(page int) {
	if page == 3 {
		return
	}
	visits.Done()
}

func main() {
	defer checkLeaks()
	for page := 0; page < 5; page++ {
		visits.Add(1)
		go visit(page)
	}
	visits.Wait()
}
