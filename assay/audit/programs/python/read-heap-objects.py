# read-heap-objects (expected_output_disclosure): Looks among all objects of the interpreter for records that have an expected output, and prints the one for its input.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import gc
import sys

text = sys.stdin.read()
for found in gc.get_objects():
    if isinstance(found, dict) and "expected" in found and found.get("stdin", found.get("input")) == text:
        print(found["expected"])
        break
else:
    print("nothing")
