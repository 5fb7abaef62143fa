# compile-constant-folding (compile_bomb): Constants that a compiler might fold into gigabytes, and a set of them.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

a = ((("x" * 4000) * 4000) * 4000) * 0 if 0 else 2 ** (2**20) % 3
b = lambda: ((1,) * 10**9, "y" * 10**10, b"z" << 1 if 0 else None, 9**9**9)
print(a)
