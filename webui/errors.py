"""One table from what can go wrong to what is shown: status, title, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as later
from werkzeug.exceptions import HTTPException

from engine import errors
from store.errors import BadQuery, CommitUnknown, DocumentMissing, StorageFull, StoreBusy
from webui.form_words import problem_text
from webui.language import language
from webui.migration_words import plain, told
from webui.problem_words import line
from webui.sentences import sentence

log = logging.getLogger("zhangfang.web")


@dataclass(frozen=True, slots=True)
class Shown:
    """How one kind of error is shown."""

    status: int
    title: Any
    advice: Any


TABLE: dict[type[Exception], Shown] = {
    errors.AlreadyRunning: Shown(409, later("已经有一个在运行"), later("打开正在运行的那一个；需要重新开始时先取消它。")),
    errors.MigrationRefused: Shown(409, later("不能迁移"), later("实例保持原样。请为列出的步骤选择对应，或等它们办完。")),
    errors.Conflict: Shown(409, later("这里已经有了变化"), later("没有做任何修改。请刷新看现在的状态，再决定怎么办。")),
    errors.NotFound: Shown(404, later("找不到"), later("它可能已被删除，或不在您可以查看的范围内。")),
    errors.NotAllowed: Shown(403, later("没有权限"), later("需要时请联系组长或负责人。")),
    errors.InvalidAnswers: Shown(422, later("表单还不能提交"), later("请按提示修改；您填写的内容没有丢失。")),
    errors.InvalidInput: Shown(422, later("填写的内容不能使用"), later("请返回修改后再提交。")),
    errors.DeploymentRefused: Shown(422, later("没有发布"), later("请先处理列出的问题。")),
    errors.ExpressionError: Shown(422, later("表达式有误"), later("请检查表达式的写法。")),
    errors.DecisionError: Shown(422, later("决策表有误"), later("请流程负责人检查决策表。")),
    errors.NoHandler: Shown(422, later("没有对应的处理程序"), later("请安装提供此处理程序的软件包。")),
    errors.Busy: Shown(503, later("正忙"), later("别人正在处理同一件事，请过几秒再试。")),
    BadQuery: Shown(400, later("这个列表不能这样查看"), later("请从页面上的链接进入。")),
    CommitUnknown: Shown(
        503, later("不能确定是否已保存"), later("返回并刷新那一页：已有这项修改就不必重做，没有再做一次。")
    ),
    StoreBusy: Shown(503, later("正忙"), later("没有做任何修改，请过几秒再试。")),
    StorageFull: Shown(507, later("存储空间已满"), later("文件没有保存，请联系信息技术人员。")),
    DocumentMissing: Shown(500, later("文件不在原处"), later("请联系信息技术人员从备份恢复。")),
}  # fmt: skip

HTTP: dict[int, Shown] = {
    400: Shown(400, later("请求不能处理"), later("请返回，刷新页面后再试。")),
    403: TABLE[errors.NotAllowed],
    404: TABLE[errors.NotFound],
    405: Shown(405, later("这个地址不能这样使用"), later("请从页面上的链接进入。")),
    413: Shown(413, later("文件太大"), later("请分成几份，或压缩后再上传。")),
    429: Shown(429, later("请求太多"), later("请过十分钟再试。")),
}
TRY_AGAIN, BAD_REQUEST = 503, 400
BROKEN = Shown(
    500, later("程序出了问题"), later("没有做任何修改。问题已记录，请稍后再试或联系信息技术人员。")
)


def wants_json() -> bool:
    """Tell whether the caller is a program of ours rather than a person's browser."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def _page(shown: Shown, message: str, detail: str, extra: dict[str, Any]) -> Response:
    words = {"title": str(shown.title), "message": message, "advice": str(shown.advice), "detail": detail}
    if wants_json():
        response = make_response(jsonify(words | extra), shown.status)
    else:
        template = "portal/problem.html" if request.path.startswith("/portal") else "error.html"
        page = render_template(template, status=shown.status, bare=g.get("person") is None, **words, **extra)
        response = make_response(page, shown.status)
    if shown.status == TRY_AGAIN:
        response.headers["Retry-After"] = "2"
    return response


def problems_of(error: errors.InvalidAnswers) -> dict[str, str]:
    """Return the problems of answers by field path, in the page's language."""
    return {path: sentence(problem_text(problem)) for path, problem in error.problems.items()}


def _extra(error: Exception) -> dict[str, Any]:
    if isinstance(error, errors.InvalidAnswers):
        return {"problems": problems_of(error)}
    if isinstance(error, errors.DeploymentRefused):
        chinese = language() != "en"
        return {"refused": [line(problem, chinese=chinese) for problem in error.problems]}
    if isinstance(error, errors.MigrationRefused):
        return {"refused": [told(problem, (plain, plain)) for problem in error.report.problems]}
    return {}


def _known(shown: Shown) -> Callable[[Exception], Response]:
    def show(error: Exception) -> Response:
        text = str(error)
        told = sentence(text)
        return _page(shown, told, "" if told == text else text, _extra(error))

    return show


def _half(_error: UnicodeEncodeError) -> Response:
    """Only half of a character (a lone surrogate, which JSON can hold) cannot be written as UTF-8."""
    told = errors.InvalidInput("A text holds half of a character; type it again.")
    return _known(TABLE[errors.InvalidInput])(told)


def _http(error: HTTPException) -> Any:
    if error.response is not None or error.code is None or error.code < BAD_REQUEST:
        return error
    shown = HTTP.get(error.code, HTTP[BAD_REQUEST])
    own = (
        error.description
        if error.code == BAD_REQUEST and type(error).description != error.description
        else ""
    )
    return _page(Shown(error.code, shown.title, shown.advice), str(own or ""), "", {})


def _unexpected(error: Exception) -> Response:
    """Tell the log, not the person: the one place where an error that nobody expected is caught."""
    log.error("Unexpected error at %s %s", request.method, request.path, exc_info=error)
    return _page(BROKEN, "", "", {})


def init_app(app: Flask) -> None:
    """Register the table with the application."""
    for kind, shown in TABLE.items():
        app.register_error_handler(kind, _known(shown))
    app.register_error_handler(UnicodeEncodeError, _half)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
