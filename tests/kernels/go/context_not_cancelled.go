package main

import "context"

func watchSession(ctx context.Context) { <-ctx.Done() }

func session(valid bool) bool {
	ctx, cancel := context.WithCancel(context.Background())
	go watchSession(ctx)
	if !valid {
		return false
	}
	cancel()
	return true
}

func main() {
	defer checkLeaks()
	session(true)
	session(false)
	settle()
}
