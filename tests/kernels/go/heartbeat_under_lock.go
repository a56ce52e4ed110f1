package main

import (
	"fmt"
	"sync"
)

type cluster struct {
	sync.Mutex
	alive int
	lost  chan int
}

func (c *cluster) checkPeers(locked chan bool) {
	c.Lock()
	c.alive--
	close(locked)
	c.lost <- 3
	c.Unlock()
}

func (c *cluster) elect(locked chan bool) {
	<-locked
	c.Lock()
	votes := c.alive
	c.Unlock()
	fmt.Println(votes, "votes,", <-c.lost, "is lost")
}

func startCluster(locked chan bool) {
	c := &cluster{alive: 3, lost: make(chan int)}
	go c.checkPeers(locked)
	go c.elect(locked)
}

func main() {
	defer checkLeaks()
	locked, requests := make(chan bool), make(chan int)
	startCluster(locked)
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
