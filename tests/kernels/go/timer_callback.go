package main

import "time"

var request struct {
	answer int
	late   bool
}

func main() {
	defer checkLeaks()
	ended := make(chan bool)
	time.AfterFunc(time.Millisecond, func() {
		if request.answer == 0 {
			request.late = true
		}
		close(ended)
	})
	request.answer = 42
	<-ended
}
