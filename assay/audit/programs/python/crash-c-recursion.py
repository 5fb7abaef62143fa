# crash-c-recursion (crash): A million iterators inside of one another: recursion in C code that no recursion limit sees, when asked and when freed.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import itertools

value = iter([0])
for _ in range(1_000_000):
    value = itertools.chain(value)
print(next(value))
