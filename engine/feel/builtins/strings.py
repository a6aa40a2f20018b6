"""Strings, counted in code points (DMN 1.5, 10.3.4.3)."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.functions import Budget
from engine.feel.patterns import compile_pattern, template
from engine.feel.values import Undefined, Value


@builtin("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    """Return a part by place (from 1; negative from the end)."""
    first = int(start)
    if not first or abs(first) > len(text) or (length is not None and length < 1):
        raise Undefined(f"substring() of {len(text)} characters has no part from {start}, length {length}")
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if length is None else text[begin : begin + int(length)]


@builtin("string length(string: string)")
def string_length(text: str) -> Decimal:
    """Count the code points."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(text: str) -> str:
    """Return the text in capital letters."""
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(text: str) -> str:
    """Return the text in small letters."""
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    """Return what stands before the first ``match``, nothing when there is none."""
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    """Return what stands behind the first ``match``, nothing when there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(text: str, match: str) -> bool:
    """Tell whether ``match`` is in the text."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    """Tell whether the text begins with ``match``."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    """Tell whether the text ends with ``match``."""
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string|null)", run=True)
def matches(run: Budget, text: str, pattern: str, flags: str | None = None) -> bool:
    """Tell whether a part of the text fits the regular expression."""
    return compile_pattern(pattern, flags or "").found_in(text, run.tick)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|null)", run=True)
def replace(run: Budget, text: str, *pattern: str | None) -> str:
    """Replace every part that fits the regular expression; ``$1`` is its first group."""
    regular, replacement, flags = (*(part or "" for part in pattern), "")[:3]
    return compile_pattern(regular, flags).replaced(text, template(replacement, flags), run.tick)


@builtin("split(string: string, delimiter: string)", run=True)
def split(run: Budget, text: str, delimiter: str) -> list[str]:
    """Cut the text where the regular expression fits."""
    return compile_pattern(delimiter, "").split(text, run.tick)


@builtin("extract(string: string, pattern: string)", run=True)
def extract(run: Budget, text: str, pattern: str) -> list[str]:
    """Return every part that fits the regular expression (the function of Camunda's FEEL)."""
    found = compile_pattern(pattern, "").matches(text, run.tick)
    return [text[match.start : match.end] for match in found if match.end > match.start]


@builtin("to base64(value: string)")
def to_base64(text: str) -> str:
    """Return the base64 of the text's UTF-8 (the function of Camunda's FEEL)."""
    return b64encode(text.encode("utf-8", "replace")).decode("ascii")


@builtin("string join(list: list, delimiter?: string|null)", run=True)
def string_join(run: Budget, texts: list[Value], delimiter: str | None = None) -> str:
    """Join the strings of a list, leaving out null."""
    if any(text is not None and not isinstance(text, str) for text in texts):
        message = "string join() takes strings only"
        raise Undefined(message)
    run.length(sum(len(text) + len(delimiter or "") for text in texts if text is not None))
    return (delimiter or "").join(text for text in texts if text is not None)


@builtin("trim(string: string)")
def trim(text: str) -> str:
    """Return the text without the white space around it."""
    return text.strip()


@builtin("is blank(string: string)")
def is_blank(text: str) -> bool:
    """Tell whether the text is nothing but white space."""
    return not text.strip()
