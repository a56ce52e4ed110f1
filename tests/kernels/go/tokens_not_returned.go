package main

import "sync"

func upload(part int, tokens chan int, ended *sync.WaitGroup) {
	defer ended.Done()
	token := <-tokens
	if part%2 == 1 {
		return
	}
	tokens <- token
}

func main() {
	defer checkLeaks()
	tokens := make(chan int, 2)
	tokens <- 0
	tokens <- 1
	var ended sync.WaitGroup
	ended.Add(6)
	for part := 0; part < 6; part++ {
		go upload(part, tokens, &ended)
	}
	ended.Wait()
}
