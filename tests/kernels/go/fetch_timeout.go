package main

import "fmt"

func fetch(page, network chan int) {
	page <- <-network
}

func request(network chan int) {
	page, timeout := make(chan int), make(chan int, 1)
	go fetch(page, network)
	timeout <- 1
	select {
	case <-page:
	case <-timeout:
		fmt.Println("too late")
	}
}

func main() {
	defer checkLeaks()
	network := make(chan int)
	request(network)
	network <- 404
	settle()
}
