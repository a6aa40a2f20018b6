"""Expressions of other engines (``${input == 1 || x}``, ``!test.contains("a")``) as FEEL."""

from __future__ import annotations

import re

WRAPPED = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
CONTAINS = re.compile(r"(!?)\s*([A-Za-z_][\w.]*)\.contains\(([^()]*)\)")
TOKEN = re.compile(r""""[^"]*"|'[^']*'|==|!=|&&|\|\||!|\bnot\b|[A-Za-z_][\w.]*|.""", re.DOTALL)
WORDS = {
    "==": "=",
    "&&": " and ",
    "||": " or ",
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}
CHOICE = re.compile(r"([^?:]+)\?([^?:]+):([^?:]+)")
SIZE = re.compile(r"([A-Za-z_][\w.]*)\.size\(\)")
EQUALS = re.compile(r"([A-Za-z_][\w.]*)\.equals\(([^()]*)\)")
EMPTY = re.compile(r"\bempty\s+([A-Za-z_][\w.]*)")
VARIABLE = re.compile(r"""execution\.getVariable\(\s*["'](\w+)["']\s*\)""")


def feel_of(text: str) -> str:
    """Return an expression as FEEL with its ``=``; FEEL stays as it is, an empty text stays empty."""
    inner = text.strip()
    if not inner or inner.startswith("="):
        return inner
    wrapped = WRAPPED.fullmatch(inner)
    return f"= {_translated(wrapped[1] if wrapped else inner)}"


def text_or_feel(text: str) -> str:
    """Return a text that is an expression only when it is wrapped in ``${…}``, such as a duration."""
    return feel_of(text) if WRAPPED.fullmatch(text.strip()) else text.strip()


def _translated(text: str) -> str:
    choice = CHOICE.fullmatch(text)
    if choice:
        asked, one, other = (_translated(each) for each in choice.groups())
        return f"if {asked} then {one} else {other}"
    text = VARIABLE.sub(r"\1", text)
    text = EQUALS.sub(r"(\1 == \2)", SIZE.sub(r"count(\1)", CONTAINS.sub(_contains, text)))
    text = EMPTY.sub(r"(\1 == null or count(\1) == 0)", text)
    written = []
    tokens = TOKEN.findall(text)
    for number, token in enumerate(tokens):
        following = next((each for each in tokens[number + 1 :] if each.strip()), "")
        if token.startswith("'"):
            written.append(f'"{token[1:-1]}"')
        elif token in ("!", "not") and following != "(":
            written.append("not!")
        elif token == "!":
            written.append("not")
        else:
            written.append(WORDS.get(token, token))
    return re.sub(r"not!\s*([A-Za-z_][\w.]*)", r"not(\1)", "".join(written)).strip()


def _contains(found: re.Match[str]) -> str:
    call = f"contains({found[2]}, {found[3]})"
    return f"not({call})" if found[1] else call
