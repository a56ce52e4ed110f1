package main

const (
	click = iota
	pressed
	released
	events = 6
)

func eventLoop(queue chan int, ended chan bool) {
	for handled := 0; handled < events; handled++ {
		if event := <-queue; event == click {
			queue <- pressed
			queue <- released
		}
	}
	close(ended)
}

func main() {
	defer checkLeaks()
	queue, ended := make(chan int, 2), make(chan bool)
	for i := 0; i < 2; i++ {
		queue <- click
	}
	go eventLoop(queue, ended)
	<-ended
}
