# bomb-decimal-exponent (value_bomb): A decimal of one digit and an exponent that no integer can hold.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

from decimal import Decimal


def mean_root(values):
    return Decimal("1e999999")
