tools::pskill(Sys.getpid(), 6)
Sys.sleep(10)
