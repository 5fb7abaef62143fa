"""Logging and metrics of every process."""
