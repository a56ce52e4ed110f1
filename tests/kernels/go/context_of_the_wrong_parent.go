package main

import "context"

func stream(ctx context.Context, data chan int) {
	for {
		select {
		case <-data:
		case <-ctx.Done():
			return
		}
	}
}

func openStream(server context.Context, data chan int) context.CancelFunc {
	ctx, cancel := context.WithCancel(context.Background())
	go stream(ctx, data)
	return cancel
}

func main() {
	defer checkLeaks()
	server, cancel := context.WithCancel(context.Background())
	data := make(chan int)
	openStream(server, data)
	data <- 1
	cancel()
	settle()
}
