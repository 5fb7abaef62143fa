"""Logging and metrics of every process."""

from assay.telemetry.logging import setup_logging

__all__ = ["setup_logging"]
