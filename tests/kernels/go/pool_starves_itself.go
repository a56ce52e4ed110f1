package main

var permits = make(chan bool, 2)

func buildTarget(depth int, built chan int) {
	permits <- true
	if depth > 0 {
		part := make(chan int)
		go buildTarget(depth-1, part)
		<-part
	}
	<-permits
	built <- depth
}

func main() {
	defer checkLeaks()
	built := make(chan int)
	go buildTarget(2, built)
	<-built
}
