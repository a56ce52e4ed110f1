package main

const replicas = 3

func fastest() int {
	answers := make(chan int)
	for i := 0; i < replicas; i++ {
		go func(replica int) { answers <- replica }(i)
	}
	return <-answers
}

func main() {
	defer checkLeaks()
	fastest()
	settle()
}
