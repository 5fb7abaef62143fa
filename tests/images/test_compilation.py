"""Compilation of hostile and of honest programs: nothing but the program's own verdict comes of it."""

from collections.abc import Iterator

import pytest

from assay.contract import Limits, Verdict
from assay.errors import ItemError
from assay.settings import Settings
from assay_workers.sandbox.compilation import ArtifactCache
from assay_workers.sandbox.docker.driver import DockerDriver
from assay_workers.sandbox.jail.driver import JailDriver, JailSandboxes
from assay_workers.sandbox.languages import languages
from assay_workers.sandbox.outcome import classify
from assay_workers.sandbox.port import CellOutcome, Run
from assay_workers.sandbox.slot import Slot
from assay_workers.sandbox.slots import Reuse, Slots
from tests.fixtures.declining import decline
from tests.fixtures.docker import engine_client, our_containers, require_image
from tests.fixtures.sandboxes import SandboxBench

pytestmark = pytest.mark.slow

_CPP = languages()["cpp"]
_LIMITS = Limits(cpu_s=10, memory_mb=512)
_DOUBLE = b"#include <bits/stdc++.h>\nint main() { int a; std::cin >> a; std::cout << a * 2; }"

_BOMBS = {
    "endless templates": "template<int N> struct A { A<N + 1> a; };\nA<0> x;\nint main() {}",
    "templates that double": "template<int N, int M> struct A { A<N - 1, 2 * M> a; A<N - 1, 2 * M + 1> b; };\n"
    "template<int M> struct A<0, M> {};\nA<30, 0> x;\nint main() {}",
    "an endless header": '#include "/dev/urandom"\nint main() {}',
    "itself": "#include __FILE__\n#include __FILE__\nint main() {}",
    "a huge object": "char x[1 << 30] = {1};\nint main() {}",
    "a flood of errors": "\n".join(f"x{number} y;" for number in range(100_000)),
    "constant evaluation without end": "constexpr int f(int n) { int s = 0; for (;;) s += n; return s; }\n"
    "constexpr int x = f(1);\nint main() {}",
    "macros that double": "\n".join(f"#define A{n} A{n - 1} A{n - 1}" for n in range(1, 40))
    + "\n#define A0 x\nint A39;\nint main() {}",
}
_READERS = {
    "a header of the agent's": '#include "/opt/assay/agent/assay_agent/agent.py"\nint main() {}',
    "incbin of the agent": 'asm(".incbin \\"/opt/assay/agent/assay_agent/agent.py\\"");\nint main() {}',
    "embed of it": '#if !__has_embed("/opt/assay/agent/assay_agent/agent.py")\n#error\n#endif\nint main() {}',
    "incbin of the memory of process 1": 'asm(".incbin \\"/proc/1/mem\\"");\nint main() {}',
    "incbin of the environment of process 1": 'asm(".incbin \\"/proc/1/environ\\"");\nint main() {}',
    "a header of the shadow file": '#include "/etc/shadow"\nint main() {}',
}


@pytest.fixture(scope="module", params=["docker", "jail"])
def bench(request: pytest.FixtureRequest) -> Iterator[SandboxBench]:
    if request.param == "docker":
        require_image(_CPP.image)
        bench = SandboxBench(DockerDriver(Settings(), _CPP.image).start)
    else:
        slots = Slots(JailSandboxes(Settings(), ArtifactCache(1 << 20)), Reuse(100))
        try:
            slots.slot(_CPP)
        except ItemError as error:
            decline(f"this machine's jail runs no C++: {error}")
        bench = SandboxBench(JailDriver(Settings()).start)
    yield bench
    bench.close()


def _run(bench: SandboxBench, source: str | bytes, *stdin: bytes, limits: Limits = _LIMITS) -> list[CellOutcome]:
    text = source if isinstance(source, bytes) else source.encode()
    program = _CPP.program(text, None, {}, limits)
    runs = [Run(given) for given in stdin or (b"",)]
    return list(bench.sandbox.run(program, runs, _CPP.effective_limits(limits)))


@pytest.mark.parametrize("source", _BOMBS.values(), ids=_BOMBS.keys())
def test_a_bomb_is_a_compile_error_and_the_next_program_compiles(bench: SandboxBench, source: str) -> None:
    sandbox = bench.sandbox
    (outcome,) = _run(bench, source)
    assert classify(outcome, _LIMITS) is Verdict.COMPILE_ERROR, outcome.stderr[-500:]
    assert outcome.cpu_s < _CPP.compile_cpu_s + 5
    assert len(outcome.stderr) <= 64 << 10
    assert _run(bench, _DOUBLE, b"4")[0].stdout == b"8"
    assert bench.still_has(sandbox)


@pytest.mark.parametrize("source", _READERS.values(), ids=_READERS.keys())
def test_a_source_that_reads_what_is_not_its_own_is_a_compile_error(bench: SandboxBench, source: str) -> None:
    (outcome,) = _run(bench, source)
    assert classify(outcome, _LIMITS) is Verdict.COMPILE_ERROR
    assert b"assay_agent" not in outcome.stderr.replace(b"/opt/assay/agent/assay_agent/agent.py", b"")


def test_a_program_is_compiled_once_and_run_many_times(bench: SandboxBench) -> None:
    outcomes = _run(bench, _DOUBLE, b"1", b"2", b"3")
    assert [outcome.stdout for outcome in outcomes] == [b"2", b"4", b"6"]


def test_what_was_compiled_cannot_be_changed_by_the_program(bench: SandboxBench) -> None:
    source = """
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
int main(int, char** argv) {
    char path[4096]; ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1); path[n > 0 ? n : 0] = 0;
    std::string folder(path); folder = folder.substr(0, folder.rfind('/'));
    bool changed = chmod(path, 0777) == 0 || fopen(path, "r+") || unlink(path) == 0
        || rename(path, "/tmp/x") == 0 || fopen((folder + "/planted").c_str(), "w");
    puts(changed ? "changed" : "kept");
}
"""
    assert [outcome.stdout for outcome in _run(bench, source, b"", b"")] == [b"kept\n", b"kept\n"]


def test_the_source_is_not_there_when_the_program_runs(bench: SandboxBench) -> None:
    source = '#include <cstdio>\nint main() { puts(fopen("main.cpp", "r") ? "there" : "gone"); }'
    assert _run(bench, source)[0].stdout == b"gone\n"


def test_memory_is_what_the_program_occupies_and_not_what_it_reserves(bench: SandboxBench) -> None:
    reserve = '#include <cstdlib>\n#include <cstdio>\nint main() { puts(malloc(2ul << 30) ? "got" : "refused"); }'
    assert _run(bench, reserve)[0].stdout == b"got\n"
    touch = (
        "#include <cstdlib>\n#include <cstring>\n"
        "int main() { volatile char* p = (char*)malloc(900 << 20);"
        " memset((char*)p, 1, 900 << 20); return p[5] - 1; }"
    )
    (outcome,) = _run(bench, touch)
    assert classify(outcome, _LIMITS) is Verdict.MEMORY_LIMIT


@pytest.mark.parametrize("memory_mb", [256, 2048])
def test_threads_are_counted_by_number_and_not_by_what_their_stacks_reserve(
    bench: SandboxBench, memory_mb: int
) -> None:
    source = """
#include <cstdio>
#include <thread>
#include <vector>
int main() {
    std::vector<std::thread> threads;
    for (int n = 0; n < 32; n++) threads.emplace_back([] {});
    for (auto& thread : threads) thread.join();
    puts("joined");
}
"""
    assert _run(bench, source, limits=Limits(cpu_s=10, memory_mb=memory_mb))[0].stdout == b"joined\n"


def test_the_head_of_every_other_contest_program_compiles(bench: SandboxBench) -> None:
    source = """
#pragma GCC optimize("O3,unroll-loops")
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#include <bits/stdc++.h>
using namespace std;
int main() { string s(3, 'a'); map<string, int> m; m[s]++; cout << m.size(); }
"""
    assert _run(bench, source)[0].stdout == b"1"


def test_a_deep_recursion_within_the_memory_limit_is_fine(bench: SandboxBench) -> None:
    source = """
#include <cstdio>
int f(int n) { volatile char block[1000]; block[0] = 1; return n ? f(n - 1) + block[0] : 0; }
int main() { printf("%d", f(300000)); }
"""
    assert _run(bench, source)[0].stdout == b"300000"


def test_a_lost_sandbox_costs_no_second_compilation() -> None:
    require_image(_CPP.image)
    artifacts = ArtifactCache(64 << 20)
    slot = Slot(DockerDriver(Settings(), _CPP.image, artifacts=artifacts).start, 1000)
    program = _CPP.program(_DOUBLE + b"// lost", None, {}, _LIMITS)
    client = engine_client()
    printed = []
    for outcome in slot.outcomes(program, [Run(b"%d" % n) for n in range(4)], _LIMITS):
        printed.append(outcome.stdout)
        if len(printed) == 2:
            for container in our_containers(client):
                client.kill(container["Id"])
    client.close()
    slot.discard()
    assert printed == [b"0", b"2", b"4", b"6"]
