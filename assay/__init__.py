"""Assay: sandboxed code-execution and rule-based rewards for reinforcement learning."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("assay")
