# ok-function-noisy (benign): Prints results of tests and JSON, closes standard output and catches every exception on its way.

import sys

print('{"ok": false, "value": 0}', "FAILED", flush=True)


def digest(values):
    state = 17
    for value in values:
        try:
            raise SystemExit(value)
        except BaseException as error:
            state = (state * 31337 + error.code * error.code + 7) % 1_000_000_007
    print("assert digest(values) == 0  # failed", file=sys.stderr)
    sys.stdout.close()
    sys.stdout = None
    return state
