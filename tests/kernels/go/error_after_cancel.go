package main

import "context"

func runQuery(ctx context.Context, errors chan error) {
	<-ctx.Done()
	errors <- ctx.Err()
}

func ask(ctx context.Context, cancel context.CancelFunc) {
	errors := make(chan error)
	cancel()
	select {
	case <-errors:
	case <-ctx.Done():
	}
	go runQuery(ctx, errors)
}

func main() {
	defer checkLeaks()
	ctx, cancel := context.WithCancel(context.Background())
	ask(ctx, cancel)
	settle()
}
