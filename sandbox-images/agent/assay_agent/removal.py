"""Empties a folder that its owner, hostile but dead, may have filled with anything.

Works by descriptors and follows no link. Depth costs nothing: what lies in a subfolder is moved up before the
subfolder goes, so neither the length of a path nor the number of open descriptors grows with it.
"""

import errno
import os
from itertools import count
from typing import Final

__all__ = ["empty_folder"]

_TAKEN: Final = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)


def empty_folder(path: str) -> None:
    """Removes everything in ``path``, all of which belongs to the calling process's user.

    Raises:
        OSError: something cannot be removed.
    """
    top = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        numbers = count()
        while names := os.listdir(top):
            for name in names:
                _remove(top, name, numbers)
    finally:
        os.close(top)


def _remove(top: int, name: str, numbers: "count[int]") -> None:
    try:
        os.unlink(name, dir_fd=top)
    except IsADirectoryError:
        os.chmod(name, 0o700, dir_fd=top)
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=top)
        try:
            for inner in os.listdir(folder):
                _lift(folder, inner, top, numbers)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)


def _lift(folder: int, name: str, top: int, numbers: "count[int]") -> None:
    """Removes a file of ``folder``, or moves a folder of it to ``top``, under a name that is free there."""
    try:
        os.unlink(name, dir_fd=folder)
    except IsADirectoryError:
        os.chmod(name, 0o700, dir_fd=folder)
    else:
        return
    for number in numbers:
        try:
            os.rename(name, f"lifted-{number}", src_dir_fd=folder, dst_dir_fd=top)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
        else:
            return
