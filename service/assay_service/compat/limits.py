"""Other services' timeouts and memory limits, as limits of ours."""

from typing import Any, Final

__all__ = ["DEFAULT_MEMORY_MB", "limits_of"]

LONGEST_S: Final = 600.0
"""The most CPU seconds that a run may have here."""
DEFAULT_MEMORY_MB: Final = 1024
"""Where a request sets no limit; other services then have none at all."""
LEAST_MEMORY_MB: Final = 32
MOST_MEMORY_MB: Final = 65_536
OUTPUT_KB: Final = 8192
"""Of standard output, and of the files that are fetched; SandboxFusion cuts outputs at 1 MiB."""


def limits_of(run_s: float, memory_mb: float | None = None) -> dict[str, Any]:
    """Limits as a request has them.

    The timeout is CPU time here, so that a busy machine costs nobody a verdict; a sleeper has half as long again.

    Arguments:
        run_s: the timeout in seconds.
        memory_mb: MiB; none, or a number below 1, for the default.
    """
    cpu_s = min(run_s, LONGEST_S)
    asked_mb = DEFAULT_MEMORY_MB if memory_mb is None or memory_mb < 1 else min(memory_mb, MOST_MEMORY_MB)
    return {
        "cpu_s": cpu_s,
        "wall_s": 1.5 * cpu_s + 2,
        "memory_mb": max(round(asked_mb), LEAST_MEMORY_MB),
        "output_kb": OUTPUT_KB,
    }
