"""What a format is: a name, how its rows are known, and what becomes of them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from assay.contract import CodeReward, IoiCodeReward, Limits, RewardSpec, StdioSuite, Suite
from assay.contract.rewards import Scoring
from assay.formats.fields import Field, Row

__all__ = ["Converted", "Format", "Linked"]


@dataclass(frozen=True)
class Linked:
    """What a program of the IOI is compiled with, and how its subtask is rounded: fields of `ioi_code`."""

    grader_files: Mapping[str, str]
    main: str | None
    """File name of the submission."""
    score_precision: int


@dataclass(frozen=True)
class Converted:
    """A row of a dataset in the terms of the contract."""

    suite: Suite | None = None
    """The tests; None for a row that has an answer instead."""
    language: str = "python"
    prelude: str = ""
    """What the dataset's own runner puts before a program; for programs of ``language`` alone."""
    limits: Limits = field(default_factory=Limits)
    """Those the row names; what it does not name keeps the contract's default."""
    scoring: Scoring = "pass_rate"
    linked: Linked | None = None
    """Where the reward is `ioi_code`."""
    id: str | None = None
    prompt: object = None
    """What the model is to be asked: a text, or a list of messages, as the row has it."""
    extra_rewards: tuple[RewardSpec, ...] = ()
    """Rewards other than for code: the gold answer of a mathematical problem."""
    warnings: tuple[str, ...] = ()
    """What was assumed, and what of the row is not in the result."""

    @property
    def entry_point(self) -> str | None:
        """The function that is called, where the suite has one."""
        return getattr(self.suite, "entry_point", None)

    @property
    def rewards(self) -> tuple[RewardSpec, ...]:
        """The rewards of an item for this row."""
        if self.suite is None:
            return self.extra_rewards
        if self.linked is not None and isinstance(self.suite, StdioSuite):
            return (self._ioi_code(self.suite, self.linked), *self.extra_rewards)
        code = CodeReward(
            type="code",
            language=self.language,
            tests=self.suite,
            prelude=self.prelude,
            limits=self.limits,
            scoring=self.scoring,
        )
        return (code, *self.extra_rewards)

    def _ioi_code(self, suite: StdioSuite, linked: Linked) -> IoiCodeReward:
        return IoiCodeReward(
            type="ioi_code",
            language=self.language,
            tests=suite,
            limits=self.limits,
            **asdict(linked),
        )


@dataclass(frozen=True)
class Format:
    """A published shape of rows. To add one: a `Format`, its name in `registry`, a line in docs/formats.md."""

    name: str
    detect: Callable[[Row], bool]
    """Whether a row has this shape; true for no row of another format."""
    convert: Callable[[Field], Converted]
    """Raises FormatError."""
    prelude: str = ""
    """What the dataset's own runner puts before every program in Python."""
    aliases: tuple[str, ...] = ()
    """Other names: of the dataset on the hub, and of `data_source` in trainers."""
