from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.suites import Case, lines, main, summary

FOUND = (
    Case("betsy", "a", "passed"),
    Case("betsy", "b", "failed", "expected x; got y"),
    Case("betsy", "c", "refused", "complexGateway is not run."),
    Case("betsy", "d", "failed", "who knows", doubtful=True),
)


def test_a_suite_is_told_by_numbers_ids_and_reasons() -> None:
    [betsy] = summary(FOUND).values()

    assert betsy["passed"] == 1
    assert (betsy["failed"], betsy["refused"], betsy["skipped"]) == (["b"], ["c"], [])
    assert betsy["reasons"] == {"b": "expected x; got y", "c": "complexGateway is not run."}
    assert betsy["doubtful"]["failed"] == ["d"]


def test_what_fails_is_listed_under_the_numbers() -> None:
    first, last = lines(summary(FOUND))

    assert first.split()[:3] == ["betsy", "passed", "1"]
    assert "of    3 (33.3 %)" in first
    assert last == "betsy failed b: expected x; got y"


def test_a_folder_without_suites_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "There is no suite in" in capsys.readouterr().err
