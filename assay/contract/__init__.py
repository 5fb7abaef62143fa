"""The contract: what travels on the wire between a trainer, the service and the workers. Frozen values only."""

from assay.contract.base import Weighted
from assay.contract.batch import BatchRequest, Detail, Item
from assay.contract.composition import Composition, Gate, component_index
from assay.contract.dataset import DatasetSuite
from assay.contract.flagged import FlaggedProblem, FlagReport
from assay.contract.group_question import GroupQuestion
from assay.contract.group_rewards import LengthReward
from assay.contract.limits import Limits
from assay.contract.result import (
    BatchResult,
    BatchStatus,
    BatchSummary,
    ComponentResult,
    ErrorInfo,
    Flag,
    GroupStatistics,
    Integrity,
    ItemResult,
    SuiteWarning,
    TestResult,
    Verdict,
)
from assay.contract.rewards import BinaryCodeReward, CodeReward, RewardSpec
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
from assay.contract.text_rewards import (
    AccuracyReward,
    CodeFormatReward,
    CosineReward,
    FormatReward,
    LanguageReward,
    ReasoningStepsReward,
    RepetitionPenaltyReward,
    SoftOverlongPunishment,
    TagCountReward,
    TextReward,
    TextRewardSpec,
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
    "CodeFormatReward",
    "CodeReward",
    "Compare",
    "ComponentResult",
    "Composition",
    "CosineReward",
    "DatasetSuite",
    "Detail",
    "ErrorInfo",
    "Flag",
    "FlagReport",
    "FlaggedProblem",
    "FormatReward",
    "FunctionCase",
    "FunctionSuite",
    "Gate",
    "GroupQuestion",
    "GroupStatistics",
    "Integrity",
    "Item",
    "ItemResult",
    "LanguageReward",
    "LengthReward",
    "Limits",
    "PytestSuite",
    "ReasoningStepsReward",
    "RepetitionPenaltyReward",
    "RewardSpec",
    "ScriptSuite",
    "SoftOverlongPunishment",
    "StdioCase",
    "StdioSuite",
    "Suite",
    "SuiteWarning",
    "TagCountReward",
    "TestResult",
    "TextReward",
    "TextRewardSpec",
    "Verdict",
    "Weighted",
    "component_index",
]
