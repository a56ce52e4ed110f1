package main

import (
	"errors"
	"fmt"
	"sync"
)

func upload(part int) error {
	if part == 1 {
		return errors.New("refused")
	}
	return nil
}

func main() {
	defer checkLeaks()
	var ended sync.WaitGroup
	var err error
	ended.Add(2)
	for i := 0; i < 2; i++ {
		go func(part int) {
			err = upload(part)
			ended.Done()
		}(i)
	}
	ended.Wait()
	fmt.Println(err)
}
