"""Every metric, in one place, on the default registry of prometheus-client."""

from typing import Final

from prometheus_client import Counter

__all__ = ["CHECKER_FAULTS"]

CHECKER_FAULTS: Final = Counter(
    "assay_checker_faults",
    "Comparisons that failed on what a program gave. Any is an alarm: a checker has a defect.",
)
