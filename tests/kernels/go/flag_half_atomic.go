package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var state int32

func trip()        { atomic.StoreInt32(&state, 1) }
func isOpen() bool { return state == 1 }

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { trip(); ended.Done() }()
	go func() {
		if isOpen() {
			fmt.Println("not now")
		}
		ended.Done()
	}()
	ended.Wait()
}
