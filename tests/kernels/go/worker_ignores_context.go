package main

import "context"

func worker(ctx context.Context, jobs chan int) {
	for {
		if ctx.Err() != nil {
			return
		}
		<-jobs
	}
}

func main() {
	defer checkLeaks()
	ctx, cancel := context.WithCancel(context.Background())
	jobs := make(chan int)
	go worker(ctx, jobs)
	jobs <- 1
	settle()
	cancel()
	settle()
}
