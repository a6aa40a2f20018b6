"""No expression of the DMN TCK that has a value is called an error; without the suite (it is not ours) we skip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import feel

SUITE = Path(__file__).resolve().parents[3] / "shared" / "suites" / "dmn-tck"
NS = {"t": "http://www.omg.org/spec/DMN/20160719/testcase"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the TCK is not here")


def _expected() -> Iterator[tuple[str, bool, feel.Analysis]]:
    """Yield every result node whose decision is one expression: its id, whether it has a value, the analysis."""
    for test_file in sorted(SUITE.glob("compliance-level-*/*/*.xml")):
        root = etree.parse(test_file).getroot()
        model = test_file.parent / root.findtext("t:modelName", "", NS).strip()
        if not model.is_file():
            continue
        expressions, names, functions = _read(model)
        for case in root.iterfind("t:testCase", NS):
            for result in case.iterfind("t:resultNode", NS):
                text = expressions.get(result.get("name", ""))
                if text and case.get("invocableName") is None:
                    found = feel.analyse(text, names=names, functions=functions)
                    yield f"{model.name} {result.get('name')}: {text}", _has_value(result), found


def _read(model: Path) -> tuple[dict[str, str], set[str], dict[str, None]]:
    root = etree.parse(model).getroot()
    expressions = {
        str(decision.get("name")): "".join(decision.xpath("./*[local-name()='literalExpression']/*/text()"))
        for decision in root.iter("{*}decision")
    }
    names = {str(node.get("name")) for node in root.xpath("//*[@name]")}
    called = root.xpath("//*[local-name()='businessKnowledgeModel' or local-name()='decisionService']/@name")
    return expressions, names, dict.fromkeys(map(str, called))


def _has_value(result: Any) -> bool:
    expected = result.find("t:expected", NS)
    if expected is None or result.get("errorResult") == "true":
        return False
    value = expected.find("t:value", NS)
    return len(expected) > 0 and (value is None or value.get(XSI + "nil") != "true")


def test_no_expression_with_a_value_is_an_error_and_most_without_are_explained() -> None:
    analysed = list(_expected())
    errors = [(name, analysis.errors) for name, valued, analysis in analysed if valued]
    explained = [bool(analysis.findings) for _, valued, analysis in analysed if not valued]

    assert len(errors) > 1500
    assert [(name, found) for name, found in errors if found] == []
    assert len(explained) > 500
    assert sum(explained) / len(explained) > 0.9
