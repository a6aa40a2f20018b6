"""Both languages, complete: the catalogue, the engine's sentences, the gate's rules, whole pages."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import flask_babel
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, g

from engine.feel.analysis.findings import NOT_READ
from engine.forms.problem import TEXTS
from tests.conftest import Firm
from tests.webui.conftest import As
from webui import form_words, problem_words
from webui.domain_words import of_return
from webui.history_words import BY_MACHINE, FACTS, WITH_PERSON
from webui.language import CATALOGUE
from webui.sentences import _patterns

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
ERRORS = (
    "NotFound",
    "NotAllowed",
    "Conflict",
    "AlreadyRunning",
    "InvalidInput",
    "BadQuery",
    "StoreBusy",
    "CommitUnknown",
    "StorageFull",
    "DocumentMissing",
)
FOR_MACHINES = ("cli", "installation", "settings", "assets", "portal")
"""Modules of webui whose sentences the person at a terminal or the page's own words tell."""


def test_every_message_has_its_english() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")
    keywords = {"_": None, "later": None, "gettext": None}
    found = extract_from_dir(ROOT / "webui", METHODS, OPTIONS, keywords=keywords)
    wanted = {message for _file, _line, message, _comments, _context in found if isinstance(message, str)}
    assert wanted
    missing = sorted(
        message for message in wanted if not (catalogue.get(message) and catalogue[message].string)
    )
    assert missing == []


def test_the_english_holds_no_chinese() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")
    assert [message.id for message in catalogue if message.id and HAN.search(str(message.string))] == []


def test_both_languages_fill_in_the_same_values() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")
    holes = re.compile(r"%\((\w+)\)s")
    assert [
        m.id for m in catalogue if m.id and set(holes.findall(str(m.id))) != set(holes.findall(str(m.string)))
    ] == []


def _sentences() -> Iterator[tuple[str, str]]:
    """Go through every error raised with a sentence that a page may show: the file and the sentence with its holes filled."""
    files = [
        *(ROOT / "engine" / "commands").glob("*.py"),
        *(ROOT / "store").glob("*.py"),
        *(ROOT / "store" / "queries").glob("*.py"),
    ]
    pure = ("runtime", "places", "moving", "skipping")
    files += [ROOT / "engine" / "people.py", *(ROOT / "engine" / "bpmn" / f"{name}.py" for name in pure)]
    files += [file for file in (ROOT / "webui").glob("*.py") if not file.stem.startswith(FOR_MACHINES)]
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        assigned = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            name = (
                getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            )
            if isinstance(node, ast.Call) and name in ERRORS and node.args:
                argument = node.args[0]
                text = _text(
                    assigned.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                )
                if text:
                    yield file.name, text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + (_text(node.right) or ".")
    return ""


def test_every_sentence_of_the_engine_has_its_chinese() -> None:
    told = sorted(set(_sentences()))
    assert len(told) > 60
    missing = [
        each
        for each in told
        if not HAN.search(each[1]) and not any(pattern.fullmatch(each[1]) for pattern, _ in _patterns())
    ]
    assert missing == []


def test_every_problem_of_a_form_has_its_chinese() -> None:
    assert set(form_words.WORDS) == set(TEXTS)


def test_every_rule_of_the_gate_has_its_chinese() -> None:
    slugs = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
    files = (*(ROOT / "engine" / "bpmn").rglob("*.py"), ROOT / "engine" / "commands" / "_reading_files.py")
    told = {slug for file in files for slug in slugs.findall(file.read_text("utf-8"))}
    assert sorted(told - set(problem_words.RULES)) == []


def test_every_finding_in_an_expression_has_its_chinese() -> None:
    blamed = re.compile(r'blame\(\s*[^"]*?"([a-z]+(?:-[a-z]+)+)"')
    files = (ROOT / "engine" / "feel" / "analysis").glob("*.py")
    found = {f"feel-{rule}" for file in files for rule in blamed.findall(file.read_text("utf-8"))}
    assert len(found) > 12
    assert sorted(found - {f"feel-{rule}" for rule in NOT_READ} - set(problem_words.RULES)) == []


def _told_by_readers() -> Iterator[str]:
    """Go through what the readers of forms and decisions say is wrong in a file."""
    for file in (*(ROOT / "engine" / "forms").glob("*.py"), *(ROOT / "engine" / "dmn").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if (
                isinstance(node, ast.Call)
                and name == "problem"
                and isinstance(node.args[-1], ast.JoinedStr | ast.Constant)
            ):
                yield _text(node.args[-1])


def test_every_problem_of_a_file_has_its_chinese() -> None:
    told = {
        each for each in _told_by_readers() if each != "x: x"
    }  # the FEEL parser's own words stay on hover
    assert len(told) > 25
    assert [
        each for each in sorted(told) if not any(pattern.fullmatch(each) for pattern, _ in _patterns())
    ] == []


PAGES = (
    "/desk", "/team", "/clients/", "/clients/new", "/clients/0001/edit", "/instances/", "/processes/", "/processes/month",
    "/processes/month/start", "/processes/month/operate", "/processes/month/migrate", "/studio/",
    "/studio/deploy", "/operations/", "/operations/?tab=jobs", "/operations/?tab=timers",
    "/handbook/month", "/people/", "/settings/", "/search/?q=zzz", "/me", "/nowhere",
    *(f"/clients/0001?tab={tab}" for tab in ("timeline", "documents", "books", "tax", "contracts", "contacts", "surveys")),
)  # fmt: skip
DATA = ("晨光贸易有限公司", "中文", "账")
"""Chinese that stands on English pages: a client's name, the switch to Chinese, the mark of the product."""


def _words(page: str) -> str:
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    for known in DATA:
        page = page.replace(known, "")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_holds_no_chinese(as_: As, firm: Firm, month: UUID, path: str) -> None:
    del month
    page = _words(as_(firm.ma, "en").get(path).text)
    assert HAN.findall(page) == []


@pytest.mark.parametrize("tab", ["form", "papers", "diagram", "history", "sop"])
def test_an_english_item_holds_no_chinese(as_: As, firm: Firm, item: Callable[[str], UUID], tab: str) -> None:
    page = _words(as_(firm.bao, "en").get(f"/desk?queue=unassigned&item={item('enter')}&tab={tab}").text)
    assert HAN.findall(page) == []


def test_an_english_form_has_english_labels(as_: As, firm: Firm, item: Callable[[str], UUID]) -> None:
    page = as_(firm.bao, "en").get(f"/desk?item={item('enter')}").text
    assert '"label": "Vouchers"' in page


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_page_holds_no_english_sentence(as_: As, firm: Firm, month: UUID, path: str) -> None:
    del month
    page = re.sub(
        r"<(script|code|pre).*?</\1>|<[^>]+>|&\w+;", " ", as_(firm.ma).get(path).text, flags=re.DOTALL
    )
    sentences = re.findall(r"\b[A-Za-z]{2,}(?: [a-z]{2,}){2,}", page)
    assert sentences == []


def test_every_return_has_a_name_for_its_code(app: Flask) -> None:
    table = ROOT / "handlers" / "tax" / "obligations.csv"
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    with app.test_request_context():
        g.default_language, g.person = "zh", None
        shown = {row["code"]: of_return(f"{row['code']} 2026-10") for row in rows}
        g.language = "en"
        flask_babel.refresh()
        english = {row["code"]: of_return(f"{row['code']} 2026-10") for row in rows}
    assert shown == {row["code"]: f"{row['name']} 2026-10" for row in rows}
    assert [each for each in english.values() if HAN.search(each)] == []


def test_every_kind_of_history_that_handlers_write_has_words() -> None:
    kinds = re.compile(r'(?:note|_note)\(\s*[a-z_, ]+,\s*"([a-z_]+\.[a-z_]+)"')
    files = (ROOT / "handlers").rglob("*.py")
    written = {kind for file in files for kind in kinds.findall(file.read_text("utf-8"))}
    assert {"return.filed", "vouchers.posted", "period.closed"} <= written
    assert sorted(written - set(FACTS) - set(BY_MACHINE) - set(WITH_PERSON)) == []
