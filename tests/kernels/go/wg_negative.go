package main

import (
	"fmt"
	"sync"
)

func job(number int, group *sync.WaitGroup) {
	if number == 1 {
		fmt.Println("job 1 failed")
		group.Done()
	}
	group.Done()
}

func main() {
	defer checkLeaks()
	var group sync.WaitGroup
	group.Add(1)
	job(0, &group)
	group.Add(1)
	job(1, &group)
	group.Wait()
}
