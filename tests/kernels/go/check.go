// What the Go twins of the bug kernels share: settle and a leak check at the end of main. Each twin is
// built together with this file: go build -race NAME.go check.go
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// settle lets the others run until each of them waits.
func settle() {
	runtime.GOMAXPROCS(1)
	for i := 0; i < 300; i++ {
		runtime.Gosched()
	}
}

// waitForWriter returns when somebody wants to write: from then on no new reader is let in.
func waitForWriter(lock *sync.RWMutex) {
	for lock.TryRLock() {
		lock.RUnlock()
		runtime.Gosched()
	}
}

// checkLeaks gives the others half a second to end, then names those that are still there.
func checkLeaks() {
	if trouble := recover(); trouble != nil {
		panic(trouble)
	}
	for end := time.Now().Add(500 * time.Millisecond); runtime.NumGoroutine() > 1; {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			stacks = stacks[:runtime.Stack(stacks, true)]
			others := strings.SplitN(string(stacks), "\n\n", 2)[1:]
			fmt.Fprintf(os.Stderr, "LEAK CHECK: %d goroutines are left\n%s\n", runtime.NumGoroutine()-1,
				strings.Join(others, ""))
			os.Exit(67)
		}
		time.Sleep(time.Millisecond)
	}
}
