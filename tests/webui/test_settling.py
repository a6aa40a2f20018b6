from __future__ import annotations

import gc

from webui.settling import RARELY, settle


def test_what_is_loaded_is_not_looked_through_again() -> None:
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == RARELY
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
