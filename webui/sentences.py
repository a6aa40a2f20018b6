"""The engine speaks English sentences; here they get their 中文."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from webui.feel_sentences import FEEL_SENTENCES, SAID, split
from webui.file_sentences import DECISION_SENTENCES, FORM_SENTENCES
from webui.language import language
from webui.operating_sentences import OPERATING_SENTENCES
from webui.page_sentences import PAGE_SENTENCES
from webui.sentence_patterns import SENTENCES, STATES

KIND_HOLES = frozenset({"kind", "left", "right", "seen", "wanted"})
_HOLE = re.compile(r"\\{([a-z]+)\\}")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_HOLE.sub(r"(?P<\1>.*?)", re.escape(text)), re.DOTALL), words)
        for text, words in (
            *SENTENCES,
            *OPERATING_SENTENCES,
            *PAGE_SENTENCES,
            *FORM_SENTENCES,
            *DECISION_SENTENCES,
            *FEEL_SENTENCES,
        )
    )


def sentence(text: str) -> str:
    """Return a sentence of the engine in the page's language; the English one when there is no other."""
    return text if language() == "en" else in_chinese(text)


def in_chinese(text: str) -> str:
    """Return the 中文 of a sentence of the engine; the English one when there is none."""
    return next(_found(text), text)


def told_by_feel(text: str, *, chinese: bool) -> str:
    """Return what FEEL or a decision told its author; that of a decision file begins with a place in it."""
    place, words, rest = split(text)
    if not chinese:
        return f"{place}: {rest}" if place else rest
    return f"{words}：{in_chinese(rest)}" if place else in_chinese(rest)


def _found(text: str) -> Iterator[str]:
    for pattern, words in _patterns():
        found = pattern.fullmatch(text)
        if found:
            values = {name: _said(name, value) for name, value in found.groupdict().items()}
            yield words.format_map(values)


def _said(hole: str, value: str) -> str:
    bare = value.removeprefix("a ").removeprefix("an ")
    if hole in KIND_HOLES and bare in SAID:
        return SAID[bare]
    if hole == "kinds":
        return "、".join(SAID.get(each, each) for each in value.split(", "))
    return STATES.get(value, _quoted(value))


def _quoted(value: str) -> str:
    """Return what stands in a hole with the quotation marks of 中文: it may hold several names."""
    return value.replace("«", "「").replace("»", "」")
