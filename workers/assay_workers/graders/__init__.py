"""One grader per kind of test suite: drives cells through the sandbox port and turns outcomes into verdicts."""
