"""The table editor keeps our extension elements: read and written by dmn-moddle, the file means the same."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from lxml import etree

from engine import dmn
from tests.forms_in_browser.browser import PACKAGE, node_with

TABLE = Path(__file__).resolve().parents[3] / "processes" / "firm_policy" / "voucher_rules.dmn"
ZF = "{http://zhangfang.example/schema/1.0}"


def written_again(xml: bytes) -> bytes:
    node = node_with("dmn-moddle")
    script = str(Path(__file__).with_name("round_trip.mjs"))
    done = subprocess.run(
        [node, script, str(PACKAGE)], input=xml, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_validity_of_tables_and_rules_comes_through_the_editor() -> None:
    before = TABLE.read_bytes()

    after = written_again(before)

    dated = [dict(each.attrib) for each in etree.fromstring(before).iter(f"{ZF}validity")]
    assert len(dated) == 5
    assert [dict(each.attrib) for each in etree.fromstring(after).iter(f"{ZF}validity")] == dated
    for on in (date(2025, 6, 30), date(2026, 6, 30)):
        given = {"source": "invoice", "direction": "purchase", "tax_class": "餐饮服务", "period_end": on}
        first, second = (dmn.parse(xml).evaluate("voucher_rules", given) for xml in (before, after))
        assert first == second
