"""What a migration finds: problems that forbid it and changes that it brings, each by element and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PROBLEMS: Mapping[str, str] = {
    "unknown_source": "The mapping names «{element}», which the version that is left does not have.",
    "unknown_target": "The mapping leads to «{target}», which the new version does not have.",
    "gone": "The new version has no «{element}», and something stands there: map it to an element.",
    "kind": "«{element}» is a {before}, «{target}» a {after}: what waits at one cannot wait at the other.",
    "event_kind": "«{element}» waits for {before}, «{target}» for {after}: these cannot take each other's place.",
    "loop_added": "«{target}» runs several times in the new version, «{element}» runs just once: finish it first.",
    "loop_removed": "«{element}» runs several times, «{target}» just once in the new version: finish it first.",
    "loop_differs": "«{element}» is repeated and under way; its {what} may not change while it is.",
    "nesting": "«{target}» does not lie where «{element}» does: only a new plain sub-process may be drawn around it.",
    "own_variables": "«{element}» is gone, and variables of its own hide outer ones ({what}): finish it first.",
    "ad_hoc_order": "What was begun in the ad-hoc sub-process «{element}» is not what it begins with in the new version.",
    "flow_gone": "A token came to «{element}» by the flow «{flow}», which is gone: map the flow to another one.",
    "arrivals_merged": "Tokens wait at two joins that both become «{target}»: map them to different ones.",
    "activation": "Tokens wait at «{element}», whose activation condition differs in the new version.",
    "join_starves": "The join «{target}» would wait for ever: no token can come to it by the flow «{flow}».",
    "mapped_twice": "Two events that wait at «{element}» both become «{target}»: map them to different ones.",
    "parts_differ": "«{element}» waits for several events and some have come; what it waits for may not change now.",
    "nothing_awaited": "«{target}» would wait for nothing in the new version.",
    "compensation_gone": "«{element}» is done and can be undone; in the new version nothing undoes «{target}».",
    "called_process": "«{element}» waits for a run of «{before}»; in the new version it calls «{after}».",
    "timer_over": "The timer of «{element}» would be over before it was due in the new version.",
    "expression": "«{target}» cannot be prepared: {message}",
    "job_under_way": "A worker is busy with «{element}», whose topic differs in the new version: try again later.",
}
"""Code of what forbids a migration → its sentence."""

CHANGES: Mapping[str, str] = {
    "kept": "«{element}» stays as it is.",
    "moved": "«{element}» goes on at «{target}».",
    "updated": "«{target}» gets what the new version says: {what}.",
    "wrapped": "The new sub-process «{target}» begins around what runs.",
    "dissolved": "The sub-process «{element}» is gone; what runs inside goes on around it.",
    "timer_planned": "The timer «{target}» is planned again: due {due}.",
    "timer_closed": "The timer «{target}» has fired as often as the new version lets it: closed.",
    "subscribed": "«{target}» waits for «{event}» from now on.",
    "condition_asked": "The condition of «{target}» is asked again.",
    "event_opened": "«{target}» is new and waits from now on.",
    "event_closed": "«{element}» is gone and waits no more.",
    "arrival_moved": "What came by the flow «{element}» counts as come by «{target}».",
    "arrival_dropped": "What came to «{target}» by the flow «{element}» is given up, as the mapping says.",
    "not_begun": "«{target}» is new in an ad-hoc sub-process that runs already: it is not begun there.",
    "duty_unknown": "«{target}» must be done by somebody else than «{what}», which this instance never had.",
    "child_kept": "The instance that «{element}» called goes on as it is.",
    "child_migrated": "The instance that «{element}» called goes on in version {version}.",
    "entered": "Then «{target}» begins.",
}
"""Code of what a migration changes → its sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: ``element`` in the version that is left, ``target`` in the new one; ids, with names beside them.

    ``process`` among the details: it was found in a called instance of that process.
    """

    code: str
    element: str = ""
    target: str = ""
    name: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence."""
        text = PROBLEMS.get(self.code) or CHANGES[self.code]
        called = f"{self.process}: " if self.process else ""
        return called + text.format(element=self.element, target=self.target, **self.detail)

    @property
    def process(self) -> str:
        """The process of the called instance that it was found in, if it was one."""
        return self.detail.get("process", "")

    @property
    def forbids(self) -> bool:
        """Tell whether it forbids the migration."""
        return self.code in PROBLEMS


@dataclass(slots=True)
class Findings:
    """What is found, as it grows; each thing once."""

    found: dict[tuple[str, ...], Finding] = field(default_factory=dict)

    def add(self, code: str, element: str = "", target: str = "", *, name: str = "", **detail: str) -> None:
        """Note one thing."""
        key = (code, element, target, *detail.values())
        self.found.setdefault(key, Finding(code, element, target, name, detail))

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What forbids the migration."""
        return tuple(each for each in self.found.values() if each.forbids)

    @property
    def changes(self) -> tuple[Finding, ...]:
        """What the migration brings."""
        return tuple(each for each in self.found.values() if not each.forbids)
