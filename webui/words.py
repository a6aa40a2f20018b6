"""Names of coded values as people read them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as later

from engine.people import ACTIONS, CLIENT_CONTACT, ROLES
from webui.language import language

CLIENT_STATUS: dict[str, Any] = {
    "lead": later("线索"),
    "prospect": later("意向"),
    "active": later("服务中"),
    "suspended": later("暂停"),
    "ended": later("已终止"),
    "refused": later("未承接"),
}
TAXPAYER: dict[str, Any] = {"small_scale": later("小规模纳税人"), "general": later("一般纳税人")}
INSTANCE_STATE: dict[str, Any] = {
    "running": later("运行中"),
    "suspended": later("已暂停"),
    "completed": later("已完成"),
    "terminated": later("已终止"),
    "cancelled": later("已取消"),
    "failed": later("失败"),
}
WAIT_KIND: dict[str, Any] = {
    "work_item": later("人工步骤"),
    "service": later("作业"),
    "timer": later("定时器"),
    "start": later("定时启动"),
    "message": later("等待消息"),
    "signal": later("等待信号"),
    "condition": later("等待条件"),
    "child": later("子流程"),
    "incident": later("异常"),
    "scope": later("整个范围"),
}
OBLIGATION_STATE: dict[str, Any] = {
    "open": later("待办"),
    "done": later("已完成"),
    "waived": later("不适用"),
    "filed": later("已申报"),
}
RETURN_STATE: dict[str, Any] = {
    "computed": later("已计算"),
    "confirmed": later("客户已确认"),
    "filed": later("已申报"),
    "returned": later("被退回"),
    "paid": later("已缴款"),
    "corrected": later("已更正"),
}
VOUCHER_STATE: dict[str, Any] = {
    "proposed": later("待复核"),
    "reviewed": later("已复核"),
    "posted": later("已记账"),
    "discarded": later("已作废"),
}
DOCUMENT_STATE: dict[str, Any] = {
    "received": later("已收到"),
    "accepted": later("已接受"),
    "returned": later("已退回"),
    "refused": later("不予受理"),
    "produced": later("我方出具"),
}
DOCUMENT_KIND: dict[str, Any] = {
    "invoice": later("发票"),
    "bank": later("银行流水"),
    "bank_statement": later("银行流水"),
    "statement": later("财务报表"),
    "contract": later("合同"),
    "pack": later("交付包"),
    "tax_receipt": later("完税凭证"),
    "handover": later("交接清册"),
    "contract_draft": later("合同文本"),
    "payroll": later("工资表"),
    "stock": later("盘点表"),
    "expense": later("费用单据"),
    "social": later("社保公积金缴费单"),
    "other": later("其他"),
    "upload": later("上传资料"),
}
CONTRACT_STATE: dict[str, Any] = {
    "draft": later("草稿"),
    "frozen": later("已定稿"),
    "signed": later("已签署"),
    "refused": later("未签"),
    "expired": later("已到期"),
    "terminated": later("已终止"),
    "renewed": later("已续签"),
}
CHANNEL: dict[str, Any] = {
    "phone": later("电话"),
    "call": later("电话"),
    "visit": later("上门"),
    "mail": later("邮件"),
    "message": later("消息"),
    "wechat": later("微信"),
    "portal": later("客户页面"),
    "meeting": later("会议"),
}
GROUP: dict[str, Any] = {
    "service": later("服务"),
    "client": later("客户"),
    "quality": later("质量"),
    "finance": later("财务"),
    "people": later("人事"),
    "market": later("市场"),
    "technology": later("技术"),
    "compliance": later("合规"),
}
KIND: dict[str, Any] = {
    "process": later("流程"),
    "decision": later("决策"),
    "form": later("表单"),
    "scenario": later("场景"),
}
SURVEY: dict[str, Any] = {
    "rate_timeliness": later("及时性"),
    "rate_accuracy": later("准确性"),
    "rate_attitude": later("服务态度"),
    "rate_advice": later("建议有用"),
    "recommend": later("愿意推荐"),
    "comment": later("意见和建议"),
}
PROFILE: dict[str, Any] = {
    "industry": later("行业"),
    "staff_count": later("员工人数"),
    "monthly_invoices": later("每月票据张数"),
    "monthly_bank_lines": later("每月银行流水笔数"),
}
BATCH_ACT: dict[str, Any] = {
    "migrate": later("迁移实例"),
    "suspend": later("暂停实例"),
    "resume": later("恢复实例"),
    "cancel": later("取消实例"),
}
MAPPING: dict[str, Any] = {"by_itself": later("自动查找"), "given_up": later("放弃到达的令牌")}
TABLES: dict[str, dict[str, Any]] = {
    "client_status": CLIENT_STATUS,
    "taxpayer": TAXPAYER,
    "instance_state": INSTANCE_STATE,
    "wait_kind": WAIT_KIND,
    "obligation_state": OBLIGATION_STATE,
    "return_state": RETURN_STATE,
    "voucher_state": VOUCHER_STATE,
    "document_state": DOCUMENT_STATE,
    "document_kind": DOCUMENT_KIND,
    "contract_state": CONTRACT_STATE,
    "channel": CHANNEL,
    "group": GROUP,
    "kind": KIND,
    "survey": SURVEY,
    "profile": PROFILE,
    "batch_act": BATCH_ACT,
    "mapping": MAPPING,
}


def word(table: str, code: str | None) -> str:
    """Return the name of a code; the code itself when it has none."""
    return str(TABLES[table].get(code or "", code or "–"))


def role_name(key: str) -> str:
    """Return the name of a role in the page's language; the key when it is none of ours."""
    if key == CLIENT_CONTACT:
        return "Client" if language() == "en" else "客户"
    if key not in ROLES:
        return key
    zh, en, _actions = ROLES[key]
    return en if language() == "en" else zh


def action_name(key: str) -> str:
    """Return what an action allows in the page's language."""
    zh, en = ACTIONS[key]
    return en if language() == "en" else zh


def init_app(app: Flask) -> None:
    """Make the names known to the templates."""
    app.jinja_env.filters["role_word"] = role_name
    app.jinja_env.globals.update(word=word, role_name=role_name, action_name=action_name)
