#lang racket
(copy-port (current-input-port) (current-output-port))
