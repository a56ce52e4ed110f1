package main

import "sync"

func greet(out, in chan int, ended *sync.WaitGroup) {
	out <- 1
	<-in
	ended.Done()
}

func main() {
	defer checkLeaks()
	there, back := make(chan int), make(chan int)
	var ended sync.WaitGroup
	ended.Add(2)
	go greet(there, back, &ended)
	go greet(back, there, &ended)
	ended.Wait()
}
