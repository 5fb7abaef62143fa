#lang racket
(displayln nothing)
