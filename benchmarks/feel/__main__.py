"""Measure our FEEL and feelin on the same expressions in the same run, and print the table of ``docs/feel.md``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.environments import PEERS, node
from benchmarks.timing import CannotDo

HERE = Path(__file__).parent
ROUNDS, SECONDS = 5, 0.2


def main() -> int:
    """Run both, print what was found; 1 when feelin cannot run here."""
    work = {
        **json.loads((HERE / "expressions.json").read_text("utf-8")),
        "rounds": ROUNDS,
        "seconds": SECONDS,
    }
    ours = _run([sys.executable, "-m", "benchmarks.feel.ours"], work, HERE.parent.parent)
    try:
        peer = _run([node("feelin"), "run.mjs"], work, PEERS / "feelin")
    except CannotDo as problem:
        print(f"feelin {problem}.")
        return 1
    for line in _table(work, ours, peer):
        print(line)
    return 0


def _run(command: list[str | Path], work: dict[str, Any], folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotDo(f"did not run: {done.stderr.strip()[-300:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _table(work: dict[str, Any], ours: dict[str, Any], peer: dict[str, Any]) -> list[str]:
    lines = [
        "| expression | ours a second | feelin a second | ratio | ours, read anew each time |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for place, each in enumerate(work["speed"]):
        a, b, c = (_middle(found, place) for found in (ours["rates"], peer["rates"], ours["anew"]))
        wrong = "".join(
            f" ({name}: {found['values'][place]!r})"
            for name, found in (("ours", ours), ("feelin", peer))
            if found["values"][place] != each["value"]
        )
        lines.append(f"| `{each['text']}`{wrong} | {a:,.0f} | {b:,.0f} | {a / b:.1f} | {c:,.0f} |")
    count = len(work["exactness"])
    lines += ["", f"Exactness: ours {sum(ours['exact'])} of {count}, feelin {sum(peer['exact'])} of {count}."]
    failed = [f"`{text}`" for text, good in zip(work["exactness"], peer["exact"], strict=True) if not good]
    lines += ["feelin says no to: " + ", ".join(failed) + "."]
    mine = [f"`{text}`" for text, good in zip(work["exactness"], ours["exact"], strict=True) if not good]
    return [*lines, "Ours says no to: " + ", ".join(mine) + "."] if mine else lines


def _middle(rounds: list[list[float]], place: int) -> float:
    return median(rates[place] for rates in rounds)


if __name__ == "__main__":
    sys.exit(main())
