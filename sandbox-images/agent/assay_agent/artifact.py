"""What a compiler made, as bytes: files of a folder, packed for the way out of a cell and back into others.

A packed file is the length of its name, the name (relative, its parts separated by `/`), the size and the bytes.
Packing happens in the compiling cell and is bounded; unpacking trusts nothing, since a program may run while it
is compiled.
"""

import os
import stat
import struct
from collections.abc import Iterator
from typing import Final

__all__ = ["MAX_ARTIFACT_BYTES", "ArtifactError", "pack_folder", "place_files", "unpack_files"]

MAX_ARTIFACT_BYTES: Final = 64 << 20
"""Largest packed artifact."""
_MAX_FILES: Final = 2_000
_MAX_NAME_BYTES: Final = 512
_MAX_NAMES_BYTES: Final = 128 << 10
"""All names together: they cross in the header of a frame."""
_MAX_FOLDERS: Final = 1_000
_MAX_DEPTH: Final = 16
_HEAD: Final = struct.Struct("!HI")
"""Bytes of the name, bytes of the content."""


class ArtifactError(ValueError):
    """What a compiler made cannot be kept: too large, too many files, or no plain files."""


def _files_below(folder: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Paths and relative names of the regular files, in a stable order; links and the like are passed over."""
    if prefix.count("/") > _MAX_DEPTH:
        raise ArtifactError("the compiler made too deep a folder")
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(entry.path, f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False):
            yield entry.path, prefix + entry.name


def _read(path: str, most_bytes: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most_bytes:
            raise ArtifactError(f"the compiler made more than {MAX_ARTIFACT_BYTES >> 20} MiB")
        return file.read(most_bytes + 1)


def pack_folder(folder: str) -> bytes:
    """The regular files below ``folder``, packed.

    Raises:
        ArtifactError: they are too many or too large.
    """
    packed = bytearray()
    for count, (path, name) in enumerate(_files_below(folder), 1):
        encoded = name.encode("utf-8", "surrogateescape")
        content = _read(path, MAX_ARTIFACT_BYTES - len(packed))
        packed += _HEAD.pack(len(encoded), len(content)) + encoded + content
        if count > _MAX_FILES or len(packed) > MAX_ARTIFACT_BYTES:
            raise ArtifactError(f"the compiler made more than {_MAX_FILES} files or {MAX_ARTIFACT_BYTES >> 20} MiB")
    return bytes(packed)


def _checked_name(encoded: bytes) -> str:
    name = encoded.decode("utf-8", "surrogateescape")
    parts = name.split("/")
    if not 0 < len(encoded) <= _MAX_NAME_BYTES or "\0" in name or {"", ".", ".."} & set(parts):
        raise ArtifactError("a file has no usable name")
    if len(parts) > _MAX_DEPTH + 2:
        raise ArtifactError("a file lies too deep")
    return name


def unpack_files(packed: bytes) -> dict[str, bytes]:
    """The files by their relative names.

    Raises:
        ArtifactError: the bytes are no packed folder, or more than is allowed.
    """
    if len(packed) > MAX_ARTIFACT_BYTES:
        raise ArtifactError("the artifact is too large")
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    place = names_size = 0
    while place < len(packed):
        if len(packed) - place < _HEAD.size:
            raise ArtifactError("the artifact is cut short")
        name_size, size = _HEAD.unpack_from(packed, place)
        begin = place + _HEAD.size + name_size
        place = begin + size
        if place > len(packed):
            raise ArtifactError("the artifact is cut short")
        name = _checked_name(packed[begin - name_size : begin])
        files[name] = packed[begin:place]
        folders.update(_folders_of(name))
        names_size += name_size
        if len(files) > _MAX_FILES or len(folders) > _MAX_FOLDERS or names_size > _MAX_NAMES_BYTES:
            raise ArtifactError("the compiler made too many files or folders")
    if folders & files.keys():
        raise ArtifactError("a name is a file's and a folder's")
    return files


def _folders_of(name: str) -> set[str]:
    parts = name.split("/")[:-1]
    return {"/".join(parts[:count]) for count in range(1, len(parts) + 1)}


def place_files(folder: str, files: dict[str, bytes]) -> None:
    """Writes the files into the new folder ``folder``, for everybody to read and execute.

    Raises:
        OSError: a name is a file and a folder, or there is no room.
    """
    os.mkdir(folder, 0o755)
    for name, content in files.items():
        path = f"{folder}/{name}"
        os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o555)
        with open(descriptor, "wb") as file:
            file.write(content)
