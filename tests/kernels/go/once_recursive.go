package main

import (
	"fmt"
	"sync"
)

var loggerOnce, settingsOnce sync.Once

func makeSettings() { logger("no settings found") }
func makeLogger()   { settingsOnce.Do(makeSettings) }
func logger(text string) {
	loggerOnce.Do(makeLogger)
	fmt.Println(text)
}

func main() {
	defer checkLeaks()
	logger("hello")
}
