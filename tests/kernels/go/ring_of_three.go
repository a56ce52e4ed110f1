package main

import "sync"

const shards = 3

var shard [shards]struct {
	sync.Mutex
	load int
}
var holding, allHold = make(chan int), make(chan bool)

func share(number int) {
	first, second := number, (number+1)%shards
	shard[first].Lock()
	holding <- number
	<-allHold
	shard[second].Lock()
	shard[first].load++
	shard[second].load--
	shard[second].Unlock()
	shard[first].Unlock()
}

func main() {
	defer checkLeaks()
	for i := 0; i < shards; i++ {
		go share(i)
	}
	for i := 0; i < shards; i++ {
		<-holding
	}
	close(allHold)
	settle()
}
