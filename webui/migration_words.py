"""What a migration finds, in the page's language: 中文 by the finding's code, with names in place of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.bpmn.migrating import CHANGES, PROBLEMS, Finding
from engine.bpmn.model import ProcessModel
from webui.language import by_language, language

Names = Callable[[str], str]

WORDS: Mapping[str, str] = {
    "unknown_source": "对应表中的「{element}」在原版本里没有。",
    "unknown_target": "对应表指向「{target}」，新版本里没有。",
    "gone": "新版本里没有「{element}」，而实例正停在那里：请为它选择对应的步骤。",
    "kind": "「{element}」是{before}，「{target}」是{after}：等在一种步骤上的不能转到另一种。",
    "event_kind": "「{element}」等的是{before}，「{target}」等的是{after}：不能互相代替。",
    "loop_added": "「{target}」在新版本里重复进行，「{element}」只进行一次：请先办完。",
    "loop_removed": "「{element}」重复进行，「{target}」在新版本里只进行一次：请先办完。",
    "loop_differs": "「{element}」正在重复进行，{what}不能在中途改变。",
    "nesting": "「{target}」与「{element}」所在的位置不同：只能在外面新加一层普通子流程。",
    "own_variables": "「{element}」已经没有，而它自己的变量（{what}）与外层同名：请先办完。",
    "ad_hoc_order": "自由子流程「{element}」已经开始的步骤，与新版本开头的步骤不一致。",
    "flow_gone": "有令牌经「{flow}」到达「{element}」，这条线已经没有：请为它选择对应的线。",
    "arrivals_merged": "两个正在等待的汇合都变成了「{target}」：请分别对应。",
    "activation": "「{element}」已有令牌等待，而新版本的激活条件不同。",
    "join_starves": "汇合「{target}」会一直等下去：没有令牌能经「{flow}」到达。",
    "mapped_twice": "「{element}」上等待的两个事件都变成了「{target}」：请分别对应。",
    "parts_differ": "「{element}」等待多个事件且已来了一些，现在不能改变它等的内容。",
    "nothing_awaited": "「{target}」在新版本里什么也不等。",
    "compensation_gone": "「{element}」已完成且可以撤销；新版本里没有撤销「{target}」的办法。",
    "called_process": "「{element}」在等「{before}」的实例，新版本里它调用的是「{after}」。",
    "timer_over": "「{element}」的定时在新版本里还没到期就已结束。",
    "expression": "「{target}」不能准备好：{message}",
    "job_under_way": "系统正在执行「{element}」，而新版本的处理程序不同：请稍后再试。",
    "kept": "「{element}」保持不变。",
    "moved": "「{element}」转到「{target}」继续。",
    "updated": "「{target}」按新版本更新：{what}。",
    "wrapped": "正在运行的步骤外面开始了新的子流程「{target}」。",
    "dissolved": "子流程「{element}」已经没有，里面的步骤在外层继续。",
    "timer_planned": "定时「{target}」重新安排，到期 {due}。",
    "timer_closed": "定时「{target}」已达到新版本允许的次数，结束。",
    "subscribed": "「{target}」从现在起等待 {event}。",
    "condition_asked": "重新判断「{target}」的条件。",
    "event_opened": "「{target}」是新的，从现在起等待。",
    "event_closed": "「{element}」已经没有，不再等待。",
    "arrival_moved": "经「{element}」到达的，算作经「{target}」到达。",
    "arrival_dropped": "经「{element}」到达「{target}」的，按对应表放弃。",
    "not_begun": "「{target}」是自由子流程里新加的步骤，正在运行的不会再开始它。",
    "duty_unknown": "「{target}」须与「{what}」由不同的人办理，而这个实例从没有过后者。",
    "child_kept": "「{element}」调用的实例照常继续。",
    "child_migrated": "「{element}」调用的实例转到版本 {version}。",
    "entered": "随后开始「{target}」。",
}
"""Code of a finding → its sentence."""

KINDS: Mapping[str, str] = {
    "userTask": "人工步骤",
    "serviceTask": "系统步骤",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "决策任务",
    "task": "任务",
    "callActivity": "调用活动",
    "subProcess": "子流程",
    "adHocSubProcess": "自由子流程",
    "eventSubProcess": "事件子流程",
    "intermediateCatchEvent": "捕获事件",
    "intermediateThrowEvent": "抛出事件",
    "boundaryEvent": "边界事件",
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "complexGateway": "复杂网关",
    "eventBasedGateway": "事件网关",
    "process": "流程",
    "sequenceFlow": "线",
    "message": "消息",
    "signal": "信号",
    "timer": "定时",
    "condition": "条件",
    "kind": "方式",
    "order": "顺序",
    "item variable": "单项变量",
    "result variable": "结果变量",
    "name": "名称",
    "form": "表单",
    "candidates": "可办理的人",
    "assignee": "办理人",
    "lane": "泳道",
    "priority": "优先级",
    "follow_up_at": "跟进日期",
    "due_at": "期限",
    "headers": "参数",
    "topic": "处理程序",
    "retries": "重试次数",
    "separate_from": "职责分离",
    "waits_for_client": "等待客户",
    "order (one after the other, or all at once)": "先后（依次或同时）",
    "collected result, of which some are there already,": "已收集了一部分的结果",
}
"""Words that findings carry: kinds of elements and events, and what changes of a work item."""
SPACE = re.compile(r"(?<=[a-z])(?=[A-Z])")
CARRIED = frozenset({"before", "after", "what"})
ENGLISH = {"follow_up_at": "follow-up date", "due_at": "due date", "separate_from": "separation of duties"}


def names_in(old: ProcessModel | None, new: ProcessModel | None) -> tuple[Names, Names]:
    """Return how elements and flows of the two versions are called on a page."""
    return _names(old), _names(new)


def told(finding: Finding, names: tuple[Names, Names], *, chinese: bool | None = None) -> str:
    """Return the sentence of a finding, in the page's language unless one is named."""
    in_zh = language() != "en" if chinese is None else chinese
    text = WORDS[finding.code] if in_zh else (PROBLEMS.get(finding.code) or CHANGES[finding.code])
    detail = {key: _carried(key, value, chinese=in_zh) for key, value in finding.detail.items()}
    if "flow" in detail:
        detail["flow"] = names[1 if finding.code == "join_starves" else 0](detail["flow"])
    if finding.process:  # its elements are those of another drawing
        names = (lambda element: finding.name or element, plain)
    element, target = names[0](finding.element), names[1](finding.target)
    if element == target and finding.element != finding.target:
        element, target = f"{element} ({finding.element})", f"{target} ({finding.target})"
    called = f"{finding.process}: " if finding.process else ""
    return called + text.format(element=element, target=target, **detail)


def kind_word(kind: str) -> str:
    """Return the kind of an element in the page's language."""
    if language() == "en":
        return SPACE.sub(" ", kind).capitalize()
    return KINDS.get(kind, kind)


def _carried(key: str, value: str, *, chinese: bool) -> str:
    if key not in CARRIED:
        return value
    words = KINDS if chinese else ENGLISH
    return ("、" if chinese else ", ").join(words.get(each, each) for each in _parts(value))


def _parts(value: str) -> list[str]:
    return [value] if value in KINDS else value.split(", ")


def _names(process: ProcessModel | None) -> Names:
    def name(found: str) -> str:
        if process is None:
            return found
        element = process.elements.get(found)
        if element is not None:
            return by_language(element.name, element.name_en) or found
        flow = process.flows.get(found)
        if flow is None:
            return found
        return flow.name or f"{name(flow.source)} → {name(flow.target)}"

    return name


def plain(found: str) -> str:
    """Return an id as it is, where no drawing is at hand."""
    return found
