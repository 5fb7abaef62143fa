#lang racket
(let grow ([blocks '()])
  (grow (cons (make-bytes (* 8 1024 1024) 1) blocks)))
