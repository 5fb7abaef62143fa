# bomb-lying-length (value_bomb): A list subclass that says it is short and never ends when it is walked.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

class Endless(list):
    def __len__(self):
        return 3

    def __iter__(self):
        while True:
            yield 0

    def __getitem__(self, place):
        return 0


def trail(values):
    return Endless([1])
