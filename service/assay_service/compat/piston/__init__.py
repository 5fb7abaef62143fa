"""Piston's contract, version 2, with the languages that open-r1 adds to it for the IOI and Codeforces."""
