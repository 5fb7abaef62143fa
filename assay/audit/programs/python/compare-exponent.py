# compare-exponent (comparator_dos): Numbers with exponents that exact arithmetic cannot carry.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

print("1e999999999" if len(input()) % 2 else "0." + "0" * 300 + "1e-99999999")
