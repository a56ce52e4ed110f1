package main

func convert(work, results chan int, stop chan bool) {
	for {
		select {
		case item := <-work:
			results <- item * 2
		case <-stop:
			return
		}
	}
}

func main() {
	defer checkLeaks()
	work, results, stop := make(chan int), make(chan int), make(chan bool)
	go convert(work, results, stop)
	work <- 1
	<-results
	work <- 2
	close(stop)
	settle()
}
