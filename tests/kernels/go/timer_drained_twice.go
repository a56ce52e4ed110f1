package main

import "time"

func retry(timer *time.Timer) {
	<-timer.C
	for tries := 0; tries < 2; tries++ {
		if !timer.Stop() {
			<-timer.C
		}
		timer.Reset(time.Millisecond)
		<-timer.C
	}
}

func main() {
	defer checkLeaks()
	retry(time.NewTimer(time.Millisecond))
}
