package main

import "fmt"

const count = 3

type packet struct{ length int }

func readPackets(packets chan *packet) {
	p := new(packet)
	for i := 1; i <= count; i++ {
		p.length = i * 100
		packets <- p
	}
	close(packets)
}

func main() {
	defer checkLeaks()
	packets := make(chan *packet)
	go readPackets(packets)
	total := 0
	for p := range packets {
		total += p.length
	}
	fmt.Println(total)
}
