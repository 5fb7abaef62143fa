import os
import signal


def test_signal() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)
