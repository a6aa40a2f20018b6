"""Compensation (BPMN 2.0.2, 13.5.5): what was completed is undone in reverse order, inside the event that throws it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.bpmn.reference.board import Done, Run, Scope
from tests.engine.bpmn.reference.events import Events

ONE_BY_ONE, BY_PROCESS = "one by one", "by its event sub-process"


class Undoing(Events):
    """Remembering and undoing."""

    def remember(self, run: Run) -> None:
        """Keep what is needed to undo a completed run: beside it, in the run around it."""
        inside, node, around = run.done, run.node, run.around
        run.done = []
        run.inner.counters = {} if run.role == "body" else run.inner.counters  # they count what runs
        if around is None or node.says("isForCompensation") or around.undoing == BY_PROCESS:
            return
        has_handler = node.handler is not None and run.role != "body"
        if has_handler and run.role == "plain":
            around.done.append(Done(node, run.role, run.scope, None, []))
        elif inside or has_handler or (run.is_container and node.undoing_process):
            around.done.append(Done(node, run.role, run.scope, run.own, inside))

    def compensate(self, run: Run, activity: str | None) -> bool:
        """Begin to undo one activity of the surroundings or all of them; True when there is nothing to undo."""
        pending: list[Done] = []
        for host in surroundings(run):
            taken = [each for each in host.done if activity in (None, each.node.id)]
            host.done = [each for each in host.done if each not in taken]
            if host is not run.around:
                for each in taken:
                    each.own = each.own or Scope(each.scope)  # not in the scope of the one that throws
            pending = taken + pending
        if not pending:
            return True
        run.undoing, run.done = ONE_BY_ONE, pending
        self.undo_next(run)
        return False

    def undo_next(self, host: Run) -> None:
        if host.done and host.undoing == ONE_BY_ONE:
            self.undo(host, host.done.pop())
            return
        host.done.clear()
        around = host.around
        if host.role != "undone":
            host.undoing = ""
            self.emptied(host)
        elif around is not None:
            self.remove(host)
            if self.is_empty(around):
                self.emptied(around)

    def undo(self, host: Run, done: Done) -> None:
        handler = done.node.handler if done.role != "body" else None
        if handler is not None and done.role == "plain" and done.own is None:
            self.spawn(host, handler)
            return
        again = Run(self.number(), done.node, "undone", host, done.scope, "inside", ready=False, own=done.own)
        again.undoing = ONE_BY_ONE
        host.inside.append(again)
        process = done.node.undoing_process if done.role != "body" else None
        if handler is not None:
            self.spawn(again, handler)
        elif process is not None:
            again.done, again.undoing = done.inside, BY_PROCESS
            self.spawn(again, process)
        else:
            again.done = done.inside
            self.undo_next(again)


def surroundings(run: Run) -> Iterator[Run]:
    """The run around the one that throws, and the next ones as long as it is an event sub-process."""
    host = run.around
    while host is not None:
        yield host
        host = host.around if host.node.is_event_process else None
