"""Comparison of outputs and values with the expected ones, outside the sandbox. Pure."""
