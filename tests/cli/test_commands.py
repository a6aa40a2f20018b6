from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from handlers.demo import figures
from store.tables import FirmSetting
from webui import installation
from webui.cli import zhangfang
from webui.cli_errors import EXIT_CODES
from webui.cli_language import HELP, speak, translate, wanted_language
from webui.settings import read_settings

ROOT = Path(__file__).parents[2]
ORDER = (ROOT / "benchmarks" / "order.bpmn").read_text()
SAMPLES = ROOT.parent / "shared" / "samples"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    return tmp_path / "data"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library" / "order"
    folder.mkdir(parents=True)
    (folder / "order.bpmn").write_text(ORDER.replace("benchmark.ship", "notify.mail"))
    return folder.parent


def run(*arguments: object) -> Result:
    return CliRunner().invoke(zhangfang, [str(each) for each in arguments])


def test_what_is_deployed_can_be_written_back(data: Path, library: Path) -> None:
    deployed = run("deploy", library, "--note", "first")
    again = run("deploy", library)
    exported = run("export", data / "out")

    assert "process order v1" in deployed.output
    assert "0 new versions, 1 unchanged" in again.output
    assert exported.exit_code == 0
    assert (data / "out" / "order" / "order.bpmn").read_text() == (
        library / "order" / "order.bpmn"
    ).read_text()


def test_a_folder_with_a_fault_is_refused_whole_and_every_fault_is_told(data: Path, library: Path) -> None:
    (library / "order" / "order.bpmn").write_text(ORDER)

    checked, deployed = run("check", library), run("deploy", library)

    assert checked.exit_code == 1
    assert "benchmark.ship" in checked.output
    assert deployed.exit_code == 6
    assert "topic-unknown" in deployed.output
    assert "Wrote 0 files" in run("export", data / "out").output


@pytest.mark.usefixtures("data")
def test_faults_are_told_in_chinese_with_the_gates_own_sentence(library: Path) -> None:
    (library / "order" / "order.bpmn").write_text(ORDER)

    speak("zh")

    checked, deployed, unknown = run("check", library), run("deploy", library), run("start", "nothing")

    for found in (checked, deployed):
        assert "没有安装这个处理程序" in found.output
        assert "benchmark.ship" in found.output
    assert "错误: " in unknown.output
    assert "发布" in unknown.output


@pytest.mark.usefixtures("data")
def test_a_folder_without_processes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("nothing to run")

    found = run("deploy", tmp_path / "notes")

    assert found.exit_code == 2
    assert "nothing was deployed" in found.output


def test_settings_that_come_with_a_library_are_known_after_its_deployment(data: Path, library: Path) -> None:
    (library / "settings.yaml").write_text("- {key: my_days, value: 3}\n")
    found = run("deploy", library)
    (library / "settings.yaml").write_text("key: [")

    assert found.exit_code == 0, found.output
    with installation.opened(read_settings({"ZHANGFANG_DATA_FOLDER": str(data)})) as store:
        assert store.read(lambda connection: connection.scalars(select(FirmSetting.key)).all()) == ["my_days"]
    assert run("deploy", library).exit_code == 2


@pytest.mark.usefixtures("data")
def test_a_warning_is_told_and_stops_nothing(library: Path) -> None:
    drawing = library / "order" / "order.bpmn"
    text = drawing.read_text()
    flow = '<bpmn:sequenceFlow id="to_ship" sourceRef="approve" targetRef="ship"'
    formal = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression"'
    condition = f"<bpmn:conditionExpression {formal}>=approved</bpmn:conditionExpression>"
    drawing.write_text(text.replace(f"{flow} />", f"{flow}>{condition}</bpmn:sequenceFlow>"))

    found = run("check", library)

    assert found.exit_code == 0, found.output
    assert "[condition-single, warning]" in found.output
    assert "No problem, 1 warnings." in found.output


@pytest.mark.usefixtures("data")
def test_an_instance_is_started_with_variables(library: Path) -> None:
    run("deploy", library)

    started = run("start", "order", "--var", "amount=12.50", "--var", 'day=date("2026-08-31")')

    assert started.exit_code == 0
    assert "Started order" in started.output
    assert run("due").output.strip() == "Ran 0 due jobs."


@pytest.mark.usefixtures("data")
def test_the_migrations_make_the_tables_of_the_code() -> None:
    assert run("check", "--migrations").output.strip() == "No problem."


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("start", "nothing"), 3, "No process «nothing» is deployed"),
        (("start", "order", "--client", "C999"), 3, "no client with the code «C999»"),
        (("start", "order", "--var", "amount"), 2, "must be written name=value"),
        (("start", "order", "--var", "amount=1 +"), 2, "line 1"),
        (("check",), 2, "Name files or folders"),
        (("deploy", "/nowhere"), 2, "does not exist"),
        (("import-invoice", __file__, "--client", "C999", "--period", "2026-08"), 3, "C999"),
    ],
)
def test_a_fault_ends_with_a_sentence_and_its_code(
    library: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    run("deploy", library)

    result = run(*arguments)

    assert result.exit_code == code, result.output
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("data")
def test_a_scenario_that_differs_ends_with_one(library: Path) -> None:
    scenarios = library / "order" / "scenarios"
    scenarios.mkdir()
    (scenarios / "good.yaml").write_text(
        "process: order\njobs: {notify.mail: {}}\nsteps: [{do: approve, as: manager}]\nexpect: {ended: true}\n"
    )
    (scenarios / "bad.yaml").write_text("process: order\nexpect: {at: [ship]}\n")

    good, both = run("scenario", scenarios / "good.yaml"), run("scenario", scenarios)

    assert good.exit_code == 0, good.output
    assert "went as they say" in good.output
    assert both.exit_code == 1
    assert "ship does not wait; approve does." in both.output
    assert "1 scenarios differ" in both.output


def test_every_command_and_option_has_help_in_both_languages() -> None:
    named = {"zhangfang", "zhangfang --lang"}
    pending = list(zhangfang.commands.items())
    for path, command in pending:
        options = [one for one in command.params if isinstance(one, click.Option)]
        named |= {path, *(f"{path} {option.opts[0]}" for option in options)}
        if isinstance(command, click.Group):
            pending += [(f"{path} {name}", each) for name, each in command.commands.items()]

    assert named == set(HELP)
    assert all(zh.strip() and en.strip() for zh, en in HELP.values())


@pytest.mark.parametrize(
    ("arguments", "spoken"),
    [
        (["--lang", "en", "due"], "en"),
        (["--lang=zh"], "zh"),
        (["due"], "zh"),
    ],
)
def test_the_language_is_the_one_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], spoken: str
) -> None:
    monkeypatch.setattr("locale.setlocale", lambda _category: "C")

    assert wanted_language(arguments, "zh") == spoken


def test_the_terminals_locale_counts_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.setlocale", lambda _category: "en_GB.UTF-8")

    assert wanted_language([], "zh") == "en"


def test_help_is_chinese_by_default_and_english_when_asked() -> None:
    speak("en")
    translate(zhangfang)
    english = run("--help").output
    speak("zh")
    translate(zhangfang)
    chinese = run("--help").output

    assert "Start the pages" in english
    assert "启动网页" in chinese


def test_exit_codes_differ_from_success() -> None:
    assert all(code > 0 for code in EXIT_CODES.values())


def test_the_program_runs_from_a_shell(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "zhangfang"

    done = subprocess.run(
        [program, "--lang", "en", "start", "nothing"],
        env={"ZHANGFANG_DATA_FOLDER": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.startswith("Error: No process «nothing» is deployed")


@pytest.mark.parametrize(("broken", "code"), [((), 0), ((("账不平", "The books do not balance."),), 1)])
def test_the_demo_fails_when_something_does_not_hold(
    data: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[tuple[str, str], ...], code: int
) -> None:
    plugin = installation.plugin

    def told(group: str, name: str) -> Any:
        found = figures.Result((), (), (), (), (), (), (), (), (), broken)
        return (lambda *_, **__: found) if name == "drive" else plugin(group, name)

    monkeypatch.setattr(installation, "plugin", told)
    ended = run("demo", "--headless", "--folder", data / "demo")
    assert ended.exit_code == code
    assert all(english in ended.output for _, english in broken)
