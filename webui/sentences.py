"""The engine speaks English sentences; here they get their 中文, by the pattern of the sentence."""

from __future__ import annotations

import re
from typing import Any

from webui.form_words import problem_text
from webui.language import language

PATTERNS: tuple[tuple[str, Any], ...] = ()
_COMPILED: list[tuple[re.Pattern[str], Any]] = []


def sentence(text: str, problem: Any = None) -> str:
    """Return the sentence in the page's language; the English one when there is no other."""
    if language() == "en":
        return text
    if getattr(problem, "code", None) is not None:
        return problem_text(problem)
    for pattern, words in _COMPILED:
        found = pattern.fullmatch(text)
        if found:
            return str(words) % found.groupdict()
    return text
