"""The expressions by our own FEEL: reads the work from standard input, writes what it did to standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter
from typing import Any

from engine import feel
from engine.feel.expression import forget

Work = dict[str, Any]


def main() -> None:
    """Do the work of standard input."""
    work: Work = json.load(sys.stdin, parse_float=Decimal)
    speed: list[Work] = work["speed"]
    answer: Work = {
        "values": [_plain(feel.compile(each["text"]).evaluate(each["variables"])) for each in speed],
        "exact": [feel.compile(text).evaluate({}) is True for text in work["exactness"]],
        "rates": [],
        "anew": [],
    }
    for _ in range(work["rounds"]):
        answer["rates"].append([_rate(_evaluated(each), work["seconds"]) for each in speed])
        answer["anew"].append([_rate(_read_anew(each), work["seconds"]) for each in speed])
    json.dump(answer, sys.stdout)


def _evaluated(each: Work) -> Callable[[], object]:
    text, variables = each["text"], each["variables"]
    return lambda: feel.compile(text).evaluate(variables)


def _read_anew(each: Work) -> Callable[[], object]:
    text, variables = each["text"], each["variables"]

    def once() -> object:
        forget()
        return feel.compile(text).evaluate(variables)

    return once


def _rate(act: Callable[[], object], seconds: float) -> float:
    done, begin = 0, perf_counter()
    while (spent := perf_counter() - begin) < seconds:
        for _ in range(50):
            act()
        done += 50
    return done / spent


def _plain(value: object) -> object:
    return value if isinstance(value, str | bool) else float(str(value))


if __name__ == "__main__":
    main()
