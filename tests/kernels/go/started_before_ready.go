package main

import "fmt"

var server struct{ handler func(int) }

func serve(requests chan int) {
	for request := range requests {
		if server.handler != nil {
			server.handler(request)
		} else {
			fmt.Println("no handler yet")
		}
	}
}

func main() {
	defer checkLeaks()
	requests := make(chan int, 1)
	requests <- 1
	go serve(requests)
	server.handler = func(int) {}
	close(requests)
	settle()
}
