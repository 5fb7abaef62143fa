"""The setting that forbids jails is found, and said with its remedy."""

from pathlib import Path

import pytest

from assay_workers.sandbox.jail.kernel_settings import find_obstacle


def _root(folder: Path, **settings: str) -> Path:
    for name, value in settings.items():
        path = folder / "proc" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")
    return folder


def test_a_machine_without_such_settings_has_no_obstacle(tmp_path: Path) -> None:
    assert find_obstacle(tmp_path) is None


def test_settings_that_allow_are_no_obstacle(tmp_path: Path) -> None:
    root = _root(
        tmp_path,
        sys__user__max_user_namespaces="15000",
        sys__kernel__unprivileged_userns_clone="1",
        sys__kernel__apparmor_restrict_unprivileged_userns="0",
        self__status="Name:\tx\nSeccomp:\t0\n",
    )
    assert find_obstacle(root) is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("user.max_user_namespaces", "0"),
        ("kernel.unprivileged_userns_clone", "0"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1"),
    ],
)
def test_a_setting_that_forbids_is_named_with_its_remedy(tmp_path: Path, setting: str, value: str) -> None:
    obstacle = find_obstacle(_root(tmp_path, **{f"sys__{setting.replace('.', '__')}": value}))
    assert obstacle is not None
    assert (obstacle.setting, obstacle.value) == (setting, value)
    assert setting in obstacle.remedy


def test_a_seccomp_filter_of_a_container_is_an_obstacle(tmp_path: Path) -> None:
    obstacle = find_obstacle(_root(tmp_path, self__status="Name:\tx\nSeccomp:\t2\n"))
    assert obstacle is not None
    assert obstacle.value == "mode 2"
