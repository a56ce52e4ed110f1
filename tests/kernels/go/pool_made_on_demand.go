package main

import (
	"fmt"
	"sync"
)

type pool struct{ size int }

var thePool *pool
var lock sync.Mutex

func getPool() *pool {
	if thePool == nil {
		lock.Lock()
		if thePool == nil {
			thePool = &pool{8}
		}
		lock.Unlock()
	}
	return thePool
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	for i := 0; i < 2; i++ {
		go func() {
			if getPool().size != 8 {
				fmt.Println("half a pool")
			}
			ended.Done()
		}()
	}
	ended.Wait()
}
