"""A lock that two processes of one machine share through a file; the system frees it when its holder dies."""

import os
import sys
import threading
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """The file itself says nothing and is left lying: whoever deleted it could let a second holder in."""

    def __init__(self, path: Path) -> None:
        self._path, self._turn = path, threading.Lock()
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        with self._turn:
            if self._file is None:
                self._file = self._try()
            return self._file is not None

    def keep(self) -> bool:
        """Also when somebody removed the file: another process may hold a new one of that name."""
        with self._turn:
            if self._file is not None and self._is_there(self._file):
                return True
            self._close()
            return False

    def let_go(self) -> None:
        with self._turn:
            self._close()

    def _try(self) -> IO[bytes] | None:
        file = self._path.open("ab")
        try:
            _lock(file)
        except OSError:
            file.close()
            return None
        if self._is_there(file):
            return file
        file.close()
        return None

    def _is_there(self, file: IO[bytes]) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
