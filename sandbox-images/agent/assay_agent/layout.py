"""Where things are inside a sandbox. The jail and the images build it; the agent relies on it."""

from typing import Final

__all__ = [
    "AGENT_ROOT",
    "ARTIFACT",
    "ARTIFACT_ROOT",
    "CANDIDATE_ID",
    "CELL_OUT",
    "CELL_ROOT",
    "CELL_SHM",
    "CELL_TMP",
    "CELL_WORK",
    "DEVICES",
    "ENVIRONMENT",
    "PACKAGES_ROOT",
    "READABLE",
    "SHARED_MEMORY",
]

AGENT_ROOT: Final = "/opt/assay/agent"
"""The folder that holds the package `assay_agent`."""
PACKAGES_ROOT: Final = "/opt/assay/packages"
"""Distributions that Python candidates may import."""
CANDIDATE_ID: Final = 1000
"""User and group id of everything in a jail. In a container every cell has an id of its own."""
CELL_ROOT: Final = "/run/cell"
"""Mount point of a cell's own file system; empty outside of cells."""
CELL_WORK: Final = f"{CELL_ROOT}/work"
"""Working directory of a candidate."""
CELL_TMP: Final = f"{CELL_ROOT}/tmp"  # noqa: S108 - the cell has it to itself
"""What `/tmp` links to."""
CELL_SHM: Final = f"{CELL_ROOT}/shm"
"""What `/dev/shm` links to."""
CELL_OUT: Final = f"{CELL_SHM}/out"
"""Where a compiler leaves what it makes."""
SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108 - where POSIX puts it
ARTIFACT_ROOT: Final = "/run/artifact"
"""A file system that the agent writes and cells only read."""
ARTIFACT: Final = f"{ARTIFACT_ROOT}/program"
"""What was compiled of the submission, as its cells find it."""
READABLE: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", PACKAGES_ROOT, "/proc", ARTIFACT_ROOT)
"""What candidates may read, as far as it exists; drivers add the interpreter's own prefix."""
DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
"""Device files that candidates may read and write."""
ENVIRONMENT: Final = {
    "HOME": CELL_WORK,
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": PACKAGES_ROOT,
    "PYTHON_CPU_COUNT": "1",
    "TMPDIR": "/tmp",  # noqa: S108 - links to the cell's own
    "TZ": "UTC",
}
"""The whole environment of agent, nursery and candidates."""
