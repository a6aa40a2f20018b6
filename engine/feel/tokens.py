"""Cut the text of an expression into tokens (DMN 1.5, 10.3.1.2, grammar rules 26 to 66)."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.errors import ExpressionError

KEYWORDS = frozenset(
    {
        "and",
        "or",
        "true",
        "false",
        "null",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "function",
        "external",
    }
)

_NAME_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3005-\u3007\u3012-\u3013\u301C-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF10-\uFF19\uFF21-\uFF3A"
    r"\uFF41-\uFF5A\uFF66-\uFFDC\U00010000-\U000EFFFF"
)
_NAME_PART = _NAME_START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_SPACE = r"\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"

_TOKEN = re.compile(
    rf"""
    (?P<skip>[{_SPACE}]+|//[^\n]*|/\*.*?\*/)
  | (?P<unclosed>/\*.*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|(?<!\.)\.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<at>@[{_SPACE}]*"(?:[^"\\]|\\.)*")
  | (?P<word>[{_NAME_START}][{_NAME_PART}]*)
  | (?P<punct>\*\*|\.\.|!=|<=|>=|->|[-+*/<>=()\[\]{{}},.:])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(['\"\\nrt]))")
_ESCAPED = {"'": "'", '"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_LAST_CODE_POINT = 0x10FFFF


class Token(NamedTuple):
    """One token: its kind (word, number, string, at, punct, other, end), its text and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        """Tell whether the token can begin a name."""
        return self.kind == "word" and self.text not in KEYWORDS


def tokenize(text: str) -> list[Token]:
    """Return the tokens of ``text``, closed by an ``end``; never fails (odd characters are ``other``)."""
    found = [
        Token(match.lastgroup or "other", match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    ]
    if found and found[-1].kind == "unclosed":
        found[-1] = Token("other", "/*", found[-1].start, len(text))
    found.append(Token("end", "", len(text), len(text)))
    return found


def unescape(body: str) -> str:
    """Return the string a literal's body stands for; an unknown escape stays (regular expressions)."""
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_escaped, body)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def problem(message: str, text: str, at: int) -> ExpressionError:
    """Return the error that says ``message`` about the character number ``at`` (from 0) of ``text``."""
    line = text.count("\n", 0, at) + 1
    return ExpressionError(message, text=text, line=line, column=at - text.rfind("\n", 0, at))


def _escaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code is None:
        return _ESCAPED[match.group(3)]
    number = int(code, 16)
    return chr(number) if number <= _LAST_CODE_POINT else match.group()
