package main

import "fmt"

func main() {
	defer checkLeaks()
	expired := make(chan int)
	deadline := 10
	go func() { expired <- deadline }()
	deadline += 20
	fmt.Println(<-expired)
}
