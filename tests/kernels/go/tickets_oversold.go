package main

import (
	"fmt"
	"sync"
)

var lock sync.Mutex
var seats = 1
var looked, sell = make(chan bool), make(chan bool)

func seatLeft() bool {
	lock.Lock()
	defer lock.Unlock()
	return seats > 0
}

func office(ended *sync.WaitGroup) {
	left := seatLeft()
	looked <- true
	<-sell
	if left {
		lock.Lock()
		seats--
		lock.Unlock()
	}
	ended.Done()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go office(&ended)
	go office(&ended)
	<-looked
	<-looked
	close(sell)
	ended.Wait()
	fmt.Println(seats, "seats left")
}
