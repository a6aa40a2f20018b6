"""Names that come with the firm's rows in Chinese and are known in English: tax obligations, papers asked for."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as later

OBLIGATIONS = {
    "VAT_M": later("增值税及附加税费申报（月）"),
    "VAT_Q": later("增值税及附加税费申报（季）"),
    "VAT_SM": later("增值税及附加税费申报（小规模按月）"),
    "IIT_W": later("个人所得税代扣代缴申报"),
    "CIT_Q": later("企业所得税预缴申报（季）"),
    "CIT_Y": later("企业所得税汇算清缴"),
    "IITB_Q": later("经营所得个人所得税预缴（季）"),
    "IITB_Y": later("经营所得个人所得税汇算清缴"),
    "FS_M": later("财务报表报送（月）"),
    "FS_Q": later("财务报表报送（季）"),
    "FS_Y": later("财务报表报送（年）"),
    "STAMP_Q": later("印花税申报（季）"),
    "STAMP_Y": later("印花税申报（营业账簿，年）"),
    "PROP": later("房产税、城镇土地使用税申报"),
    "CULT": later("文化事业建设费申报"),
    "UNION": later("工会经费缴纳"),
    "DISAB": later("残疾人就业保障金申报"),
    "SOCIAL": later("社会保险费申报缴纳"),
    "HPF": later("住房公积金汇缴"),
    "SAMR_Y": later("工商年报（企业信息年度报告）"),
    "BOOK_Y": later("会计档案装订、归档、移交"),
}
"""What the codes of returns stand for."""
KNOWN = (
    later("本月开具和收到的发票"),
    later("电子发票请上传收到的原文件（XML 或 OFD）；没有发生请在说明中写“本月无”。"),
    later("银行对账单或流水"),
    later("每个账户一份，从网银导出的 CSV；微信、支付宝商户账单也在这里上传。"),
    later("工资表"),
    later("CSV：姓名、应发工资、个人社保、个人公积金、专项附加扣除、单位社保、单位公积金。"),
    later("月末库存盘点表"),
    later("写明月末存货金额。"),
    later("费用报销单据"),
    later("没有发票的票据（车票、收据等）拍照上传。"),
    later("社保、公积金缴费单"),
    later("从社保、公积金网站下载。"),
    later("本月新签的购销、租赁、借款合同"),
    later("用于印花税和收入确认。"),
    later("完税凭证"),
    later("自行缴纳税款的，上传完税凭证。"),
)
"""As the handlers write them; a name that the firm has changed is shown as it is."""


ROWS: dict[str, tuple[str, ...]] = {"requests": ("name", "help")}
"""Variable → columns that hold one of the known names; the forms' tables show them. Codes have their words in the form."""


def known(text: str) -> str:
    """Return a name in the page's language when it is one of the known, else as it is."""
    return str(gettext(text)) if text else text


def of_return(name: str) -> str:
    """Return «VAT_M 2026-10» with the obligation's name in place of its code."""
    code, _space, period = name.partition(" ")
    return f"{OBLIGATIONS[code]} {period}" if code in OBLIGATIONS else name


def rows_in_words(variables: dict[str, Any]) -> dict[str, Any]:
    """Return the variables with the lists that forms show as tables in the page's language."""
    lists = {name: value for name, value in variables.items() if name in ROWS and isinstance(value, list)}
    return variables | {name: [_in_words(row, ROWS[name]) for row in value] for name, value in lists.items()}


def _in_words(row: Any, columns: tuple[str, ...]) -> Any:
    if not isinstance(row, dict):
        return row
    return row | {name: known(row[name]) for name in columns if isinstance(row.get(name), str)}


def init_app(app: Flask) -> None:
    """Make the names known to the templates."""
    app.jinja_env.filters["known"] = known
