"""The HTTP edge: validation, admission, answers. It runs no untrusted code and meets the workers in Redis only."""
