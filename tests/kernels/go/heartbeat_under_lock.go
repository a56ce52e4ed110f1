package main

import (
	"fmt"
	"sync"
)

var cluster sync.Mutex
var alive = 3

func checkPeers(lost chan int, locked chan bool) {
	cluster.Lock()
	alive--
	close(locked)
	lost <- 3
	cluster.Unlock()
}

func elect(lost chan int, locked chan bool) {
	<-locked
	cluster.Lock()
	votes := alive
	cluster.Unlock()
	fmt.Println(votes, "votes,", <-lost, "is lost")
}

func main() {
	defer checkLeaks()
	lost, locked, requests := make(chan int), make(chan bool), make(chan int)
	go checkPeers(lost, locked)
	go elect(lost, locked)
	go func() {
		for range requests {
		}
	}()
	<-locked
	for i := 0; i < 5; i++ {
		requests <- i
	}
	close(requests)
	settle()
}
