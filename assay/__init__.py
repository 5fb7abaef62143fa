"""Assay: sandboxed code-execution and rule-based rewards for reinforcement learning."""

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """The version, when it is asked for: what reads it would cost every client a fifth of its start."""
    if name == "__version__":
        from importlib.metadata import version

        return version("assay")
    raise AttributeError(f"module 'assay' has no attribute {name!r}")
