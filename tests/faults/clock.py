"""The rig's time of day: eight bytes in a file, shared by the supervisor, the gate and the program under test."""

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

SIZE = struct.calcsize("d")


class SharedClock:
    """Real time plus an offset in seconds that whoever has the file may change, forwards or back."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.exists():
            file.write_bytes(struct.pack("d", 0.0))
        with file.open("r+b") as opened:
            self._bytes = mmap.mmap(opened.fileno(), SIZE)

    @property
    def offset(self) -> float:
        return float(struct.unpack("d", self._bytes[:SIZE])[0])

    def machine(self) -> float:
        """Seconds since the epoch, as the program is to believe."""
        return time.time() + self.offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.machine(), UTC)

    def set_to(self, instant: datetime) -> None:
        self._write(instant.timestamp() - time.time())

    def jump(self, seconds: float) -> None:
        self._write(self.offset + seconds)

    def catch_up(self, offset: float) -> None:
        """Be ahead by so many seconds at least."""
        self._write(max(self.offset, offset))

    def _write(self, offset: float) -> None:
        self._bytes[:SIZE] = struct.pack("d", offset)
