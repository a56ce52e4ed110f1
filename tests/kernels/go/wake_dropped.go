package main

func flush(wake, flushed chan bool) {
	<-wake
	close(flushed)
}

func main() {
	defer checkLeaks()
	wake, flushed := make(chan bool), make(chan bool)
	select {
	case wake <- true:
	default:
	}
	go flush(wake, flushed)
	<-flushed
}
