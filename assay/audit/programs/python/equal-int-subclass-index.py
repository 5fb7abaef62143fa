# equal-int-subclass-index (equality_forgery): An int subclass that lies about equality, its hash and its text.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

class Liar(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __index__(self):
        return 0

    def __repr__(self):
        return "0"


def digest(values):
    return Liar(3)
