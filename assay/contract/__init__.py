"""The contract: what travels on the wire between a trainer, the service and the workers. Frozen values only."""

from assay.contract.batch import BatchRequest, Detail, Item
from assay.contract.limits import Limits
from assay.contract.result import (
    BatchResult,
    BatchStatus,
    BatchSummary,
    ComponentResult,
    ErrorInfo,
    ItemResult,
    TestResult,
    Verdict,
)
from assay.contract.rewards import (
    AccuracyReward,
    BinaryCodeReward,
    CodeReward,
    FormatReward,
    RewardSpec,
    TagCountReward,
)
from assay.contract.tests import (
    AssertSuite,
    Checker,
    Compare,
    FunctionCase,
    FunctionSuite,
    ScriptSuite,
    StdioCase,
    StdioSuite,
    Suite,
)

__all__ = [
    "AccuracyReward",
    "AssertSuite",
    "BatchRequest",
    "BatchResult",
    "BatchStatus",
    "BatchSummary",
    "BinaryCodeReward",
    "Checker",
    "CodeReward",
    "Compare",
    "ComponentResult",
    "Detail",
    "ErrorInfo",
    "FormatReward",
    "FunctionCase",
    "FunctionSuite",
    "Item",
    "ItemResult",
    "Limits",
    "RewardSpec",
    "ScriptSuite",
    "StdioCase",
    "StdioSuite",
    "Suite",
    "TagCountReward",
    "TestResult",
    "Verdict",
]
