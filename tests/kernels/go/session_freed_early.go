package main

type session struct{ user, requests int }

func writeLog(s *session, written chan int) { written <- s.requests }

func main() {
	defer checkLeaks()
	s := &session{7, 3}
	written := make(chan int)
	go writeLog(s, written)
	*s = session{}
	<-written
}
