package main

import (
	"math/rand"
	"sync"
)

var source = rand.New(rand.NewSource(1))

func jitter() int { return source.Intn(100) }

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			for tries := 0; tries < 3; tries++ {
				jitter()
			}
			ended.Done()
		}()
	}
	ended.Wait()
}
