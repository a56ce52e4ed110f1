package main

import "sync"

const files = 3

func main() {
	defer checkLeaks()
	counts := make(chan int)
	var ended sync.WaitGroup
	ended.Add(files)
	for file := 0; file < files; file++ {
		go func(file int) {
			counts <- file * 10
			ended.Done()
		}(file)
	}
	ended.Wait()
	close(counts)
	for range counts {
	}
}
