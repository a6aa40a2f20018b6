from __future__ import annotations

import gc

from webui.settling import RARELY, settle


def test_what_is_loaded_is_not_looked_through_again() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    try:
        settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == RARELY
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
