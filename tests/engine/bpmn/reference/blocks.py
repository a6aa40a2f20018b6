"""Blocks of several parts as drawings: branches, containers, and graphs that no brackets can be put around."""

from __future__ import annotations

import itertools

from tests.engine.bpmn.reference.choices import Choices
from tests.engine.bpmn.reference.growing import Block
from tests.engine.bpmn.reference.writing import NAMES, Ends, Leaves, is_activity

HOSTS = frozenset(
    {
        *("user", "service", "mapped", "receive", "gather", "sub", "multi", "rounds", "ad_hoc", "caught"),
        *("ends", "merge", "terminated", "undoable"),
    }
)
"""Blocks that mostly are one activity, at which boundary events can be."""


class Writer(Leaves):
    """Turns a tree of blocks into lines."""

    def process(self, block: Block, handlers: tuple[Block, ...] = ()) -> str:
        """Return the drawing of a process that is ``block``, with event sub-processes."""
        self.lines.append("startEvent start")
        entry, leave = self.block(block)
        self.lines += ["endEvent over", f"start -> {entry}", f"{leave} -> over"]
        for each in handlers:
            self.event_process(each, inside_sub=False)
        return "\n".join(self.lines)

    # --- blocks of flows ---

    def _sequence(self, block: Block, _choices: Choices) -> Ends:
        ends = [self.block(part) for part in block.parts]
        for (_entry, leave), (entry, _leave) in itertools.pairwise(ends):
            self.flow(leave, entry)
        return ends[0][0], ends[-1][1]

    def branches(self, block: Block, split: str, join: str, conditions: list[str]) -> None:
        """Draw the parts between a split and a join; an empty condition at the end is the default."""
        for part, condition in zip(block.parts, conditions, strict=True):
            entry, leave = self.block(part)
            if condition == "default":
                self.lines.append(f"{split} => {entry}")
            else:
                self.flow(split, entry, condition=condition)
            self.flow(leave, join)

    def some(self, block: Block, choices: Choices, default: str = "default") -> list[str]:
        found = [self.condition(choices) for _part in block.parts]
        return [*found[:-1], default]

    def _exclusive(self, block: Block, choices: Choices) -> Ends:
        split, join = self.draw("exclusiveGateway"), self.draw("exclusiveGateway")
        last = self.condition(choices) if choices.chance(15) else "default"
        self.branches(block, split, join, self.some(block, choices, last))
        return split, join

    def _inclusive(self, block: Block, choices: Choices) -> Ends:
        split, join = self.draw("inclusiveGateway"), self.draw("inclusiveGateway")
        self.branches(block, split, join, self.some(block, choices))
        return split, join

    def _implicit(self, block: Block, choices: Choices) -> Ends:
        split, join = self.draw("userTask", "groups=a"), self.draw("inclusiveGateway")
        last = choices.one_of(("default", ""))
        self.branches(block, split, join, self.some(block, choices, last))
        return split, join

    def _parallel(self, block: Block, _choices: Choices) -> Ends:
        split, join = self.draw("parallelGateway"), self.draw("parallelGateway")
        self.branches(block, split, join, [""] * len(block.parts))
        return split, join

    def _complex(self, block: Block, choices: Choices) -> Ends:
        split = self.draw("parallelGateway")
        enough = 1 + choices.below(len(block.parts))
        join = self.draw("complexGateway", f'"activation== activationCount >= {enough}"')
        self.branches(block, split, join, [""] * len(block.parts))
        return split, join

    def _loop(self, block: Block, choices: Choices) -> Ends:
        head, again, after = self.draw("exclusiveGateway"), self.draw("exclusiveGateway"), self.draw("task")
        counter = self.name("n")
        self.counters.append(counter)
        count = self.draw("scriptTask", f'"script== {counter} + 1"', f"result={counter}")
        entry, leave = self.block(block.parts[0])
        self.flow(head, entry)
        self.flow(leave, count, again)
        self.flow(again, head, condition=f"= {counter} < {2 + choices.below(2)}")
        self.lines.append(f"{again} => {after}")
        return head, after

    def _link(self, block: Block, _choices: Choices) -> Ends:
        entry, leave = self.block(block.parts[0])
        link = self.name("link")
        throw = self.draw("intermediateThrowEvent", f"link={link}")
        catch = self.draw("intermediateCatchEvent", f"link={link}")
        self.flow(leave, throw)
        after = self.draw("task")
        self.flow(catch, after)
        # the flows end at the throwing event: what comes next is drawn behind the catching one
        return entry, after

    def _choice(self, block: Block, choices: Choices) -> Ends:
        gate, join = self.draw("eventBasedGateway"), self.draw("exclusiveGateway")
        for part in block.parts:
            words, kind, code = self.awaited(choices, several=False)
            event = self.draw("intermediateCatchEvent", words)
            self.flow(gate, event)
            with self.handling("", ""):
                entry, leave = self.block(part)
            self.flow(event, entry)
            self.flow(leave, join)
            del kind, code
        return gate, join

    def _merge(self, block: Block, choices: Choices) -> Ends:
        """Several tokens through one task, without a gateway: it runs once for each."""
        name = self.name("sub")
        with self.inside(f"subProcess {name}"):
            start, last = self.draw("startEvent"), self.draw("userTask", "groups=a")
            for part in block.parts:
                entry, leave = self.block(part)
                self.flow(start, entry)
                self.flow(leave, last)
            if choices.chance(50):
                self.flow(last, self.draw("endEvent"))
        return name, name

    # --- containers ---

    def container(self, part: Block, *words: str, kind: str = "subProcess", ends: bool = True) -> str:
        name = self.name("sub")
        with self.inside(" ".join([kind, name, *words])):
            self.body(part, ends=ends)
        return name

    def an_end(self, choices: Choices) -> str:
        """Return what an end event throws: mostly nothing."""
        if choices.chance(55):
            return ""
        return str(
            choices.one_of(
                (
                    *("message=n1", "compensation", "terminate", "error=E1", 'error=E2 "in=v2:= v1 + 1"'),
                    f"signal={self.code('signal', choices)}",
                    f"escalation={self.code('escalation', choices)}",
                    f"escalation={self.code('escalation', choices)} signal={self.code('signal', choices)}",
                )
            )
        )

    def body(self, part: Block, *, ends: bool = True, end: str = "") -> None:
        choices = Choices(part.number + 5)
        if choices.chance(8):
            name = choices.one_of(NAMES)
            self.lines.append(f'<bpmn:property id="{self.name("property")}" name="{name}"/>')
        start = self.draw("startEvent")
        entry, leave = self.block(part)
        self.flow(start, entry)
        if ends or not is_activity(leave):
            self.flow(leave, self.draw("endEvent", end or self.an_end(choices)))

    def _sub(self, block: Block, choices: Choices) -> Ends:
        one, two = choices.one_of(NAMES), choices.one_of(NAMES)
        words = choices.one_of(((), (f'"in={one}:= {two} + 1"', f'"out={two}:= {one}"')))
        name = self.container(block.parts[0], *words, ends=choices.chance(60))
        return name, name

    def _multi(self, block: Block, choices: Choices) -> Ends:
        name = self.container(block.parts[0], *self.repeated(choices))
        return self.guard(name, choices) if self.guards_allowed and choices.chance(30) else (name, name)

    def _rounds(self, block: Block, choices: Choices) -> Ends:
        words = [
            choices.one_of(('"while== loopCounter < 3"', '"while== not(b1)"', '"while== v1 < 3"')),
            "most=3",
        ]
        if choices.chance(40):
            words.append("before")
        if block.parts[0].kind in ("user", "service"):
            kind, word = (
                ("userTask", "groups=a") if block.parts[0].kind == "user" else ("serviceTask", "topic=t")
            )
            return self.leaf(kind, word, *words)
        name = self.container(block.parts[0], *words)
        return name, name

    def _ad_hoc(self, block: Block, choices: Choices) -> Ends:
        name = self.name("sub")
        words = [] if choices.chance(30) else [f'"enough={choices.one_of(("= b1", "= v1 > 2", "= false"))}"']
        words += ["one_by_one"] if choices.chance(40) else []
        words += ["go_on"] if words and choices.chance(40) else []
        with self.inside(" ".join(["adHocSubProcess", name, *words])):
            names = []
            for part in block.parts:
                if part.parts:
                    names.append(self.container(part))
                else:
                    self.guards_allowed = False
                    names.append(self.block(part)[0])
                    self.guards_allowed = True
            if choices.chance(50):
                self.flow(names[0], names[-1])
        return name, name

    def _ends(self, block: Block, choices: Choices) -> Ends:
        """Branches that each come to an end of their own."""
        name = self.name("sub")
        with self.inside(f"subProcess {name}"):
            start = self.draw("startEvent")
            split = start
            if choices.chance(50):
                split = self.draw("inclusiveGateway")
                self.flow(start, split)
            for part, condition in zip(block.parts, self.some(block, choices), strict=True):
                entry, leave = self.block(part)
                if split == start:
                    self.flow(split, entry)
                elif condition == "default":
                    self.lines.append(f"{split} => {entry}")
                else:
                    self.flow(split, entry, condition=condition)
                self.flow(leave, self.draw("endEvent", self.an_end(choices)))
        return name, name

    def _terminated(self, block: Block, choices: Choices) -> Ends:
        name = self.name("sub")
        words = self.repeated(choices) if choices.chance(25) else []
        with self.inside(" ".join(["subProcess", name, *words])):
            start, end = self.draw("startEvent"), self.draw("endEvent", "terminate")
            for at, part in enumerate(block.parts):
                entry, leave = self.block(part)
                self.flow(start, entry)
                self.flow(leave, end if at == 0 else self.draw("endEvent"))
        return name, name

    def _fails(self, block: Block, choices: Choices) -> Ends:
        """A sub-process that may end by an error or escalation, mostly caught at its boundary."""
        name = self.name("sub")
        word = choices.one_of(("error=E1", "error=E2", f"escalation={self.code('escalation', choices)}"))
        with self.inside(f"subProcess {name}"):
            start, either = self.draw("startEvent"), self.draw("exclusiveGateway")
            entry, leave = self.block(block.parts[0])
            self.flow(start, entry)
            self.flow(leave, either)
            self.flow(either, self.draw("endEvent", word), condition=self.condition(choices))
            self.lines.append(f"{either} => {self.draw('endEvent')}")
        if choices.chance(30):
            return name, name
        caught = word if choices.chance(60) else word.split("=")[0]
        quiet = "quiet" if word.startswith("escalation") and choices.chance(50) else ""
        with self.handling(word.split("=")[0], word.split("=")[-1]):
            return self.boundary(name, f"{quiet} {caught}", block.parts[1], quiet=bool(quiet))

    def boundary(self, host: str, words: str, part: Block, *, quiet: bool) -> Ends:
        event = self.draw("boundaryEvent", f"on={host}", words)
        entry, leave = self.block(part)
        self.flow(event, entry)
        if quiet:
            self.end(leave)
            return host, host
        join = self.draw("exclusiveGateway")
        self.flow(host, join)
        self.flow(leave, join)
        return host, join

    def guard(self, host: str, choices: Choices, part: Block | None = None) -> Ends:
        quiet = choices.chance(50)
        words, kind, code = self.caught(choices, quiet=quiet)
        with self.handling(kind, code):
            return self.boundary(
                host, f"{'quiet' if quiet else ''} {words}", part or Block("user"), quiet=quiet
            )

    def _guarded(self, block: Block, choices: Choices) -> Ends:
        first = block.parts[0]
        allowed, self.guards_allowed = self.guards_allowed, False
        entry = self.block(first)[0] if first.kind in HOSTS else self.container(first)
        self.guards_allowed, leave = allowed, entry
        for part in block.parts[1:]:
            _host, out = (
                self.guard(entry, choices, part)
                if leave == entry
                else self.second(entry, leave, part, choices)
            )
            leave = out
        return entry, leave

    def second(self, host: str, join: str, part: Block, choices: Choices) -> Ends:
        """Another boundary event whose path comes to the same join, or ends by itself."""
        quiet = choices.chance(50)
        words, kind, code = self.caught(choices, quiet=quiet)
        with self.handling(kind, code):
            event = self.draw("boundaryEvent", f"on={host}", "quiet" if quiet else "", words)
            entry, leave = self.block(part)
        self.flow(event, entry)
        if quiet:
            self.end(leave)
        else:
            self.flow(leave, join)
        return host, join

    def end(self, leave: str) -> None:
        """End a path: an activity may be its end."""
        if not is_activity(leave) or leave.endswith(("1", "3", "5")):
            self.flow(leave, self.draw("endEvent"))

    def _caught(self, block: Block, choices: Choices) -> Ends:
        name = self.name("sub")
        words = self.repeated(choices) if choices.chance(20) else []
        with self.inside(" ".join(["subProcess", name, *words])):
            self.body(block.parts[0], ends=choices.chance(60))
            for part in block.parts[1:]:
                self.event_process(part, inside_sub=True)
        return name, name

    def event_process(self, part: Block, *, inside_sub: bool) -> None:
        choices = Choices(part.number + 1)
        name, quiet = self.name("sub"), choices.chance(50)
        words, kind, code = self.caught(choices, quiet=quiet)
        if inside_sub and choices.chance(20):
            words, kind, code, quiet = "compensation", "compensation", "", False
        with self.handling(kind, code), self.inside(f"subProcess {name} triggered"):
            start = self.draw("startEvent", "quiet" if quiet else "", words)
            entry, leave = self.block(part)
            self.flow(start, entry)
            self.flow(leave, self.draw("endEvent", self.an_end(choices)))

    def _undoable(self, block: Block, choices: Choices) -> Ends:
        """An activity with a handler that undoes it."""
        first = block.parts[0]
        if first.parts:
            words = self.repeated(choices) if choices.chance(20) else []
            name = self.container(first, *words)
        else:
            words = self.repeated(choices) if choices.chance(20) else []
            name, _name = self.leaf("userTask", "groups=a", *words)
        event = self.draw("boundaryEvent", f"on={name}", "compensation")
        self.lines.append(f"{event} ~> {self.handler(choices)}")
        self.undoables[-1].append(name)
        return name, name

    def handler(self, choices: Choices) -> str:
        """Draw an activity that undoes another."""
        found = choices.below(5)
        if found == 0:
            part = choices.one_of((Block("user"), Block("service"), Block("undoable", 0, (Block("user"),))))
            return self.container(part, "undoes")
        words = (
            "userTask groups=a",
            "serviceTask topic=t",
            'scriptTask "script== v1 + 1" result=v1',
            "userTask groups=a",
        )
        kind, _, rest = words[found - 1].partition(" ")
        return self.draw(kind, rest, "undoes")

    def _transaction(self, block: Block, choices: Choices) -> Ends:
        name = self.name("sub")
        with self.inside(f"transaction {name}"):
            start, either = self.draw("startEvent"), self.draw("exclusiveGateway")
            entry, leave = self.block(block.parts[0])
            self.flow(start, entry)
            self.flow(leave, either)
            self.flow(either, self.draw("endEvent", "cancel"), condition=self.condition(choices))
            self.lines.append(f"{either} => {self.draw('endEvent')}")
        return self.boundary(name, "cancel", block.parts[1], quiet=False)

    def _undone(self, block: Block, choices: Choices) -> Ends:
        """Several things that can be undone, and are, sometimes."""
        name = self.name("sub")
        with self.inside(f"subProcess {name}"):
            start = self.draw("startEvent")
            ends = [self._undoable(Block("undoable", part.number, (part,)), choices) for part in block.parts]
            throw = self._undo(block, choices)[0]
            if choices.chance(60):
                before = start
                for entry, leave in ends:
                    self.flow(before, entry)
                    before = leave
                self.flow(before, throw)
            else:
                fork, join = self.draw("parallelGateway"), self.draw("parallelGateway")
                self.flow(start, fork)
                for entry, leave in ends:
                    self.flow(fork, entry)
                    self.flow(leave, join)
                self.flow(join, throw)
            self.flow(throw, self.draw("endEvent", self.an_end(choices)))
            if choices.chance(60):
                self.undoing_process(ends[0][0], choices)
        return name, name

    def undoing_process(self, one: str, choices: Choices) -> None:
        """Draw an event sub-process that undoes what was done around it."""
        quiet = choices.chance(50)
        words, kind, code = self.caught(choices, quiet=quiet)
        out = choices.one_of(("", '"out=v2:= v1"'))
        with self.handling(kind, code), self.inside(f"subProcess {self.name('sub')} triggered"):
            start = self.draw("startEvent", "quiet" if quiet else "", words, out)
            throw = choices.one_of(("compensation", f"compensation={one}"))
            self.flow(start, self.draw("endEvent", throw))

    def _signalled(self, block: Block, choices: Choices) -> Ends:
        """Something inside throws a signal that several places around wait for."""
        code = self.code("signal", choices)
        name, inner = self.name("sub"), self.name("sub")
        with self.inside(f"subProcess {name}"):
            start = self.draw("startEvent")
            with self.inside(f"subProcess {inner}"):
                first, wait = self.draw("startEvent"), self.draw("intermediateCatchEvent", f"signal={code}")
                entry, leave = self.block(block.parts[0])
                throw = self.draw("intermediateThrowEvent", f"signal={code}")
                self.flow(first, entry)
                if choices.chance(50):
                    self.flow(first, wait)
                else:
                    self.lines.append(f"{leave} -> {wait}")
                self.flow(leave, throw)
                self.flow(wait, self.draw("endEvent"))
                self.flow(throw, self.draw("endEvent"))
                self.listening(code, block.parts[1], choices)
            self.flow(start, inner)
            self.listening(code, block.parts[-1], choices)
            if choices.chance(60):
                self.listening_beside(inner, code, block.parts[-1], choices)
        if choices.chance(60):
            self.listening_beside(name, code, block.parts[-1], choices)
        return name, name

    def listening(self, code: str, part: Block, choices: Choices) -> None:
        """Draw an event sub-process that a signal starts, mostly."""
        if choices.chance(40):
            return
        quiet = choices.one_of(("", "quiet"))
        with self.handling("signal", code), self.inside(f"subProcess {self.name('sub')} triggered"):
            start = self.draw("startEvent", quiet, f"signal={code}")
            entry, leave = self.block(part)
            self.flow(start, entry)
            self.flow(leave, self.draw("endEvent"))

    def listening_beside(self, host: str, code: str, part: Block, choices: Choices) -> None:
        with self.handling("signal", code):
            event = self.draw("boundaryEvent", f"on={host}", choices.one_of(("", "quiet")), f"signal={code}")
            entry, leave = self.block(part)
            self.flow(event, entry)
            self.flow(leave, self.draw("endEvent"))

    def _at_the_end(self, block: Block, choices: Choices) -> Ends:
        """The last thing inside makes a condition true that something is still waiting for."""
        name, variable, quiet = self.name("sub"), choices.one_of(NAMES), choices.one_of(("", "quiet"))
        with self.inside(f"subProcess {name}"):
            start = self.draw("startEvent")
            last = self.draw("scriptTask", f'"script== {variable} + 2"', f"result={variable}")
            entry, leave = self.block(block.parts[0])
            self.flow(start, entry)
            self.flow(leave, last)
            with self.inside(f"subProcess {self.name('sub')} triggered"):
                begin = self.draw("startEvent", quiet, f'"condition== {variable} > 2"')
                entry, leave = self.block(block.parts[1])
                self.flow(begin, entry)
                self.flow(leave, self.draw("endEvent"))
        return name, name

    # --- graphs that no brackets can be put around ---

    def edges(self, count: int, choices: Choices) -> list[tuple[int, int]]:
        found = {(at, at + 1 + choices.below(count - at - 1)) for at in range(count - 1)}
        found |= {(choices.below(at), at) for at in range(1, count)}
        found |= {(0, 1 + choices.below(count - 1))}
        return sorted(found)

    def graph(self, block: Block, choices: Choices, join: str, splits: tuple[str, ...]) -> list[Ends]:
        """Draw the parts as nodes of a graph without circles; return where each begins and ends."""
        edges = self.edges(len(block.parts), choices)
        ends = [self.block(part) for part in block.parts]
        for at in range(len(ends)):
            entry, leave = ends[at]
            if sum(target == at for _source, target in edges) > 1:
                gate = self.draw(join)
                self.flow(gate, entry)
                entry = gate
            if sum(source == at for source, _target in edges) > 1:
                gate = self.draw(choices.one_of(splits))
                self.flow(leave, gate)
                leave = gate
            ends[at] = entry, leave
        for source in range(len(ends)):
            targets = [ends[target][0] for each, target in edges if each == source]
            for at, target in enumerate(targets):
                leave = ends[source][1]
                if len(targets) == 1 or leave.startswith("parallel"):
                    self.flow(leave, target)
                elif at == len(targets) - 1:
                    self.lines.append(f"{leave} => {target}")
                else:
                    self.flow(leave, target, condition=self.condition(choices))
        return ends

    def _dag_and(self, block: Block, choices: Choices) -> Ends:
        ends = self.graph(block, choices, "parallelGateway", ("parallelGateway",))
        return ends[0][0], ends[-1][1]

    def _dag_or(self, block: Block, choices: Choices) -> Ends:
        splits = ("parallelGateway", "inclusiveGateway", "exclusiveGateway")
        ends = self.graph(block, choices, "inclusiveGateway", splits)
        return ends[0][0], ends[-1][1]

    def _dag_xor(self, block: Block, choices: Choices) -> Ends:
        ends = self.graph(block, choices, "exclusiveGateway", ("exclusiveGateway",))
        return ends[0][0], ends[-1][1]
