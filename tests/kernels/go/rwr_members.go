package main

import "sync"

var lock sync.RWMutex
var member = [4]bool{true, false, true, false}
var counting = make(chan bool)

func isMember(who int) bool {
	lock.RLock()
	defer lock.RUnlock()
	return member[who]
}

func countMembers() {
	members := 0
	lock.RLock()
	close(counting)
	waitForWriter(&lock)
	for who := range member {
		if isMember(who) {
			members++
		}
	}
	lock.RUnlock()
}

func join(who int) {
	<-counting
	lock.Lock()
	member[who] = true
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	isMember(0)
	go countMembers()
	go join(3)
	<-counting
	settle()
}
