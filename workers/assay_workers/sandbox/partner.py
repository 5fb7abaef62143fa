"""A program that talks, through the agent of its sandbox; see `assay_workers.sandbox.port.Partner`."""

from assay.errors import SandboxLost
from assay_agent.talk import BUSY, IDLE, SHUT
from assay_workers.sandbox.cell_frames import read_outcome
from assay_workers.sandbox.channel import FrameChannel
from assay_workers.sandbox.port import Ended, Idle, Shut, Word

__all__ = ["AgentPartner"]


class AgentPartner:
    """The worker's end; after the word that it has ended nothing more is said or heard."""

    def __init__(self, channel: FrameChannel) -> None:
        self._channel = channel
        self._ended = False

    def hear(self) -> Word | None:
        """What the agent tells next."""
        frame = None if self._ended else self._channel.next_frame()
        if frame is None:
            return None
        match frame.header["op"]:
            case "message":
                return frame.blobs[0]
            case "outcome":
                self._ended = True
                return Ended(read_outcome(frame, is_call=False))
            case operation if operation == SHUT:
                return Shut()
            case operation if operation in (IDLE, BUSY):
                return Idle(operation == IDLE)
            case _:
                raise SandboxLost(f"a conversation failed: {frame.header.get('reason')}")

    def say(self, data: bytes) -> None:
        """Hands on what another program printed."""
        self._send("message", data)

    def shut(self) -> None:
        """Says that the other prints no more."""
        self._send(SHUT)

    def end(self) -> None:
        """Has the program ended."""
        self._send("end")

    def waits_for(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What the channel waits for."""
        return self._channel.waits_for()

    def _send(self, operation: str, *blobs: bytes) -> None:
        if not self._ended:
            self._channel.send({"op": operation}, blobs)
