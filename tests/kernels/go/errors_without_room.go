package main

const packages = 4

func install(number int, errors chan int) {
	if number != 0 {
		errors <- number
	}
}

func installAll() int {
	errors := make(chan int, 1)
	for i := 0; i < packages; i++ {
		go install(i, errors)
	}
	return <-errors
}

func main() {
	defer checkLeaks()
	installAll()
	settle()
}
