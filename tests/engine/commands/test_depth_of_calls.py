from __future__ import annotations

from sqlalchemy import func, select

from engine.commands import deployments
from store.tables import Instance
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.playing import Play

DEPTH = 50


def test_fifty_nested_calls_go_down_and_come_back_up(play: Play, firm: Firm) -> None:
    last = "startEvent s\nuserTask last groups=bookkeeper\nscriptTask say 'script== 6 * 7' result=answer\ns -> last -> say"
    files = {"p49/p49.bpmn": bpmn(last, "p49")}
    for level in range(DEPTH - 1):
        drawing = f"startEvent s\ncallActivity call calls=p{level + 1}\nendEvent e\ns -> call -> e"
        files[f"p{level}/p{level}.bpmn"] = bpmn(drawing, f"p{level}")
    play.store.run(deployments.deploy, files, by=None)
    top = play.start("p0")
    assert list(play.open_items()) == ["last"]
    play.complete("last", by=firm.bao)
    assert play.state(top) == "completed"
    assert play.variables(top)["answer"] == 42
    assert play.rows(select(Instance.state, func.count()).group_by(Instance.state)) == [("completed", DEPTH)]
