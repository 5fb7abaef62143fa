# time-big-power (dos_time): One operation inside the interpreter's C code that takes minutes and hears no Python signal handler.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

print(len(str(7 ** (10**8))))
