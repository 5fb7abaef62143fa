"""The Landlock ruleset of a cell: a second wall behind the mount namespace.

Every access that the kernel's ABI knows is handled, so what is not granted is denied: reading is granted on
what the jail shows, writing beneath the cell's own directory alone. TCP, signals to processes outside the cell
and abstract unix sockets of others are closed where the ABI has them (Documentation/userspace-
api/landlock.rst). The ruleset is built once in the nursery, which holds nothing; a cell only enters it.
"""

import ctypes
import os
import struct
from collections.abc import Sequence
from typing import Final

from assay_agent.kernel import syscall
from assay_agent.syscalls import NUMBERS

__all__ = ["DEVICE", "EVERYTHING", "LIST", "READ", "abi_version", "build_ruleset", "enter"]

_CREATE_RULESET_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1

_EXECUTE: Final = 1 << 0
_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_TRUNCATE: Final = 1 << 14
_FS_BITS_BY_ABI: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many file-system access bits each ABI knows."""
_NET_SINCE: Final = 4
_NET_BITS: Final = 0b11
_SCOPE_SINCE: Final = 6
_SCOPE_BITS: Final = 0b11

LIST: Final = _READ_DIR
"""See what is in a directory."""
READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
"""Read and execute."""
DEVICE: Final = _READ_FILE | _WRITE_FILE
"""Read and write a file that exists."""
EVERYTHING: Final = (1 << 16) - 1
"""Whatever the kernel can grant."""
_FILE_BITS: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


def _number(name: str) -> int:
    return NUMBERS[os.uname().machine][name]


def abi_version() -> int:
    """The Landlock ABI of this kernel; 0 if it has none or it is switched off."""
    try:
        return syscall(_number("landlock_create_ruleset"), None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def _add_rule(ruleset: int, path: str, access: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            access &= _FILE_BITS
        attribute = ctypes.create_string_buffer(struct.pack("=Qi", access, descriptor))
        syscall(_number("landlock_add_rule"), ruleset, _RULE_PATH_BENEATH, attribute, 0)
    finally:
        os.close(descriptor)


def build_ruleset(abi: int, grants: Sequence[tuple[Sequence[str], int]]) -> int:
    """Makes a ruleset for ABI ``abi`` that grants each of the paths, with what is beneath, its access.

    Paths that do not exist are left out. Raises OSError where the kernel refuses.
    """
    handled_fs = (1 << _FS_BITS_BY_ABI.get(abi, 16)) - 1
    handled_net = _NET_BITS if abi >= _NET_SINCE else 0
    scoped = _SCOPE_BITS if abi >= _SCOPE_SINCE else 0
    fields = (handled_fs, handled_net, scoped)[: 3 if scoped else 2 if handled_net else 1]
    attribute = ctypes.create_string_buffer(struct.pack(f"={len(fields)}Q", *fields), 8 * len(fields))
    ruleset = syscall(_number("landlock_create_ruleset"), attribute, 8 * len(fields), 0)
    for paths, access in grants:
        for path in paths:
            _add_rule(ruleset, path, access & handled_fs)
    return ruleset


def enter(ruleset: int) -> None:
    """Restricts this process and its children to come to ``ruleset``; needs no_new_privs."""
    syscall(_number("landlock_restrict_self"), ruleset, 0)
