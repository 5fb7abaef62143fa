from io import StringIO

from rich.console import Console

from assay.cli.tally import Tally
from assay.contract import ComponentResult, ErrorInfo, ItemResult, Verdict

ERROR = ErrorInfo(code="sandbox_lost", message="it died", retryable=True)


def judged(reward: float, verdict: Verdict) -> ItemResult:
    component = ComponentResult(type="code", score=reward, weight=1.0, verdict=verdict)
    return ItemResult(id="1", index=0, reward=reward, components=(component,))


def counted() -> Tally:
    tally = Tally()
    for result in (
        judged(1.0, Verdict.ACCEPTED),
        judged(0.5, Verdict.WRONG_ANSWER),
        ItemResult(id="2", index=1, reward=None, error=ERROR),
    ):
        tally.add(result)
    return tally


def test_an_item_without_a_reward_counts_as_null_and_not_as_zero() -> None:
    tally = counted()
    assert (tally.items, tally.judged, tally.unjudged, tally.reward_sum) == (3, 2, 1, 1.5)
    assert tally.error_codes == {"sandbox_lost": 1}


def test_verdicts_are_counted() -> None:
    assert counted().verdicts == {"accepted": 1, "wrong_answer": 1}
    assert counted().line() == "accepted 1, wrong_answer 1, null 1"


def test_the_table_shows_the_mean_over_judged_items_and_the_rate() -> None:
    out = StringIO()
    Console(file=out, width=100).print(counted().table(seconds=1.5))
    assert "0.7500" in out.getvalue()
    assert "2.0 items/s" in out.getvalue()


def test_the_table_of_nothing_has_no_mean() -> None:
    out = StringIO()
    Console(file=out, width=100).print(Tally().table(seconds=0.0))
    assert "none" in out.getvalue()
