package main

const pictures = 4

func resize(picture int, sizes chan int) {
	if picture == 2 {
		return
	}
	sizes <- picture * 100
}

func main() {
	defer checkLeaks()
	sizes := make(chan int)
	for i := 0; i < pictures; i++ {
		go resize(i, sizes)
	}
	for i := 0; i < pictures; i++ {
		<-sizes
	}
}
