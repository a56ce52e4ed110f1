// runtime.go - the twin of runtime.c, for Go: `runtime NAME [COUNT]` prints ns per operation.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

var all sync.WaitGroup
var begun time.Time

// What was set up before does not count.
func begin() { begun = time.Now() }

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

func passOn(from, to chan int32) {
	for v := range from {
		to <- v
	}
	close(to)
}

func pingpong(n int) {
	there, back := make(chan int32), make(chan int32)
	go passOn(there, back)
	begin()
	for i := 0; i < n; i++ {
		there <- int32(i)
		<-back
	}
	close(there)
}

var consumers sync.WaitGroup
var sink int32

func produce(c chan int32, n int) {
	for i := 0; i < n; i++ {
		c <- int32(i)
	}
	all.Done()
}

func consume(c chan int32) {
	sum := int32(0)
	for v := range c {
		sum ^= v
	}
	atomic.StoreInt32(&sink, sum)
	consumers.Done()
}

func streams(n, pairs int) {
	c := make(chan int32, 128)
	all.Add(pairs)
	consumers.Add(pairs)
	for i := 0; i < pairs; i++ {
		go produce(c, n/pairs)
	}
	for i := 0; i < pairs; i++ {
		go consume(c)
	}
	all.Wait()
	close(c)
	consumers.Wait()
}

func buffered(n int)  { streams(n, 1) }
func buffered4(n int) { streams(n, 4) }

func ring(n int) {
	const members = 1000
	first := make(chan int32)
	last := first
	for i := 0; i < members; i++ {
		next := make(chan int32)
		go passOn(last, next)
		last = next
	}
	begin()
	for i := 0; i < n/members; i++ {
		first <- int32(i)
		<-last
	}
	close(first)
	<-last
}

var enough int32 // the sieve's generator may end

func numbers(out chan int32) {
	for i := int32(2); atomic.LoadInt32(&enough) == 0; i++ {
		out <- i
	}
	close(out)
}

func filter(in, out chan int32, prime int32) {
	for v := range in {
		if v%prime != 0 {
			out <- v
		}
	}
	close(out)
}

func sieve(n int) {
	in := make(chan int32)
	go numbers(in)
	prime := int32(0)
	for i := 0; i < n; i++ {
		prime = <-in
		out := make(chan int32)
		go filter(in, out, prime)
		in = out
	}
	atomic.StoreInt32(&enough, 1)
	for range in {
	}
	if n == 500 && prime != 3571 {
		os.Exit(1)
	}
}

func sender(c chan int32, quit chan bool, number int32) {
	for {
		select {
		case c <- number:
		case <-quit:
			return
		}
	}
}

func select3(n int) {
	var c [3]chan int32
	quit := make(chan bool)
	for i := range c {
		c[i] = make(chan int32)
		go sender(c[i], quit, int32(i))
	}
	begin()
	sum := int32(0)
	for i := 0; i < n; i++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		}
	}
	sink = sum
	close(quit)
}

var lock sync.Mutex
var counter int

func count(n int) {
	for i := 0; i < n; i++ {
		lock.Lock()
		counter++
		lock.Unlock()
	}
	all.Done()
}

func mutex8(n int) {
	all.Add(8)
	for i := 0; i < 8; i++ {
		go count(n / 8)
	}
	all.Wait()
	if counter != n/8*8 {
		os.Exit(1)
	}
}

func worker(jobs, results chan int32) {
	for v := range jobs {
		results <- v * 2
	}
}

func feed(jobs chan int32, n int) {
	for i := 0; i < n; i++ {
		jobs <- int32(i)
	}
	close(jobs)
}

func pool(n int) {
	jobs, results := make(chan int32, 5), make(chan int32, 5)
	for i := 0; i < 3; i++ {
		go worker(jobs, results)
	}
	begin()
	go feed(jobs, n)
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

//go:noinline
func dive(n int32) int32 {
	var frame [64]byte
	frame[n&63] = byte(n)
	if n == 0 {
		return int32(frame[0])
	}
	return dive(n-1) + int32(frame[n&63]&1)
}

func deep(n int) {
	done := make(chan int32)
	go func() { done <- dive(int32(n)) }()
	if <-done != int32(n+1)/2 {
		os.Exit(1)
	}
}

func main() {
	table := map[string]struct {
		run func(int)
		n   int
	}{
		"spawn": {spawn, 1000000}, "batch": {batch, 1000000}, "pingpong": {pingpong, 1000000},
		"buffered": {buffered, 4000000}, "buffered4": {buffered4, 4000000}, "ring": {ring, 1000000},
		"sieve": {sieve, 500}, "select3": {select3, 1000000}, "mutex8": {mutex8, 8000000},
		"pool": {pool, 1000000}, "skynet": {skynet, 1000000}, "deep": {deep, 1000000},
	}
	w, ok := table[os.Args[1]]
	if !ok {
		os.Exit(2)
	}
	n := w.n
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	begin()
	w.run(n)
	fmt.Printf("%.2f\n", float64(time.Since(begun).Nanoseconds())/float64(n))
}
