package main

import (
	"context"
	"fmt"
)

func cleanUp(ctx context.Context) {
	<-ctx.Done()
	fmt.Println("clean")
}

func main() {
	defer checkLeaks()
	go cleanUp(context.Background())
	settle()
}
