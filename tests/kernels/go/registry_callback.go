package main

import "sync"

type listener func(event int)

var registry struct {
	sync.Mutex
	list []listener
}

func forgetMe(event int) {
	if event < 1 {
		return
	}
	registry.Lock()
	registry.list = registry.list[:len(registry.list)-1]
	registry.Unlock()
}

func publish(events chan int) {
	for event := range events {
		registry.Lock()
		for _, call := range registry.list {
			call(event)
		}
		registry.Unlock()
	}
}

func main() {
	defer checkLeaks()
	events := make(chan int)
	registry.list = []listener{func(int) {}, forgetMe}
	go publish(events)
	for event := 0; event < 2; event++ {
		events <- event
	}
	close(events)
	settle()
}
