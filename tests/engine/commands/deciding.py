"""Decision files for tests of what the product does with decisions."""

from __future__ import annotations

from html import escape

RATE = """
  <decision id="rate" name="税率"><variable name="rate"/>
   <informationRequirement><requiredDecision href="#size"/></informationRequirement>
   <decisionTable hitPolicy="COLLECT">
    <input label="规模"><inputExpression><text>size</text></inputExpression></input>
    <input label="金额"><inputExpression><text>amount</text></inputExpression></input>
    <output name="rate"/>
    <rule id="small"><inputEntry><text>"小"</text></inputEntry><inputEntry><text>-</text></inputEntry>
     <outputEntry><text>0.01</text></outputEntry></rule>
    <rule id="big"><inputEntry><text>"大"</text></inputEntry><inputEntry><text>-</text></inputEntry>
     <outputEntry><text>0.03</text></outputEntry></rule>
    <rule id="even"><inputEntry><text>-</text></inputEntry><inputEntry><text>even(?)</text></inputEntry>
     <outputEntry><text>amount / 1000</text></outputEntry></rule>
   </decisionTable></decision>"""
SIZE = """
  <decision id="size" name="规模"><variable name="size"/>
   <decisionTable hitPolicy="UNIQUE">
    <input label="金额"><inputExpression><text>amount</text></inputExpression></input>
    <output name="size"/>
    <rule id="s1"><inputEntry><text>[1..100]</text></inputEntry><outputEntry><text>"小"</text></outputEntry></rule>
    <rule id="s2"><inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>"大"</text></outputEntry></rule>
   </decisionTable></decision>"""


def dmn(*decisions: str, name: str = "rates") -> bytes:
    """Return a DMN file."""
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
    return (
        f'{head} id="{name}" name="{name}" namespace="http://x">{"".join(decisions)}\n</definitions>'.encode()
    )


def formula(key: str, text: str) -> str:
    """Return a decision that is an expression."""
    return (
        f'<decision id="{key}" name="{key}"><variable name="{key}"/>'
        f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>"
    )


RATES = dmn(SIZE, RATE)
