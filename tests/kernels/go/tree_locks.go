package main

import "sync"

var parent sync.RWMutex
var child sync.Mutex
var names, nodes = 0, 2
var parentTaken, childTaken = make(chan bool), make(chan bool)

func removeParent() {
	parent.Lock()
	close(parentTaken)
	<-childTaken
	child.Lock()
	nodes = 0
	child.Unlock()
	parent.Unlock()
}

func renameChild() {
	child.Lock()
	close(childTaken)
	<-parentTaken
	names++
	parent.RLock()
	_ = nodes
	parent.RUnlock()
	child.Unlock()
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { removeParent(); ended.Done() }()
	go func() { renameChild(); ended.Done() }()
	ended.Wait()
}
