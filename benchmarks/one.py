"""One system doing one work in a process of its own: ``python -m benchmarks.one work sizes folder out [url]``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.catalogue import Sizes
from benchmarks.ours import deploying, desk, flows, month, waiting
from webui.settling import settle

OURS: dict[str, Callable[[str, Path, Sizes], dict[str, Any]]] = {
    "a": flows.orders,
    "b": flows.steps,
    "c": flows.items,
    "d": flows.rounds,
    "e": waiting.timers,
    "f": month.opening,
    "g": desk.pages,
    "h": deploying.cold,
}


def main(arguments: list[str]) -> None:
    """Do the work and write what was measured."""
    work, sizes, folder, out, *url = arguments
    where = Path(folder)
    settle()
    found = OURS[work](url[0] if url else f"sqlite:///{where}/zhangfang.db", where, json.loads(sizes))
    Path(out).write_text(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
