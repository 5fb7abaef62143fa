"""Piston's `/execute`: what its clients send.

Source: Piston `docs/api-v2.md`; open-r1 `utils/competitive_programming`.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from pydantic import Field

from assay.errors import RequestError
from assay_service.compat.lenient import LenientModel

__all__ = ["PATIENCE_S", "Execute", "PistonFile"]

MARGIN_S: Final = 5.0
PATIENCE_S: Final = 28.0
"""open-r1 waits 30 s for an answer; others as long as their timeouts take."""
_RUN_MS: Final = 3000.0
_COMPILE_MS: Final = 10_000.0
_MIB: Final = 1 << 20


class PistonFile(LenientModel):
    """One file of a program."""

    name: str | None = None
    content: str
    encoding: str = "utf8"

    @property
    def data(self) -> bytes:
        """Its bytes.

        Raises:
            RequestError: the content is not in its encoding.
        """
        try:
            if self.encoding == "base64":
                return base64.b64decode(self.content, validate=True)
            if self.encoding == "hex":
                return bytes.fromhex(self.content)
        except (binascii.Error, ValueError) as error:
            raise RequestError(f"the content of {self.name!r} is not {self.encoding}", path="files") from error
        return self.content.encode("utf-8", "surrogatepass")

    @property
    def text(self) -> str:
        """Its text."""
        return self.data.decode("utf-8", "replace")


class Execute(LenientModel):
    """A request."""

    language: str
    version: str = "*"
    files: list[PistonFile] = Field(min_length=1)
    stdin: str | None = ""
    args: list[str] | None = None
    run_timeout: float | None = Field(None, gt=0)
    run_cpu_time: float | None = Field(None, gt=0)
    compile_timeout: float | None = Field(None, gt=0)
    run_memory_limit: float | None = None

    @property
    def run_s(self) -> float:
        """Seconds that the run may take."""
        return (self.run_timeout or self.run_cpu_time or _RUN_MS) / 1000

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        return max(PATIENCE_S, self.run_s + (self.compile_timeout or _COMPILE_MS) / 1000 + MARGIN_S)

    def named(self) -> Mapping[str, PistonFile]:
        """Its files by name."""
        return {
            file.name or ("main" if place == 0 else f"file{place}"): file for place, file in enumerate(self.files)
        }

    @property
    def memory_mb(self) -> float | None:
        """Its memory limit in MiB, if it has one."""
        return None if self.run_memory_limit is None else self.run_memory_limit / _MIB
