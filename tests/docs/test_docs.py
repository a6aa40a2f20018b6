"""The documents tell the truth: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn.dialect import EXTENSIONS, PREFIXES
from engine.bpmn.refused import ELEMENTS
from engine.calendar import china, functions
from engine.service_tasks import installed
from webui.cli import zhangfang
from webui.cli_errors import EXIT_CODES
from webui.errors import HTTP, TABLE
from webui.settings import SETTINGS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
OPERATIONS, HANDLERS, MODELLING = (
    (DOCS / f"{name}.md").read_text("utf-8") for name in ("operations", "handlers", "modelling")
)


def rows(text: str, first_cell: str) -> list[list[str]]:
    """Return the cells of table rows whose first cell matches."""
    found = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if "|" in line
    ]
    return [cells for cells in found if re.fullmatch(first_cell, cells[0])]


def test_every_setting_is_told_with_its_default_and_purpose() -> None:
    told = {cells[0].strip("`"): cells[1:] for cells in rows(OPERATIONS, r"`ZHANGFANG_\w+`")}
    made = {
        one.variable: [f"`{one.default}`" if one.default else "–", one.purpose, one.purpose_zh]
        for one in SETTINGS
    }

    assert told == made


def test_every_command_is_told() -> None:
    told = {cells[0].strip("`") for cells in rows(OPERATIONS, r"`zhangfang [\w-]+`")}

    assert told == {f"zhangfang {name}" for name in zhangfang.commands}


def test_every_command_that_a_page_names_exists() -> None:
    named = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"`zhangfang ([a-z][\w-]*)", page.read_text("utf-8"))
    }

    assert {(page, name) for page, name in named if name not in zhangfang.commands} == set()


def test_every_exit_code_is_told() -> None:
    told = {int(cells[0]) for cells in rows(OPERATIONS, r"\d")}

    assert told == {0, 1, *EXIT_CODES.values()}


def test_every_error_page_is_told() -> None:
    told = {(cells[0], cells[1]) for cells in rows(OPERATIONS, r"[一-鿿]+") if cells[1].isdigit()}
    shown = {(str(one.title._args[0]), str(one.status)) for one in (*TABLE.values(), *HTTP.values())}

    assert told == shown


def test_every_topic_is_told_with_its_effect_title_and_errors() -> None:
    told = {cells[0].strip("`"): cells[1:4] for cells in rows(HANDLERS, r"`[a-z_]+\.[a-z_]+`")}
    made = {
        one.topic: [one.effect, one.title, ", ".join(f"`{code}`" for code in one.errors) or "–"]
        for one in installed()
    }

    assert told == made


def test_every_extension_element_is_told() -> None:
    told = {cells[0].strip("`") for cells in rows(MODELLING, r"`(zeebe|zf):\w+`")}

    assert told == {f"{PREFIXES[space]}:{name}" for space, name in EXTENSIONS}


def test_every_function_of_the_calendar_is_told() -> None:
    told = {cells[0].strip("`").partition("(")[0] for cells in rows(MODELLING, r"`[a-z ]+\(.*\)`")}

    assert told == set(functions(china()))


def test_every_refused_construct_is_told_with_what_to_draw_instead_and_what_running_it_would_need() -> None:
    told = {cells[0].strip("`"): cells[1:] for cells in rows(MODELLING, r"`[a-zA-Z]+`")}

    assert told == {name: list(found) for name, found in ELEMENTS.items()}
    assert [name for name, found in ELEMENTS.items() if not found.needs] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))

    missing = [
        link
        for link in links
        if not link.startswith(("http:", "https:")) and not (page.parent / link).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:engine|handlers|store|webui|processes|tests|benchmarks|docs|tools)/[\w./-]+)`",
        page.read_text("utf-8"),
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    for page in PAGES:
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)) <= targets


def test_the_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("[0-9]*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
