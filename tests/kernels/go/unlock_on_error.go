package main

import (
	"fmt"
	"sync"
)

var lock sync.Mutex
var balance = 10

func withdraw(amount int) {
	lock.Lock()
	if amount > balance {
		fmt.Println("refused")
		lock.Unlock()
	} else {
		balance -= amount
	}
	lock.Unlock()
}

func main() {
	defer checkLeaks()
	withdraw(5)
	withdraw(20)
}
