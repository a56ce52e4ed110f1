package main

import "fmt"

type test struct {
	log   []string
	ended chan bool
}

func backgroundTask(t *test) {
	t.log = append(t.log, "task ended")
	close(t.ended)
}

func testTask(t *test) { go backgroundTask(t) }

func main() {
	defer checkLeaks()
	t := &test{ended: make(chan bool)}
	testTask(t)
	fmt.Println("PASS,", len(t.log), "lines of log")
	t.log = nil
	<-t.ended
}
