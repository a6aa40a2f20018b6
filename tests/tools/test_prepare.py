from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROGRAM = Path(__file__).parents[2] / "tools" / "prepare.py"


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("prepare", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def test_a_digest_is_of_names_and_contents(prepare: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("1")
    before = prepare.digest([tmp_path / "src"])

    (tmp_path / "src" / "a.ts").touch()
    touched = prepare.digest([tmp_path / "src"])
    (tmp_path / "src" / "a.ts").write_text("2")
    changed = prepare.digest([tmp_path / "src"])
    (tmp_path / "src" / "a.ts").rename(tmp_path / "src" / "b.ts")
    renamed = prepare.digest([tmp_path / "src"])

    assert before == touched
    assert len({before, changed, renamed}) == 3


def test_what_is_made_from_the_same_is_made_once(prepare: ModuleType, tmp_path: Path) -> None:
    made: list[str] = []
    for content in ("a", "a", "b"):
        prepare.once(tmp_path / "folder" / "stamp", content, lambda: made.append("made"))

    assert len(made) == 2


def test_what_fails_leaves_no_stamp(prepare: ModuleType, tmp_path: Path) -> None:
    def fail() -> None:
        prepare.run([sys.executable, "-c", "raise SystemExit(3)"])

    with pytest.raises(SystemExit, match="exit code 3"):
        prepare.once(tmp_path / "stamp", "a", fail)

    assert not (tmp_path / "stamp").exists()


def test_a_command_that_is_not_there_has_version_zero(prepare: ModuleType) -> None:
    assert prepare.version(["zhangfang-has-no-such-command"]) == 0
    assert prepare.version([sys.executable]) == 0  # «Python 3.11.7» does not begin with a number


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_missing_browser_fails_in_ci_and_is_told_elsewhere(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str
) -> None:
    monkeypatch.setattr(prepare, "BROWSERS", ())
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("CI", ci)

    if ci:
        with pytest.raises(SystemExit, match="The browser tests need Chromium"):
            prepare.browser()
    else:
        prepare.browser()
        assert "they are skipped" in capsys.readouterr().out


def test_an_unknown_step_is_refused_with_the_known_ones() -> None:
    done = subprocess.run([sys.executable, PROGRAM, "dance"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "runtime, dev, frontend, types, browser (not dance)" in done.stderr
