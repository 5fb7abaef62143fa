# bomb-exception-text (value_bomb): Raises an exception whose text is 100 MB of control characters.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

class Loud(Exception):
    def __str__(self):
        return "\x1b[2J\x00" * 20_000_000

    __repr__ = __str__


def digest(values):
    raise Loud
