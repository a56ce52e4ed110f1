package main

func merge(first, second chan int, turns chan bool) {
	spins := 0
	for {
		select {
		case _, ok := <-first:
			if !ok {
				if spins++; spins == 3000 {
					close(turns)
				}
			}
		case _, ok := <-second:
			if !ok {
				return
			}
		}
	}
}

func main() {
	defer checkLeaks()
	first, second, turns := make(chan int), make(chan int), make(chan bool)
	close(first)
	go merge(first, second, turns)
	<-turns
	close(second)
	settle()
}
