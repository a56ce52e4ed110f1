package main

var journal = struct {
	lines int
	open  bool
}{open: true}

func logLine() {
	if journal.open {
		journal.lines++
	}
}

func worker(quit, ended chan bool) {
	<-quit
	logLine()
	close(ended)
}

func main() {
	defer checkLeaks()
	quit, ended := make(chan bool), make(chan bool)
	go worker(quit, ended)
	logLine()
	close(quit)
	journal.open = false
	<-ended
}
