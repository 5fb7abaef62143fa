"""The contract suites are no test modules by name, and are to explain their assertions all the same."""

import pytest

pytest.register_assert_rewrite(
    "tests.contracts.sandbox_contract",
    "tests.contracts.sandbox_flags",
    "tests.contracts.sandbox_isolation",
    "tests.contracts.sandbox_talk",
    "tests.contracts.sandbox_values",
)
