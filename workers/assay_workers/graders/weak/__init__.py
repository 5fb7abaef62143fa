"""Finds weak tests: those whose pass means less than it seems. Pure, and blind to programs.

A suite is read as its author would read it again: which assertions can fail at all, which of them depend on the
program, which compare it with itself, and what hides a failure. The reading errs towards saying nothing: a warning
on an ordinary test would teach people to look away. No warning changes a score.

`suite` puts the parts together: `reach` follows which code of the tests runs and what the program has a say in,
`claims` reads assertions, `judgement` tells those that hold whatever the program does, `swallowed` and `randomness`
look for failures that are caught and inputs that differ from run to run, `cases` looks at tests without code.

Source: `INTEGRITY.md` 3.3.
"""

__all__: list[str] = []
