"""The gate's problems in the page's language: in 中文 by the rule's slug, with the gate's own sentence on hover."""

from __future__ import annotations

import re
from typing import Any

from webui.expression_words import EXPRESSION_RULES
from webui.file_sentences import NOT_READ
from webui.language import language
from webui.sentences import in_chinese, sentence

RULES: dict[str, tuple[str, str]] = {
    "attribute-unknown": ("有一个不认识的属性。", "删去它，或改用 zeebe: 或 zf: 元素。"),
    "binding-unknown": ("绑定方式不认识。", "选「最新版本」或「版本标签」。"),
    "boundary-host": ("边界事件附在不能附的元素上。", "附到任务、调用流程或子流程上。"),
    "boundary-never": ("这个边界事件永远不会发生。", "删去它，或附到会发生的地方。"),
    "boundary-unattached": ("边界事件没有附在任何元素上。", "拖到一个任务或子流程的边上。"),
    "call-attribute": ("calledElement 属性不起作用。", "在「调用的流程」中填写流程标识。"),
    "call-missing": ("没有写明调用哪个流程。", "选择要调用的流程。"),
    "called-process": ("被调用的流程有问题。", "检查流程标识和它的开始事件。"),
    "catch-up-unknown": ("停机后的补做方式不认识。", "选：补做一次、全部补做、不补做。"),
    "client-period": ("按客户、期间运行的流程缺少客户或期间。", "在输入映射中给出 client 和 period。"),
    "collection-missing": ("多实例没有写明对什么逐项进行。", "填写输入集合，如 = clients。"),
    "condition-ignored": ("这里的条件不会起作用。", "把条件写在排他或包容网关之后的顺序流上。"),
    "condition-missing": ("网关之后的顺序流没有条件。", "填写条件，或把它设为默认流。"),
    "correlation-incomplete": ("关联键写得不完整。", "每个属性都写明从哪里读。"),
    "correlation-twice": ("消息写了两种关联键。", "只留一种。"),
    "correlation-missing": ("消息没有关联键。", "填写关联键，如 = business_key。"),
    "dead-end": ("流程走到这里就断了。", "接上下一步或结束事件。"),
    "decision-missing": ("没有写明用哪个决策。", "选择决策。"),
    "decision-twice": ("同一个决策标识出现了两次。", "换一个标识。"),
    "decision-unknown": ("没有这个决策。", "选择已有的决策，或一同发布。"),
    "decision-file": ("决策文件不能读取。", "改正文件。"),
    "default-condition": ("默认流不应有条件。", "删去条件，或取消默认。"),
    "default-ignored": ("这里的默认流不起作用。", "取消默认。"),
    "default-unknown": ("默认流不存在。", "重新选择默认流。"),
    "due-date": ("期限的写法不能读取。", "写日期、时长，或以 = 开头的 FEEL。"),
    "element-unknown": ("这种图形不能运行。", "换成可以运行的图形。"),
    "error-interrupts": ("错误边界事件必须中断。", "改为中断。"),
    "error-uncaught": ("这个错误没有地方接住。", "在外层加错误边界事件或错误事件子流程。"),
    "event-code-missing": ("事件没有代码。", "填写错误或上报的代码。"),
    "event-gateway-few": ("事件网关之后至少要有两条路。", "再接一个事件，或去掉网关。"),
    "event-gateway-mixed": ("事件网关之后接收任务与消息事件并列。", "只用其中一种。"),
    "expression-empty": ("表达式是空的。", "填写表达式，或删去。"),
    "event-gateway-parallel": ("等待全部事件的网关画得不对。", "让它启动流程，各等一种不同的消息。"),
    "event-gateway-receive": ("事件网关之后的接收任务不能带边界事件。", "改用消息中间事件。"),
    "event-gateway-shared": ("事件网关之后的事件不能另有入口。", "为另一条路画单独的事件。"),
    "event-gateway-target": ("事件网关之后只能接捕获事件。", "接消息、信号或定时事件。"),
    "event-kind": ("这里不能用这种事件。", "换一种事件。"),
    "event-name-missing": ("事件没有名称。", "填写消息或信号的名称。"),
    "event-process-flow": ("事件子流程不能有进出的顺序流。", "断开顺序流。"),
    "event-process-loop": ("事件子流程不能重复。", "去掉多实例标记。"),
    "event-process-start": (
        "事件子流程要有且只有一个带事件的开始。",
        "给开始事件设定错误、上报、消息、信号或定时。",
    ),
    "extension-misplaced": ("扩展元素放错了地方。", "移到适用的图形上，或删去。"),
    "extension-unknown": ("有一个不认识的扩展元素。", "删去它。"),
    "file-kind": ("这不是流程文件。", "不要一同发布。"),
    "file-too-large": ("文件太大。", "拆成几个流程。"),
    "flow-crosses": ("顺序流穿过了子流程的边界。", "在同一层内连接。"),
    "flow-dangling": ("顺序流没有接好。", "两端都要接到图形上。"),
    "flow-into-link": ("链接的接收端不能有入口。", "断开顺序流。"),
    "flow-into-start": ("开始事件不能有入口。", "断开顺序流。"),
    "flow-out-of-end": ("结束事件不能有出口。", "断开顺序流。"),
    "flow-out-of-link": ("链接的发送端不能有出口。", "断开顺序流。"),
    "form-id": ("表单没有标识。", "给表单一个标识。"),
    "form-expression": (
        "表单必须是固定的名称，不能是表达式。",
        "直接写表单名；需要不同表单时，用网关分成几个任务。",
    ),
    "form-unknown": ("没有这个表单。", "选择已有的表单，或一同发布。"),
    "function-unknown": ("表达式用了不存在的函数。", "检查函数名。"),
    "id-duplicate": ("标识重复。", "换一个标识。"),
    "id-missing": ("没有标识。", "给它一个标识。"),
    "join-stuck": ("并行汇合可能永远等不齐。", "分与合用同一种网关。"),
    "key-policy-unknown": ("「同时运行」的写法不认识。", "选：每客户每期一个、每客户一个、不限。"),
    "link-ambiguous": ("链接的目标不止一个。", "每个名称只留一个接收端。"),
    "link-unpaired": ("链接没有对应的一端。", "补上同名的另一端。"),
    "mapping-incomplete": ("映射没有写目标变量。", "填写变量名，或删去映射。"),
    "message-missing": ("没有写明等待或发出哪个消息。", "选择或新建消息。"),
    "no-flow": ("没有接入流程。", "连上顺序流，或删去它。"),
    "nobody-assigned": ("没有人可以办理此步骤。", "填写候选岗位，或放进有岗位的泳道。"),
    "not-bpmn": ("这不是 BPMN 文件。", "选择 BPMN 2.0 文件。"),
    "not-feel": ("表达式的写法不对。", "检查 FEEL 的写法。"),
    "not-run-multiple-event": ("不支持带多个定义的事件。", "每个定义各画一个事件。"),
    "nothing-executable": ("文件里没有可执行的流程。", "把流程设为可执行。"),
    "output-incomplete": ("输出集合与输出元素要一起填写。", "两项都填，或都不填。"),
    "process-twice": ("同一个流程标识出现了两次。", "换一个流程标识。"),
    "process-unknown": ("没有这个流程。", "选择已有的流程，或一同发布。"),
    "reference-unknown": ("引用的对象不存在。", "重新选择，或删去引用。"),
    "retries-unreadable": ("重试次数不是整数。", "写一个数字，如 3。"),
    "role-unknown": ("没有这个岗位。", "选择已有的岗位。"),
    "script-foreign": ("只能用 FEEL 写脚本。", "改写成 FEEL。"),
    "script-missing": ("没有写脚本。", "填写 FEEL 表达式和结果变量。"),
    "separation-self": ("步骤不能与自己分离。", "选择另一个步骤。"),
    "separation-unknown": ("职责分离所指的步骤不存在。", "重新选择步骤。"),
    "start-kind": ("这里不能用这种开始事件。", "换一种开始事件。"),
    "start-missing": ("没有开始事件。", "加一个开始事件。"),
    "start-several": ("普通开始事件不止一个。", "只留一个。"),
    "timer-cycle": ("这里不能用循环定时。", "改用时刻或时长。"),
    "timer-missing": ("定时没有写时间。", "填写时间，如 PT2H。"),
    "timer-unreadable": ("定时的写法不能读取。", "写 ISO 8601、cron，或以 = 开头的 FEEL。"),
    "too-deep": ("嵌套太深。", "把内层拆成单独的流程。"),
    "topic-missing": ("系统任务没有处理程序。", "选择模板或填写处理程序。"),
    "topic-expression": (
        "处理程序必须是固定的名称，不能是表达式。",
        "直接写处理程序名；需要不同处理时，用网关分成几个任务。",
    ),
    "topic-unknown": ("没有安装这个处理程序。", "换一个已有的处理程序。"),
    "version-tag-missing": ("按版本标签绑定，却没有写标签。", "填写版本标签。"),
    "call-startless": ("被调用的流程没有普通开始事件。", "给被调用的流程加一个普通开始事件。"),
    "condition-single": ("唯一的出口带有条件，不满足时流程就停住。", "删去条件，或加一条默认流。"),
    "flow-list": ("元素列出的顺序流与画的不一致。", "重新连接这条顺序流。"),
    "gateway-direction": ("网关的方向与它的顺序流不符。", "改正顺序流，或不写方向。"),
    "message-flow-end": ("消息流没有画到另一个泳池的元素上。", "在泳池之间画消息流。"),
    "message-flow-inside": ("消息流留在同一个泳池里。", "改画顺序流，或画到另一个泳池。"),
    "not-run": ("这种写法不能运行。", "换成可以运行的画法。"),
    "not-run-operation-ref": ("操作引用不能运行。", "改用消息和任务头。"),
    "process-public": ("公开流程不能设为可执行。", "改为私有，或设为不可执行。"),
    "reference-kind": ("引用的不是这一类对象。", "改为正确的对象，或删去引用。"),
    "activation-missing": ("复杂网关没有写明何时继续。", "填写激活条件，如 = activationCount >= 2。"),
    "cancel-interrupts": ("取消边界事件必须中断。", "改为中断。"),
    "cancel-misplaced": ("取消事件不在事务里。", "结束事件放进事务，边界事件附在事务上。"),
    "cancel-uncaught": ("事务会被取消，却没有出口。", "在事务上加取消边界事件。"),
    "compensation-empty": ("补偿事件没有对应的撤销步骤。", "用关联线连到撤销步骤。"),
    "compensation-flow": ("补偿用的元素不应有顺序流。", "删去顺序流，只用关联线。"),
    "compensation-handler": ("撤销步骤没有标记为补偿用。", "标记为补偿用。"),
    "compensation-never": ("没有人能要求补偿整个流程。", "放进子流程。"),
    "compensation-target": ("要补偿的步骤不在同一层。", "选同一层的步骤，或不指定。"),
    "condition-constant": ("等待的条件没有用到变量，只会判断一次。", "在条件里用变量。"),
    "event-condition-missing": ("没有写等待的条件。", "填写条件，如 = amount > 100。"),
    "event-several": ("补偿或取消不能与别的事件合在一起。", "单独画一个事件。"),
    "instantiate-event": ("流程不能从这里开始：不是消息或信号。", "改用消息或信号事件。"),
    "instantiate-inside": ("启动流程的事件不在流程的开头。", "去掉它的入口，或不让它启动流程。"),
    "loop-endless": ("循环既没有条件也没有上限。", "填写循环条件，如 = amount < 100。"),
    "loop-maximum": ("循环次数的上限不是正整数。", "写一个数字，如 3。"),
    "not-run-parallel-multiple": ("这里不能同时等待几个事件。", "改用并行多重中间事件，或各画一个事件。"),
    "not-run-wait-for-completion": ("不等待完成的补偿不能运行。", "让事件等待它完成。"),
    "ad-hoc-empty": ("临时子流程里没有可以开始的步骤。", "放进活动。"),
    "ad-hoc-event": ("临时子流程里不能有开始或结束事件。", "删去它；没有入口的步骤就是开始。"),
    "ad-hoc-ordering": ("临时子流程的顺序写法不认识。", "写 Parallel 或 Sequential。"),
    "expression-informal": ("这里的表达式没有标为正式表达式，仍按表达式运行。", "在编辑器里重新填写一次。"),
    "collection-differs": ("数据对象与它的定义对「是否列表」说法不一。", "两处写成一样。"),
    "compensation-interrupts": ("补偿开始事件必须中断。", "改为中断。"),
    "loop-both": ("同时是循环又是多实例。", "只留一种，另一种放进子流程。"),
    "property-misplaced": ("属性写在了流程之外。", "移到流程或活动里。"),
    "data-assignment": ("数据赋值的去处不在目标数据里。", "写目标数据的名称，或它里面的路径。"),
    "data-call": ("调用的输入输出与被调用者的不一致。", "两边写成同名的输入和输出。"),
    "data-direction": ("数据关联的方向不对。", "从输入和数据对象读，写到输出。"),
    "data-empty": ("数据变换没有写表达式。", "填写表达式，或删去。"),
    "data-end": ("数据关联的一端不是数据。", "接到输入、输出或数据对象上。"),
    "data-message": ("消息只带一样数据，这里却写了几样。", "只留一样。"),
    "data-misplaced": ("输入输出写在不能有它的地方。", "移到活动的 ioSpecification 里。"),
    "data-missing": ("缺少必须有的数据。", "补上数据后重试。"),
    "data-set": ("输入集或输出集写得不一致。", "改正这个集合。"),
    "data-sources": ("数据关联把几处数据放进一处。", "用变换说明怎样合并。"),
    "data-type": ("相接的数据类型不同。", "两边写成同一个数据定义。"),
    "data-unlisted": ("数据不在任何输入集或输出集里。", "列入一个集合。"),
    "listener-kind": ("监听的时刻不认识。", "写 start 或 end。"),
    "listener-misplaced": ("事件发生之后才知道，不能监听开始。", "改为监听结束。"),
    "loop-data-twice": ("两处写了对什么逐项进行。", "只留一处。"),
    "loop-data-unknown": ("逐项的集合不是数据。", "写数据输入或数据对象。"),
    "not-run-data-store": ("数据存储不能由数据关联读写。", "用服务任务读写。"),
    "behavior-condition": ("没有写何时抛出事件。", "填写条件。"),
    "behavior-event": (
        "多实例要抛出的事件不存在，或不能这样抛出。",
        "写一个消息、信号、错误或上报事件定义。",
    ),
    "behavior-unused": ("定义了事件，却永远不会抛出。", "把行为改为 Complex，或删去。"),
    "condition-not-boolean": ("条件是固定的值，而且不是真或假。", "写成问句，如 = amount > 100。"),
    "data-state-name": ("数据对象的引用没有按「对象 [状态]」命名。", "改成这样的名称。"),
    "end-missing": ("有开始事件，却没有结束事件。", "加一个结束事件。"),
    "flow-immediate": ("顺序流写成了「不立即」，运行时总是立即的。", "删去 isImmediate。"),
    "flow-unlisted": ("开始或结束事件没有列出画在它上面的顺序流。", "重新连接这条顺序流。"),
    "language-uri": ("表达式语言不是网址形式的标识。", "写成如 http://www.omg.org/spec/FEEL 的标识。"),
    "message-flow-silent": ("消息流连到的事件与消息无关。", "改为消息事件。"),
    "operation-missing": ("消息事件没有写操作；消息按名称传递。", "别的工具需要时再写。"),
    "quantity": ("令牌数量不是可用的正整数。", "写一个数字，如 2，或删去。"),
    "role-both": ("资源角色既写了资源，又写了表达式。", "只留一种。"),
    "role-empty": ("资源角色没有写是谁。", "写明是谁，或删去。"),
    "role-misplaced": ("这里不由人办理，不能写资源角色。", "改为用户任务，或删去。"),
    "role-several": ("办理人写了不止一处。", "只留一处。"),
    "role-unreadable": ("候选人的写法不能读取。", "写成如 user(li), group(tax)。"),
    "roles-twice": ("两处都写了由谁办理。", "只留一处。"),
    "start-never": ("流程只有事件子流程，没有什么会启动它。", "加一个开始事件。"),
    "script-format": ("脚本没有写明语言，或语言的写法不对。", "写媒体类型，如 application/javascript。"),
    "text-format": ("注释的文本格式不是媒体类型。", "写 text/plain，或删去。"),
    "xml-unreadable": ("文件的 XML 不能读取。", "用编辑器重新保存。"),
    **EXPRESSION_RULES,
}
"""Rule → (what is wrong, what to do) in 中文; English is what the gate says itself."""


_REGION_WORDS = (
    (re.compile(r" and (?=[<>≤≥])"), " 且 "),
    (re.compile(r""" or (?=["=<>≤≥≠]|of )"""), " 或 "),
    (re.compile(r" of another kind"), " 为其他类型的值"),
)
"""What stands between the values of a region of a decision table."""
NOT_RUN = "not-run"
"""How the rules begin that refuse a part of BPMN altogether."""


def line(problem: Any, *, chinese: bool) -> str:
    """Return a problem as one line for a terminal: in 中文 with the gate's own sentence behind."""
    text, words = str(problem), _words(getattr(problem, "rule", ""))
    told = "".join(words) if words else _told(problem.message)
    if not chinese or told == problem.message or problem.message not in text:
        return text
    where, _, rest = text.partition(problem.message)
    return f"{where}{told} {problem.message}{rest}"


def _words(rule: str) -> tuple[str, str] | None:
    return RULES.get(rule) or RULES.get(rule[: len(NOT_RUN)])


def shown(problem: Any) -> dict[str, Any]:
    """Return a problem (of a diagram, a form or a decision) as the studio lists it."""
    rule = getattr(problem, "rule", "")
    own, advice = str(getattr(problem, "message", problem)), str(getattr(problem, "advice", ""))
    place = getattr(problem, "place", "") or ("" if rule else getattr(problem, "element", ""))
    message, to_do = (own, advice) if language() == "en" else _in_chinese(rule, own, advice)
    return {
        "file": getattr(problem, "file", ""),
        "element": getattr(problem, "element", ""),
        "name": getattr(problem, "name", "") or sentence(place),
        "line": getattr(problem, "line", 0),
        "rule": rule,
        "level": getattr(problem, "level", "error"),
        "message": message,
        "advice": to_do,
        "detail": f"{own} {advice}".strip(),
    }


def _in_chinese(rule: str, own: str, advice: str) -> tuple[str, str]:
    """Return what is wrong and what to do; forms and decisions have no rules, their sentences are told one by one."""
    if rule:
        return _words(rule) or (own, advice)
    told = _told(own)
    return NOT_READ if told == own else (told, advice)


def _told(own: str) -> str:
    """Return the 中文 of what is wrong in a form or decision, its region too; what has none stays as it is."""
    told = in_chinese(own)
    for pattern, word in _REGION_WORDS if told != own else ():
        told = pattern.sub(word, told)
    return told
