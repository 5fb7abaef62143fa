package main

import (
	"testing"
)

func TestCrash(t *testing.T) {
	t.Fatal("as it should")
}
