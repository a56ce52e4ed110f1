package main

import "sync"

const volumes = 4

func waitForBackups(begun chan bool) {
	var copies sync.WaitGroup
	copies.Add(volumes)
	for volume := 0; volume < volumes; volume++ {
		if volume == 2 {
			continue
		}
		go copies.Done()
	}
	begun <- true
	copies.Wait()
}

func main() {
	defer checkLeaks()
	begun := make(chan bool)
	go waitForBackups(begun)
	<-begun
	settle()
}
