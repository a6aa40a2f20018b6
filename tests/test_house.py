"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "handlers", "store", "webui")
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|services?|data|info)(_|$)")
ALLOWED_NAMES = {"service_task", "service_tasks", "service_level", "services", "service_logic"}
"""Words of BPMN and DMN and of the firm that happen to hold a vague one."""

CATCH_ALL = {
    "engine/batches.py",
    "engine/commands/_at_once.py",
    "engine/worker.py",
    "webui/errors.py",
    "store/writing.py",
}
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


@cache
def modules() -> tuple[Path, ...]:
    return tuple(
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if not {"node_modules", "versions"} & set(path.relative_to(ROOT).parts)
    )


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text())))


def committed() -> list[str]:
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return listed.stdout.splitlines()


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_longer_than_forty_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_names_say_what_things_are() -> None:
    vague = []
    for path in modules():
        names = [path.stem]
        names += [node.name for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        vague += [
            f"{path.relative_to(ROOT)}: {name}"
            for name in names
            if not name.startswith("_") and VAGUE_NAMES.search(name.lower()) and name not in ALLOWED_NAMES
        ]
    assert vague == []


def test_only_the_worker_and_the_web_edge_catch_everything() -> None:
    catching = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    assert {each for each in catching if not any(each.startswith(place) for place in CATCH_ALL)} == set()


def test_no_command_looks_at_the_request_since_it_may_run_in_the_thread_of_another() -> None:
    of_the_request = {"person", "scope", "request", "session", "g", "current_app", "store", "_"}
    looking = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": sorted(used)
        for path in modules()
        if path.is_relative_to(ROOT / "webui")
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and any(each.arg == "uow" for each in node.args.args)
        if (used := {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & of_the_request)
    }
    assert looking == {}


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if marks.search(line)
    ]
    assert left == []


def test_no_committed_file_names_a_registry_or_a_folder_of_a_machine() -> None:
    found = []
    places = re.compile(
        r'"resolved":\s*"http|https?://[^ "]+/(simple|packages|debian)/|--(extra-)?index-url|--find-links|file:///opt'
    )
    for name in committed():
        path = ROOT / name
        if path.suffix in {".md", ".png", ".ico", ".woff2"} or not path.is_file() or path == Path(__file__):
            continue
        if name.startswith("tools/"):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{name}: {match.group(0)}" for match in places.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["runtime", "dev", "node"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.split("# The following", maxsplit=1)[0].strip())
    assert blocks
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_the_pins_fit_the_project() -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    named = re.findall(
        r'^  "([A-Za-z0-9_-]+)(?:\[[a-z]+\])?[>=<"]', declared.split("[project.optional")[0], re.MULTILINE
    )
    pins = (ROOT / "requirements" / "runtime.txt").read_text().lower()
    assert [name for name in named if f"\n{name.lower().replace('_', '-')}==" not in f"\n{pins}"] == []


def test_the_library_of_processes_holds_no_python() -> None:
    assert list((ROOT / "processes").rglob("*.py")) == []
