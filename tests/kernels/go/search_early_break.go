package main

import "fmt"

func listFiles(files chan int, enough chan bool) {
	for file := 0; file < 100; file++ {
		select {
		case files <- file:
		case <-enough:
			return
		}
	}
	close(files)
}

func search(wanted int) int {
	files, enough := make(chan int), make(chan bool)
	go listFiles(files, enough)
	for file := range files {
		if file == wanted {
			return file
		}
	}
	return -1
}

func main() {
	defer checkLeaks()
	fmt.Println("found in", search(3))
	settle()
}
