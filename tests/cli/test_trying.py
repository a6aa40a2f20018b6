from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.commands import deployments, instances
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.deciding import RATES
from tests.engine.dmn.test_importing import BILL
from tests.engine.dmn.test_importing import RATES as BASE
from webui import installation
from webui.cli import zhangfang
from webui.cli_language import speak
from webui.settings import read_settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHANGFANG_DATA_FOLDER", str(tmp_path / "data"))
    speak("en")
    return tmp_path / "data"


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    file = tmp_path / "library" / "rated" / "rates.dmn"
    file.parent.mkdir(parents=True)
    file.write_bytes(RATES)
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(zhangfang, [str(each) for each in arguments])


def test_an_expression_gives_its_value_alone_and_says_the_rest_beside_it(data: Path) -> None:
    found = run("feel", "= a + 0.2 = 0.3", "--variables", '{"a": 0.1}')
    assert (found.exit_code, found.stdout, found.stderr) == (0, "true\n", "  Kind: boolean\n")
    warned = run("feel", "nobody + 1")
    assert warned.stdout == "null\n"
    assert "  Warning: There is no variable or function 'nobody'." in warned.stderr


def test_variables_are_read_from_a_file(data: Path, tmp_path: Path) -> None:
    (tmp_path / "variables.json").write_text('{"a": [1, 2.50]}')
    assert run("feel", "sum(a)", "--variables", f"@{tmp_path}/variables.json").stdout == "3.50\n"
    assert run("feel", "sum(a)", "--variables", "@gone.json").exit_code == 3


def test_a_mistake_is_shown_where_it_is(data: Path) -> None:
    found = run("feel", "中文 + * 2")
    assert found.exit_code == 2
    assert "(line 1, column 6)\n  中文 + * 2\n         ^\n" in found.stderr
    speak("zh")
    assert "这里应有一个值" in run("feel", "1 + *").stderr
    assert "提醒：没有变量或函数「b」" in run("feel", "b").stderr


def test_a_decision_of_a_file_says_which_rules_matched(data: Path, rates: Path) -> None:
    found = run("decide", "rate", "--file", rates, "--variables", "{amount: 50}")
    assert found.stdout == "[0.01, 0.05]\n"
    assert found.stderr.splitlines() == [
        "  Kind: list",
        '  rate: by rules 1, 3  (规模 = "小", 金额 = 50)',
        "  size: by rules 1  (金额 = 50)",
    ]
    none = run("decide", "size", "--file", rates, "--variables", "{amount: 0}")
    assert "  size: no rule matched" in none.stderr


def test_a_deployed_decision_is_tried_on_an_instance_with_what_if(data: Path, rates: Path) -> None:
    process = bpmn("startEvent s\nuserTask u groups=bookkeeper\ns -> u", "rated")
    (rates.parent / "rated.bpmn").write_bytes(process)
    assert run("deploy", rates.parent.parent).exit_code == 0
    with installation.opened(read_settings()) as store:
        instance = store.run(instances.start, "rated", {"amount": 120}, by=None)
    assert run("decide", "rate", "--instance", instance).stdout == "[0.03, 0.12]\n"
    assert run("decide", "rate", "--instance", instance, "--variables", "{amount: 5}").stdout == "[0.01]\n"
    assert run("feel", "amount / 8", "--instance", instance).stdout == "15\n"
    assert run("decide", "gone").exit_code == 3
    assert run("feel", "1", "--instance", "00000000-0000-0000-0000-000000000001").exit_code == 3


def test_a_decision_that_contradicts_itself_is_refused_in_words(data: Path, rates: Path) -> None:
    rates.write_bytes(RATES.replace(b"COLLECT", b"UNIQUE"))
    found = run("decide", "rate", "--file", rates, "--variables", "{amount: 50}")
    assert found.exit_code == 1
    assert "rule 1 (small, line" in found.stderr
    speak("zh")
    assert (
        "这张表要求最多一行符合"
        in run("decide", "rate", "--file", rates, "--variables", "{amount: 50}").stderr
    )


def test_a_file_that_imports_reads_what_is_deployed(data: Path, tmp_path: Path) -> None:
    with installation.opened(read_settings()) as store:
        store.run(deployments.deploy, {"t/base.dmn": BASE}, by=None)
    bill = tmp_path / "bill.dmn"
    bill.write_bytes(BILL)
    found = run("decide", "tax", "--file", str(bill), "--variables", '{"payer": {"size": "small"}}')
    assert found.stdout.strip() == "1.00"


def test_a_file_of_variables_that_is_no_text_is_refused(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xff\xfe")
    found = run("feel", "1", "--variables", f"@{broken}")
    assert found.exit_code == 2
    assert "broken.json is no text in UTF-8" in found.output
