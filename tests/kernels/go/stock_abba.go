package main

import "sync"

type warehouse struct {
	sync.Mutex
	goods int
}

func move(from, to *warehouse, mine, theirs chan bool, ended *sync.WaitGroup) {
	from.Lock()
	close(mine)
	<-theirs
	to.Lock()
	from.goods--
	to.goods++
	to.Unlock()
	from.Unlock()
	ended.Done()
}

func main() {
	defer checkLeaks()
	north, south := &warehouse{goods: 10}, &warehouse{goods: 10}
	one, two := make(chan bool), make(chan bool)
	var ended sync.WaitGroup
	ended.Add(2)
	go move(north, south, one, two, &ended)
	go move(south, north, two, one, &ended)
	ended.Wait()
}
