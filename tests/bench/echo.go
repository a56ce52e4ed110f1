// echo.go - the twin of the server in echo.c.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

func serve(c net.Conn, size int) {
	buffer := make([]byte, size)
	for {
		n, err := c.Read(buffer)
		if err != nil {
			break
		}
		if _, err = c.Write(buffer[:n]); err != nil {
			break
		}
	}
	c.Close()
}

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	var limit syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	limit.Cur = limit.Max
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(l.Addr().(*net.TCPAddr).Port)
	for {
		c, err := l.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go serve(c, size)
	}
}
