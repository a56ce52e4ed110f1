package main

import "fmt"

type mailer struct{ normal, urgent chan int }

func deliver(queue chan int) {
	for letter := range queue {
		fmt.Println("letter", letter)
	}
}

func main() {
	defer checkLeaks()
	m := mailer{normal: make(chan int, 1)}
	go deliver(m.normal)
	go deliver(m.urgent)
	m.normal <- 1
	close(m.normal)
	if m.urgent != nil {
		close(m.urgent)
	}
	settle()
}
