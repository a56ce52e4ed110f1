package main

import "fmt"

func readTable(rows chan int) {
	for row := 0; row < 5; row++ {
		rows <- row
	}
}

func writeRows(rows, written chan int) {
	count := 0
	for range rows {
		count++
	}
	written <- count
}

func main() {
	defer checkLeaks()
	rows, written := make(chan int, 2), make(chan int)
	go readTable(rows)
	go writeRows(rows, written)
	fmt.Println(<-written, "rows")
}
