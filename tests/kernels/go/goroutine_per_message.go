package main

import "sync"

const messages = 11000

func receiveMessages(disk chan int, stored *sync.WaitGroup) {
	stored.Add(messages)
	for i := 0; i < messages; i++ {
		go func() {
			<-disk
			stored.Done()
		}()
	}
}

func main() {
	defer checkLeaks()
	disk := make(chan int)
	var stored sync.WaitGroup
	receiveMessages(disk, &stored)
	go func() {
		for i := 0; i < messages; i++ {
			disk <- i
		}
	}()
	stored.Wait()
}
