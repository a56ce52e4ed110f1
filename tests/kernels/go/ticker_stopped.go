package main

import "time"

func cleanRegularly(ticks <-chan time.Time, cleaned chan bool) {
	for range ticks {
		select {
		case cleaned <- true:
		default:
		}
	}
}

func main() {
	defer checkLeaks()
	ticker := time.NewTicker(time.Millisecond)
	cleaned := make(chan bool, 1)
	go cleanRegularly(ticker.C, cleaned)
	<-cleaned
	ticker.Stop()
	settle()
}
