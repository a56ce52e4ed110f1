package main

import "sync"

const room = 2

type metrics struct {
	sync.Mutex
	values chan int
}

func (m *metrics) add(full chan bool) {
	m.Lock()
	for value := 0; value <= room; value++ {
		if value == room {
			close(full)
		}
		m.values <- value
	}
	m.Unlock()
}

func (m *metrics) flush(full chan bool) {
	<-full
	m.Lock()
	for len(m.values) > 0 {
		<-m.values
	}
	m.Unlock()
}

func measure(full chan bool) {
	m := &metrics{values: make(chan int, room)}
	go m.add(full)
	go m.flush(full)
}

func main() {
	defer checkLeaks()
	full := make(chan bool)
	measure(full)
	<-full
	settle()
}
