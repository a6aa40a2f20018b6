"""What is wrong with an answer, in the page's language, by the code of the problem."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as later

from webui.language import language

WORDS: dict[str, Any] = {
    "required": later("请填写此项。"),
    "unknown_field": later("表单没有这一项，请刷新页面。"),
    "not_text": later("请填写文字。"),
    "not_number": later("请填写数字，例如 12345.60。"),
    "not_boolean": later("请选择是或否。"),
    "not_a_choice": later("请从列出的选项中选择。"),
    "not_a_list": later("这里需要一个列表。"),
    "not_a_context": later("这里需要一组字段。"),
    "not_a_date": later("请填写日期，例如 2026-11-30。"),
    "not_a_time": later("请填写时间，例如 10:30。"),
    "not_a_datetime": later("请填写日期和时间，例如 2026-11-30 10:30。"),
    "not_a_file": later("请选择文件。"),
    "past_date": later("日期不能早于今天。"),
    "too_small": later("不能小于 {min}。"),
    "too_large": later("不能大于 {max}。"),
    "too_short": later("至少 {min} 个字符。"),
    "too_long": later("最多 {max} 个字符。"),
    "too_many": later("最多 {max} 行。"),
    "decimal_digits": later("最多 {digits} 位小数。"),
    "increment": later("须为 {step} 的倍数。"),
    "pattern": later("格式不符合要求。"),
    "pattern_message": later("{message}"),
    "email": later("请填写有效的电子邮箱。"),
    "phone": later("请填写有效的电话号码。"),
    "rule_unclear": later("此项的规则没有结果：{rule}"),
}
"""Code of ``engine.forms.TEXTS`` → its words."""


def problem_text(problem: Any) -> str:
    """Return the words of a form's problem; its own English sentence in English, or when its code is not known."""
    code = getattr(problem, "code", None)
    if language() == "en" or code not in WORDS:
        return str(problem)
    return str(WORDS[code]).format_map(problem.args)
