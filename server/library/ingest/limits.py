"""What a step may take: time, memory, disk.  One value a step, the same on both sides."""

from msgspec import Struct

__all__ = ["LIMITS", "Limits"]

_MIB = 1 << 20
_GIB = 1 << 30


class Limits(Struct, frozen=True):
    """The limits of one child.

    `total_s`: seconds from its start to its answer.  `stall_s`: seconds without a new percentage.
    `cpu_s`: processor seconds of one of its processes.  `memory_bytes`: address space of one of
    its processes.  `file_bytes`: the largest file it may write.
    """

    total_s: float
    stall_s: float
    cpu_s: int
    memory_bytes: int
    file_bytes: int


#: By step.  An hour of 1080p video takes about three processor hours here, hence `video`.
LIMITS = {
    "inspect": Limits(60, 60, 20, 1 * _GIB, 1 * _MIB),
    "picture": Limits(180, 180, 170, 3 * _GIB, 512 * _MIB),
    "video": Limits(8 * 3600, 300, 40 * 3600, 8 * _GIB, 20 * _GIB),
    "sound": Limits(1800, 300, 1790, 3 * _GIB, 512 * _MIB),
    "poster": Limits(60, 60, 50, 3 * _GIB, 64 * _MIB),
    "pages": Limits(1800, 120, 1790, 3 * _GIB, 512 * _MIB),
    "table": Limits(60, 60, 50, 1 * _GIB, 64 * _MIB),
    "office": Limits(300, 300, 290, 8 * _GIB, 2 * _GIB),
}
