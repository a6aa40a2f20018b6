"""Write the tables of settings, topics and refused constructs in ``docs/`` anew from the code.

make tables
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.bpmn.refused import ELEMENTS
from engine.service_tasks import installed
from webui.settings import SETTINGS

DOCS = Path(__file__).resolve().parent.parent / "docs"
SETTINGS_HEAD = "| variable | default | for | 用途 |\n| --- | --- | --- | --- |\n"
TOPICS_HEAD = "| topic | effect | 名称 | errors |\n| --- | --- | --- | --- |\n"


REFUSED_HEAD = "| refused | why | instead | what running it would need |\n| --- | --- | --- | --- |\n"


def main() -> None:
    """Replace the tables."""
    settings = [
        f"| `{one.variable}` | {f'`{one.default}`' if one.default else '–'} | {one.purpose} | {one.purpose_zh} |\n"
        for one in SETTINGS
    ]
    topics = [
        f"| `{one.topic}` | {one.effect} | {one.title} | {', '.join(f'`{code}`' for code in one.errors) or '–'} |\n"
        for one in installed()
    ]
    refused = [
        f"| `{name}` | {each.message} | {each.advice} | {each.needs} |\n"
        for name, each in sorted(ELEMENTS.items())
    ]
    replace("modelling.md", REFUSED_HEAD, refused)
    replace("operations.md", SETTINGS_HEAD, settings)
    replace("handlers.md", TOPICS_HEAD, topics)


def replace(page: str, head: str, lines: list[str]) -> None:
    """Put ``lines`` in the place of the rows under ``head``."""
    path = DOCS / page
    pattern = re.compile(re.escape(head) + r"(?:\|.*\n)*")
    path.write_text(pattern.sub(lambda _: head + "".join(lines), path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
