package main

import "sync"

var pages sync.WaitGroup

func indexPage() {
	pages.Add(1)
	pages.Done()
}

func main() {
	defer checkLeaks()
	go indexPage()
	pages.Wait()
	settle()
}
