package main

var connection, hungUp = make(chan int), make(chan bool)

func end() { close(connection) }

func readUntilEnd() {
	end()
	hungUp <- true
}

func main() {
	defer checkLeaks()
	go readUntilEnd()
	<-hungUp
	end()
}
