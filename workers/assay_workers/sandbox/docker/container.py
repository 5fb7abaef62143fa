"""What a sandbox's container is allowed: the outer wall, written down once.

Nothing of the machine is mounted, nothing can be written but two file systems in memory, there is no network,
and of root's powers three are left: to become another user or group (every cell is a user of its own) and to
end processes of other users. The engine's own seccomp profile is in force, beneath the cells' stricter one.
"""

from typing import Any, Final, NamedTuple

from docker.types import HostConfig, LogConfig

from assay.contract import Limits
from assay_agent.artifact import MAX_ARTIFACT_BYTES
from assay_agent.layout import ARTIFACT_ROOT, CELL_ROOT, ENVIRONMENT
from assay_workers.sandbox.docker.identities import Identities
from assay_workers.sandbox.docker.owner import LABEL, OWNER_LABEL, Owner

__all__ = ["CAPABILITIES", "ContainerPlan", "memory_for"]

CAPABILITIES: Final = ("SETUID", "SETGID", "KILL")
_FILES_MB: Final = 1_088
"""The file system of the cells: the largest `file_mb` of a request, and some."""
_FILES: Final = 10_000
_ARTIFACT_MB: Final = 2 * (MAX_ARTIFACT_BYTES >> 20)
"""Room for the largest artifact, in whole pages."""
_ARTIFACT_FILES: Final = 4_096
_PROCESSES: Final = 1_100
"""The most `processes` of a request, the agent and its nurseries."""
_RESERVE_MB: Final = 256
"""What the agent and its nurseries occupy, and then some."""
_LEAST_MEMORY_MB: Final = 2_048


def memory_for(limits: Limits) -> int:
    """The memory of a container in MiB, within which a cell meets its own limit first; files are memory too."""
    needed = limits.memory_mb + _FILES_MB + _ARTIFACT_MB + _RESERVE_MB
    return max(_LEAST_MEMORY_MB, 1 << (needed - 1).bit_length())


class ContainerPlan(NamedTuple):
    """One container to be."""

    image: str
    """Name and tag."""
    short_name: str
    """The image as the language table calls it."""
    identities: Identities
    memory_mb: int
    cpus: float
    runtime: str
    """Name of an OCI runtime the engine knows; empty for the engine's default."""

    def arguments(self, name: str, api_version: str) -> dict[str, Any]:
        """What docker-py's `create_container` is given."""
        return {
            "image": self.image,
            "name": name,
            "user": "0:0",
            "hostname": "cell",
            "working_dir": "/",
            "environment": dict(ENVIRONMENT),
            "stdin_open": True,
            "network_disabled": True,
            "labels": {LABEL: self.short_name, OWNER_LABEL: Owner.this().label},
            "host_config": self._host_config(api_version),
        }

    def _host_config(self, api_version: str) -> HostConfig:
        return HostConfig(
            version=api_version,
            auto_remove=True,
            cap_drop=["ALL"],
            cap_add=list(CAPABILITIES),
            security_opt=["no-new-privileges"],
            read_only=True,
            network_mode="none",
            ipc_mode="none",
            mem_limit=self.memory_mb << 20,
            memswap_limit=self.memory_mb << 20,
            mem_swappiness=None,
            pids_limit=_PROCESSES,
            nano_cpus=round(self.cpus * 1e9),
            tmpfs=self._file_systems(),
            log_config=LogConfig(type="none"),
            runtime=self.runtime or None,
            oom_kill_disable=False,
        )

    def _file_systems(self) -> dict[str, str]:
        """The cells' folder can be written by the group that the nurseries are in, and no cell is."""
        group = self.identities.first
        return {
            CELL_ROOT: f"rw,exec,nosuid,nodev,size={_FILES_MB}m,nr_inodes={_FILES},mode=0775,uid=0,gid={group}",
            ARTIFACT_ROOT: f"rw,exec,nosuid,nodev,size={_ARTIFACT_MB}m,nr_inodes={_ARTIFACT_FILES},mode=0755",
        }
