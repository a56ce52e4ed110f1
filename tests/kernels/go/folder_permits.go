package main

var openFolders = make(chan bool, 4)

func walk(depth int) int {
	openFolders <- true
	defer func() { <-openFolders }()
	entries := 3
	if depth > 0 {
		entries += walk(depth - 1)
	}
	return entries
}

func main() {
	defer checkLeaks()
	walk(3)
	walk(4)
}
