"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from heddle._core import DomainError

PathLike = str | os.PathLike[str]


@contextmanager
def replacing(path: PathLike) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place when the block ends without an error.

    The temporary file is there from the start, so that a folder that cannot be written is found
    before anything is computed. On an error it vanishes, and what was at `path` stays. Raises
    DomainError where no file can be put.
    """
    target = _target(path)
    temporary = _create_beside(target)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(target)
        _flush(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def require_writable(path: PathLike) -> None:
    """Raises DomainError where `replacing` would, and leaves nothing behind."""
    _create_beside(_target(path)).unlink()


def _target(path: PathLike) -> Path:
    target = Path(path)
    if target.is_dir():
        raise DomainError(
            f"{path} is a folder; give the name of a file, such as {target / 'out.h5'}"
        )
    if target.exists() and not target.is_file():
        raise DomainError(
            f"{path} is not a regular file and will not be replaced; give another name"
        )
    if not target.parent.is_dir():
        raise DomainError(f"{path} cannot be written: there is no folder {target.parent}")
    return target.resolve()  # the file a link points to, not the link


def _create_beside(target: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
    except OSError as error:
        raise DomainError(f"{target} cannot be written: {error.strerror}") from error
    os.fchmod(handle, 0o666 & ~_umask())  # mkstemp's files are for their owner's eyes only
    os.close(handle)
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush(path: Path) -> None:
    """Has the system write what it holds back; folders cannot be flushed everywhere."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
