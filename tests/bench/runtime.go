// runtime.go - the twin of runtime.c, for Go: `runtime NAME [COUNT]` prints ns per operation.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

var all sync.WaitGroup

func nothing() { all.Done() }

func spawn(n int) {
	all.Add(n)
	for i := 0; i < n; i++ {
		go nothing()
	}
	all.Wait()
}

func batch(n int) {
	for done := 0; done < n; done += 1000 {
		all.Add(1000)
		for i := 0; i < 1000; i++ {
			go nothing()
		}
		all.Wait()
	}
}

func pingpong(n int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			back <- <-there
		}
	}()
	for i := 0; i < n; i++ {
		there <- i
		<-back
	}
}

func streams(n, pairs int) {
	c := make(chan int, 128)
	all.Add(2 * pairs)
	for p := 0; p < pairs; p++ {
		go func() {
			for i := 0; i < n/pairs; i++ {
				c <- i
			}
			all.Done()
		}()
		go func() {
			for i := 0; i < n/pairs; i++ {
				<-c
			}
			all.Done()
		}()
	}
	all.Wait()
}

func ring(n int) {
	const members = 1000
	first := make(chan int)
	last := first
	for i := 1; i < members; i++ {
		next := make(chan int)
		go func(from, to chan int) {
			for v := range from {
				to <- v
			}
			close(to)
		}(last, next)
		last = next
	}
	for i := 0; i < n/members; i++ {
		first <- i
		<-last
	}
	close(first)
	<-last
}

func filter(in, out, stop chan int, prime int) {
	for {
		select {
		case v := <-in:
			if v%prime == 0 {
				continue
			}
			select {
			case out <- v:
			case <-stop:
				return
			}
		case <-stop:
			return
		}
	}
}

func sieve(n int) {
	in, stop := make(chan int), make(chan int)
	go func(out chan int) {
		for i := 2; ; i++ {
			select {
			case out <- i:
			case <-stop:
				return
			}
		}
	}(in)
	for i := 0; i < n; i++ {
		prime := <-in
		out := make(chan int)
		go filter(in, out, stop, prime)
		in = out
	}
	close(stop)
}

func select3(n int) {
	var c [3]chan int
	for i := range c {
		c[i] = make(chan int)
		go func(c chan int) {
			for i := 0; i < n/3; i++ {
				c <- i
			}
		}(c[i])
	}
	for i := 0; i < n/3*3; i++ {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		}
	}
}

var lock sync.Mutex
var counter int

func mutex8(n int) {
	all.Add(8)
	for g := 0; g < 8; g++ {
		go func() {
			for i := 0; i < n/8; i++ {
				lock.Lock()
				counter++
				lock.Unlock()
			}
			all.Done()
		}()
	}
	all.Wait()
}

func pool(n int) {
	jobs, results := make(chan int, 100), make(chan int, 100)
	for i := 0; i < 3; i++ {
		go func() {
			for v := range jobs {
				results <- v * 2
			}
		}()
	}
	go func() {
		for i := 0; i < n; i++ {
			jobs <- i
		}
		close(jobs)
	}()
	for i := 0; i < n; i++ {
		<-results
	}
}

func tree(up chan int, number, size int) {
	if size == 1 {
		up <- number
		return
	}
	c, sum := make(chan int), 0
	for i := 0; i < 10; i++ {
		go tree(c, number+i*(size/10), size/10)
	}
	for i := 0; i < 10; i++ {
		sum += <-c
	}
	up <- sum
}

func skynet(n int) {
	c := make(chan int)
	go tree(c, 0, n)
	if <-c != n*(n-1)/2 {
		os.Exit(1)
	}
}

func main() {
	table := map[string]struct {
		run func(int)
		n   int
	}{
		"spawn": {spawn, 1000000}, "batch": {batch, 1000000}, "pingpong": {pingpong, 500000},
		"buffered":  {func(n int) { streams(n, 1) }, 3000000},
		"buffered4": {func(n int) { streams(n, 4) }, 3000000},
		"ring": {ring, 1000000}, "sieve": {sieve, 500}, "select3": {select3, 600000},
		"mutex8": {mutex8, 4000000}, "pool": {pool, 1000000}, "skynet": {skynet, 100000},
	}
	w, ok := table[os.Args[1]]
	if !ok {
		os.Exit(2)
	}
	n := w.n
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	begin := time.Now()
	w.run(n)
	fmt.Printf("%.2f\n", float64(time.Since(begin).Nanoseconds())/float64(n))
}
