package main

import "sync"

const shards = 3

var seen [shards + 1]bool

func openShard(shard int) { _ = shard }

func main() {
	defer checkLeaks()
	var opened sync.WaitGroup
	opened.Add(shards)
	for i := 0; i < shards; i++ {
		go func() {
			openShard(i)
			opened.Done()
		}()
	}
	opened.Wait()
}
