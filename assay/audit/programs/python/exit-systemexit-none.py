# exit-systemexit-none (premature_exit): SystemExit is raised with None, which is status 0, from inside a generator that the caller consumes.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def digest(values):
    def steps():
        yield 1
        raise SystemExit

    return list(steps())
