from hypothesis import given
from hypothesis import strategies as st

from assay.client.retry import TRANSIENT_STATUSES, RetryPolicy
from assay.errors import ERRORS, RequestError, SandboxRefused, ServiceError

ATTEMPTS = st.integers(min_value=1, max_value=10_000)


@given(attempt=ATTEMPTS, asked_s=st.none() | st.floats(min_value=0, max_value=1e9))
def test_a_pause_is_never_longer_than_the_policy_allows(attempt: int, asked_s: float | None) -> None:
    policy = RetryPolicy()
    assert 0 < policy.pause_s(attempt, asked_s) <= policy.most_s


@given(asked_s=st.floats(min_value=1, max_value=15))
def test_a_pause_is_at_least_half_of_what_the_service_asks_for(asked_s: float) -> None:
    assert RetryPolicy(most_s=15).pause_s(1, asked_s) >= asked_s / 2


@given(attempt=ATTEMPTS, status=st.none() | st.sampled_from(sorted(TRANSIENT_STATUSES)))
def test_a_transient_failure_is_retried_until_the_attempts_are_used_up(attempt: int, status: int | None) -> None:
    policy = RetryPolicy(attempts=5)
    assert policy.again(attempt, ServiceError(code="not_ready"), status) == (attempt < 5)


@given(code=st.sampled_from(sorted(code for code, row in ERRORS.items() if not row.retryable)))
def test_an_error_that_a_retry_cannot_help_is_raised_at_once(code: str) -> None:
    assert not RetryPolicy().again(1, RequestError(code=code), 503)


def test_a_machine_that_refuses_to_isolate_is_not_asked_again() -> None:
    assert not RetryPolicy().again(1, SandboxRefused(), 503)


def test_an_internal_error_is_not_sent_again_because_it_may_be_the_request_that_causes_it() -> None:
    assert not RetryPolicy().again(1, ServiceError(), 500)
