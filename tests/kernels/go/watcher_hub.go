package main

func hub(events, watcher chan int, leave chan bool) {
	for {
		select {
		case event := <-events:
			watcher <- event
		case <-leave:
			close(watcher)
			return
		}
	}
}

func main() {
	defer checkLeaks()
	events, watcher, leave := make(chan int), make(chan int), make(chan bool)
	go hub(events, watcher, leave)
	events <- 1
	<-watcher
	events <- 2
	go func() { leave <- true }()
	settle()
}
