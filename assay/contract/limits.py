"""What one test of a submission may use."""

from typing import Annotated

from pydantic import Field

from assay.contract.base import WireModel

__all__ = ["Limits"]


class Limits(WireModel):
    """Limits of one test. Time limits are CPU time of the whole cell, so a busy machine costs no verdict."""

    cpu_s: Annotated[float, Field(gt=0, le=600)] = 10.0
    """CPU seconds of the cell, all its processes and threads together."""
    wall_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    """Wall seconds, for sleepers; by default three times `cpu_s` plus five seconds."""
    memory_mb: Annotated[int, Field(ge=16, le=65_536)] = 512
    """Memory of the program in MiB, its interpreter included."""
    processes: Annotated[int, Field(ge=1, le=1024)] = 64
    """Processes and threads at one time."""
    open_files: Annotated[int, Field(ge=16, le=4096)] = 256
    """Open file descriptors of a process."""
    file_mb: Annotated[int, Field(ge=0, le=1024)] = 64
    """Size of a written file, and of all files of the cell together, in MiB."""
    output_kb: Annotated[int, Field(ge=1, le=262_144)] = 16_384
    """Bytes of standard output in KiB; more is `output_limit`."""

    @property
    def wall_limit_s(self) -> float:
        """The wall limit in force, in seconds."""
        return self.wall_s if self.wall_s is not None else 3 * self.cpu_s + 5
