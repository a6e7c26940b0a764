"""Children that don't outlive their parent, however it ends."""

import ctypes
import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ends_with(parent: int, number: int) -> Callable[[], None] | None:
    """A `preexec_fn`: the kernel sends the child signal `number` when `parent` dies.

    None where there is no prctl. Only for parents with one thread.
    """
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask
