package main

import "sync"

type task struct {
	number int
	group  sync.WaitGroup
}

func perform(t *task) { t.group.Done() }

func main() {
	defer checkLeaks()
	var group sync.WaitGroup
	group.Add(2)
	for i := 0; i < 2; i++ {
		go perform(&task{i, group})
	}
	group.Wait()
}
