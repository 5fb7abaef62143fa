"""Uninstalls what a requirement does not need: the lock pins the tools of development, too.

`python deploy/prune.py 'assay[server]'` leaves that and everything it depends on; pip goes, too.
"""  # noqa: INP001 - a script of the image's build, no module

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, distributions

from packaging.requirements import Requirement


def normal(name: str) -> str:
    """The one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(wanted: Requirement, seen: set[tuple[str, str]]) -> set[str]:
    """The names of the distributions that ``wanted`` needs here, its own included."""
    try:
        requires = [Requirement(text) for text in distribution(wanted.name).requires or ()]
    except PackageNotFoundError:
        sys.exit(f"{wanted.name} is needed, and not installed")
    needed = {normal(wanted.name)}
    for extra in sorted(wanted.extras) or [""]:
        for required in requires:
            step = (normal(required.name), str(sorted(required.extras)))
            if step not in seen and (required.marker is None or required.marker.evaluate({"extra": extra})):
                seen.add(step)
                needed |= closure(required, seen)
    return needed


def main() -> None:
    """Uninstalls the rest, pip included."""
    kept = closure(Requirement(sys.argv[1]), set())
    rest = {normal(each.name) for each in distributions()} - kept
    uninstall = [sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes"]
    subprocess.run([*uninstall, *sorted(rest)], check=True)  # noqa: S603 - names of what is installed


if __name__ == "__main__":
    main()
