# exit-in-comparison (premature_exit): The returned object exits with status 0 when somebody compares it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os


class Answer:
    def __eq__(self, other):
        os._exit(0)

    __ne__ = __lt__ = __gt__ = __eq__
    __hash__ = None


def digest(values):
    return Answer()
