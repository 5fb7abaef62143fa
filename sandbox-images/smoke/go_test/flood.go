package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestFlood(t *testing.T) {
	for {
		fmt.Println(strings.Repeat("x", 1000))
	}
}
