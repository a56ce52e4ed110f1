package main

import "sync"

var server struct {
	sync.Mutex
	stopping    bool
	connections int
}
var quit, ended = make(chan bool), make(chan bool)

func serve() {
	<-quit
	server.Lock()
	server.connections = 0
	server.Unlock()
	close(ended)
}

func stop() {
	server.Lock()
	server.stopping = true
	close(quit)
	<-ended
	server.Unlock()
}

func main() {
	defer checkLeaks()
	go serve()
	stop()
}
