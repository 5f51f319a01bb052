"""How much memory there is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")
SHARE = 0.9  # of what is free; the rest is for everything else


def free_memory() -> int:
    """Bytes that a computation may take: 90 % of what the machine, or this container, has free.

    0 where the system does not say.
    """
    known = [size for size in (_of_machine(), _of_container()) if size is not None]
    return int(SHARE * min(known)) if known else 0


def _of_machine() -> int | None:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    return None


def _of_container() -> int | None:
    with suppress(OSError, ValueError):
        limit = (CGROUP / "memory.max").read_text(encoding="ascii").strip()
        if limit != "max":
            used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
            return max(0, int(limit) - used + _reclaimable())
    return None


def _reclaimable() -> int:
    """Cached files, which the system gives back when memory is asked for."""
    with suppress(OSError, ValueError):
        for line in (CGROUP / "memory.stat").read_text(encoding="ascii").splitlines():
            if line.startswith("inactive_file "):
                return int(line.split()[1])
    return 0
