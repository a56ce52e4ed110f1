package main

import "context"

func renew(ctx context.Context, ticks, renewed chan int) {
	for {
		select {
		case tick := <-ticks:
			renewed <- tick
		case <-ctx.Done():
			return
		}
	}
}

func main() {
	defer checkLeaks()
	ctx, cancel := context.WithCancel(context.Background())
	ticks, renewed := make(chan int), make(chan int)
	go renew(ctx, ticks, renewed)
	ticks <- 1
	<-renewed
	ticks <- 2
	cancel()
	settle()
}
