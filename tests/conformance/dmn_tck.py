"""Run the DMN Technology Compatibility Kit: ``python tests/conformance/dmn_tck.py FOLDER [LEVEL] [-v]``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine import dmn, feel
from engine.dmn.graph import Decision, Knowledge
from engine.dmn.session import Session
from engine.errors import ZhangfangError
from engine.feel.temporal import parse_date, parse_datetime, parse_duration, parse_time
from engine.feel.values import Undefined

NS = {"t": "http://www.omg.org/spec/DMN/20160719/testcase"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
ENV = feel.Environment(now=datetime(2026, 11, 30, 10, tzinfo=UTC))
TOLERANCE = Decimal("1e-8")


@dataclass(frozen=True)
class Outcome:
    """One expected result and what became of it."""

    id: str
    state: str
    message: str = ""


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Yield what became of every expected result of the test files in one directory."""
    for test_file in sorted(folder.glob("*.xml")):
        root = etree.parse(test_file).getroot()
        model = root.findtext("t:modelName", "", NS).strip()
        try:
            files = {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
            decisions = dmn.parse(files[model], file=model, beside=files)
            refused = ""
        except (ZhangfangError, KeyError) as problem:
            decisions, refused = None, str(problem)
        for case in root.iterfind("t:testCase", NS):
            for expected in case.iterfind("t:resultNode", NS):
                place = f"{folder.parent.name}/{folder.name}/{test_file.name}"
                name = f"{place}#{case.get('id')}/{expected.get('name')}"
                if decisions is None:
                    yield Outcome(name, "refused", refused)
                else:
                    yield _judge(name, decisions, case, expected)


def _judge(name: str, decisions: dmn.Decisions, case: Any, expected: Any) -> Outcome:
    inputs = {node.get("name"): _value(node) for node in case.iterfind("t:inputNode", NS)}
    wanted = expected.find("t:expected", NS)
    target = None if expected.get("errorResult") == "true" or wanted is None else _value(wanted)
    try:
        found = _evaluate(decisions, case, expected.get("name"), inputs)
    except ZhangfangError as problem:
        return Outcome(name, "passed" if target is None else "failed", f"{problem}")
    if same(found, target):
        return Outcome(name, "passed")
    return Outcome(name, "failed", f"{target!r} expected, {found!r} found")


def _evaluate(decisions: dmn.Decisions, case: Any, name: str, inputs: dict[str, Any]) -> Any:
    kind, invocable = case.get("type", "decision"), case.get("invocableName")
    if kind == "decision" or invocable is None:
        found = next(id_ for id_, known in decisions.names.items() if known == name)
        return decisions.evaluate(found, inputs, ENV, strict=False).value
    node = next(
        n for n in decisions.nodes.values() if isinstance(n, Knowledge | Decision) and n.name == invocable
    )
    session = Session(ENV, strict=False)
    function = decisions.run((node.id,), {}, session)[node.id]
    parameters = [p.name for p in function.variants[0].parameters]
    found, _ = feel.call(function, {name: inputs[name] for name in parameters if name in inputs}, ENV)
    return found[name] if isinstance(found, dict) and name in found else found


def same(found: Any, expected: Any) -> bool:
    """Tell whether a value is the expected one: numbers nearly, everything else exactly."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if type(found) is not type(expected):
        return False
    if isinstance(found, time | datetime):
        return str(found) == str(expected) or found == expected
    return bool(found == expected)


def _value(node: Any) -> Any:
    items = node.find("t:list", NS)
    if items is not None:
        return (
            None
            if items.get(XSI + "nil") == "true"
            else [_value(item) for item in items.iterfind("t:item", NS)]
        )
    components = node.findall("t:component", NS)
    if components:
        return {component.get("name"): _value(component) for component in components}
    value = node.find("t:value", NS)
    if node.get(XSI + "nil") == "true" or (value is None) or value.get(XSI + "nil") == "true":
        return None
    kind = value.get(XSI + "type", "xsd:string").rpartition(":")[2]
    read = _READERS.get(kind, str)
    try:
        return read(value.text or "" if kind == "string" else (value.text or "").strip())
    except Undefined:
        return f"unreadable {value.text}"


_READERS: dict[str, Any] = {
    "string": str,
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "float": Decimal,
    "int": Decimal,
    "long": Decimal,
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_datetime,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}


def main(root: Path, levels: list[str], *, verbose: bool) -> None:
    """Print the results of each level, and the failing ids."""
    for level in levels:
        found = [outcome for folder in sorted((root / level).iterdir()) for outcome in outcomes(folder)]
        counts = Counter(outcome.state for outcome in found)
        for outcome in found:
            if outcome.state != "passed" and verbose:
                sys.stdout.write(f"{outcome.state} {outcome.id} {outcome.message[:300]}\n")
        share = 100 * counts["passed"] / max(len(found), 1)
        sys.stdout.write(f"{level}: {dict(counts)}, {share:.2f} % of {len(found)}\n")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        [name for name in sys.argv[2:] if name != "-v"] or ["compliance-level-2", "compliance-level-3"],
        verbose="-v" in sys.argv,
    )
