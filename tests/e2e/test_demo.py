import subprocess
import sys
import time

from assay.demo import load_examples
from tests.e2e.processes import ProcessId, await_end, descendants


def test_the_demo_rewards_every_completion_as_it_should_and_leaves_nothing_running() -> None:
    demo = subprocess.Popen([sys.executable, "-m", "assay.cli", "demo"], stdout=subprocess.PIPE, text=True)
    started: set[ProcessId] = set()
    while demo.poll() is None:
        started |= descendants(demo.pid)
        time.sleep(0.05)
    output, _ = demo.communicate()
    assert demo.returncode == 0, output
    assert f"All {len(load_examples())} rewards are as expected" in output
    assert started
    assert await_end(started) == set()
