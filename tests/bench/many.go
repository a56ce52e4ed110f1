// many.go - the twin of many.c, for Go: `many NAME COUNT`.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const operations = 1000000

var there, gone sync.WaitGroup

func since(begun time.Time, operations int) float64 {
	return float64(time.Since(begun).Nanoseconds()) / float64(operations)
}

func rounds(n int) int {
	if n < operations {
		return operations / n
	}
	return 1
}

func stay(stop chan int32) {
	there.Done()
	<-stop
	gone.Done()
}

func park(n int) chan int32 {
	stop := make(chan int32)
	there.Add(n)
	gone.Add(n)
	for i := 0; i < n; i++ {
		go stay(stop)
	}
	there.Wait()
	return stop
}

func release(stop chan int32) {
	close(stop)
	gone.Wait()
}

func wave(n int) {
	begun := time.Now()
	for i := 0; i < rounds(n); i++ {
		release(park(n))
	}
	fmt.Printf("%.2f\n", since(begun, n*rounds(n)))
}

func passOn(from, to chan int32) {
	for v := range from {
		to <- v
	}
	close(to)
}

func beside(n int) {
	stop, out, back := park(n), make(chan int32), make(chan int32)
	go passOn(out, back)
	begun := time.Now()
	for i := 0; i < operations; i++ {
		out <- int32(i)
		<-back
	}
	fmt.Printf("%.2f\n", since(begun, operations))
	close(out)
	release(stop)
}

func ring(n int) {
	first := make(chan int32)
	last := first
	for i := 0; i < n; i++ {
		next := make(chan int32)
		go passOn(last, next)
		last = next
	}
	first <- 0
	<-last
	begun := time.Now()
	for i := 0; i < rounds(n); i++ {
		first <- int32(i)
		<-last
	}
	fmt.Printf("%.2f\n", since(begun, n*rounds(n)))
}

func status(field string) float64 {
	kilobytes := 0
	f, _ := os.Open("/proc/self/status")
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), field) {
			fmt.Sscanf(lines.Text()[len(field):], "%d", &kilobytes)
		}
	}
	return 1024 * float64(kilobytes)
}

func parked(n int) {
	resident, tables := status("VmRSS:"), status("VmPTE:")
	stop := park(n)
	resident, tables = status("VmRSS:")-resident, status("VmPTE:")-tables
	fmt.Printf("%.0f %.0f\n", resident/float64(n), tables/float64(n))
	release(stop)
}

func fill(n int) {
	stop := make(chan int32)
	there.Add(n)
	gone.Add(n)
	for i := 1; i <= n; i++ {
		go stay(stop)
		if i%100 == 0 {
			fmt.Fprintln(os.Stdout, i)
		}
	}
	there.Wait()
	release(stop)
}

func main() {
	table := map[string]func(int){"wave": wave, "beside": beside, "ring": ring, "parked": parked, "fill": fill}
	if len(os.Args) != 3 || table[os.Args[1]] == nil {
		os.Exit(2)
	}
	n, _ := strconv.Atoi(os.Args[2])
	table[os.Args[1]](n)
}
