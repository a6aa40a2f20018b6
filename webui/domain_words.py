"""Names that come with the firm's rows in Chinese and are known in English: tax obligations, papers asked for."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as later

KNOWN = (
    later("增值税及附加税费申报（月）"),
    later("增值税及附加税费申报（季）"),
    later("增值税及附加税费申报（小规模按月）"),
    later("个人所得税代扣代缴申报"),
    later("企业所得税预缴申报（季）"),
    later("企业所得税汇算清缴"),
    later("经营所得个人所得税预缴（季）"),
    later("经营所得个人所得税汇算清缴"),
    later("财务报表报送（月）"),
    later("财务报表报送（季）"),
    later("财务报表报送（年）"),
    later("印花税申报（季）"),
    later("印花税申报（营业账簿，年）"),
    later("房产税、城镇土地使用税申报"),
    later("文化事业建设费申报"),
    later("工会经费缴纳"),
    later("残疾人就业保障金申报"),
    later("社会保险费申报缴纳"),
    later("住房公积金汇缴"),
    later("工商年报（企业信息年度报告）"),
    later("会计档案装订、归档、移交"),
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


def known(text: str) -> str:
    """Return a name in the page's language when it is one of the known, else as it is."""
    return str(gettext(text)) if text else text


def init_app(app: Flask) -> None:
    """Make the names known to the templates."""
    app.jinja_env.filters["known"] = known
