package main

import (
	"fmt"
	"sync"
)

type configuration struct {
	retries, timeout int
	host             string
}

var config = configuration{3, 10, "example"}
var lock sync.Mutex

func setTimeout() {
	lock.Lock()
	config.timeout = 20
	lock.Unlock()
}

func show() {
	copied := config
	fmt.Println(copied.host, copied.timeout)
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	ended.Add(2)
	go func() { setTimeout(); ended.Done() }()
	go func() { show(); ended.Done() }()
	ended.Wait()
}
