"""The last thing before a process that stays begins its work."""

from __future__ import annotations

import gc

RARELY = (20_000, 20, 20)


def settle() -> None:
    """Tell the garbage collector that what is loaded is there to stay, and let it look at the rest less often.

    Without this a third of the time of a busy worker goes into looking through modules and specifications again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
