package main

import (
	"os"
	"syscall"
	"testing"
)

func TestSignal(t *testing.T) {
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {}
}
