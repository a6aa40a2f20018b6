"""The last thing before a process that stays begins its work."""

from __future__ import annotations

import gc

RARELY = (50_000, 10, 5)
"""More young objects than a batch of jobs holds until it is committed (some thirty thousand), or every batch would be looked
through; and the old ones often enough that it takes moments. Cases and transactions leave no circles behind."""


def settle() -> None:
    """Tell the garbage collector that what is loaded is there to stay, and let it look at the rest less often.

    Without this a third of the time of a busy worker goes into looking through modules and specifications again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
