package main

import "sync"

func pollDevice(ticks chan int, stop chan bool, ended *sync.WaitGroup) {
	defer ended.Done()
	for {
		select {
		case <-ticks:
		case <-stop:
			return
		}
	}
}

func main() {
	defer checkLeaks()
	ticks, stop := make(chan int), make(chan bool)
	var ended sync.WaitGroup
	ended.Add(2)
	for i := 0; i < 2; i++ {
		go pollDevice(ticks, stop, &ended)
	}
	for i := 0; i < 4; i++ {
		ticks <- i
	}
	stop <- true
	ended.Wait()
}
