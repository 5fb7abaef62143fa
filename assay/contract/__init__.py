"""The contract: what travels on the wire between a trainer, the service and the workers. Frozen values only."""

from assay.contract.batch import BatchRequest, Detail, Item
from assay.contract.dataset import DatasetSuite
from assay.contract.flagged import FlaggedProblem, FlagReport
from assay.contract.limits import Limits
from assay.contract.result import (
    BatchResult,
    BatchStatus,
    BatchSummary,
    ComponentResult,
    ErrorInfo,
    Flag,
    Integrity,
    ItemResult,
    SuiteWarning,
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
    PytestSuite,
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
    "DatasetSuite",
    "Detail",
    "ErrorInfo",
    "Flag",
    "FlagReport",
    "FlaggedProblem",
    "FormatReward",
    "FunctionCase",
    "FunctionSuite",
    "Integrity",
    "Item",
    "ItemResult",
    "Limits",
    "PytestSuite",
    "RewardSpec",
    "ScriptSuite",
    "StdioCase",
    "StdioSuite",
    "Suite",
    "SuiteWarning",
    "TagCountReward",
    "TestResult",
    "Verdict",
]
