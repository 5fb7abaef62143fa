input <- file("stdin", "r")
writeLines(readLines(input))
