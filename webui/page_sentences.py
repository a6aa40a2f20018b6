"""What the pages themselves refuse, in English and its 中文, as in ``sentence_patterns``."""

from __future__ import annotations

PAGE_SENTENCES: tuple[tuple[str, str], ...] = (
    ("The file «{path}» has no decision «{name}».", "文件「{path}」里没有决策「{name}」。"),
    ("Choose a decision.", "请选择决策。"),
    ("A JSON object was expected.", "请求的内容应是一个 JSON 对象。"),
    ("A text holds half of a character; type it again.", "文字里有不完整的字符，请重新输入。"),
    ("«{name}» must be a text.", "「{name}」应是文字。"),
    ("«{name}» must be a whole number.", "「{name}」应是整数。"),
    ("There is no client «{code}» for you.", "没有客户「{code}」，或您不能查看它。"),
    ("There is no deployed definition {id}.", "没有这个已发布的版本。"),
    ("There is no deployed file with the digest {digest}.", "没有这个已发布的文件。"),
    (
        "There is no draft of «{path}»; somebody deployed or discarded it.",
        "没有「{path}」的草稿，可能已被发布或放弃。",
    ),
    (
        "There is no file «{path}» among the deployed ones or the drafts.",
        "已发布的文件和草稿中都没有「{path}」。",
    ),
    ("There is no file «{path}».", "没有文件「{path}」。"),
    ("There is a file «{path}» already; open it instead.", "已有文件「{path}」，请直接打开。"),
    (
        "«{key}» cannot be a key: use small letters, digits and _, beginning with a letter.",
        "「{key}」不能作标识：请用小写字母开头，只含小写字母、数字和下划线。",
    ),
    (
        "«{folder}» cannot be a folder: use small letters, digits and _, beginning with a letter.",
        "「{folder}」不能作目录名：请用小写字母开头，只含小写字母、数字和下划线。",
    ),
    (
        "«{kind}» is no kind of file; choose process, decision or form.",
        "「{kind}」不是文件类型，请选择流程、决策或表单。",
    ),
    ("There is no such act upon many instances.", "没有这次批量操作。"),
    ("«{text}» is not the id of an instance.", "「{text}」不是实例的编号。"),
    ("This act upon many instances has ended already.", "这次批量操作已经结束。"),
    (
        "Who began this act upon many instances may not act any more; begin it anew.",
        "开始这次批量操作的人已没有权限，请重新开始。",
    ),
    ("«{act}» is nothing that can be done to many instances.", "不能对多个实例做「{act}」。"),
    ("The instance {id} is of version {version} already.", "这个实例已经是版本 {version}。"),
    ("Choose the drafts to deploy.", "请选择要发布的草稿。"),
    ("Choose the incidents to retry.", "请选择要重试的异常。"),
    ("Choose what to do with the selected items.", "请选择要对所选工作做什么。"),
    ("Choose a file.", "请选择文件。"),
    ("An item can be postponed to a later day only.", "只能暂缓到今天以后的日子。"),
    ("«{text}» is no day; write it as 2026-11-30.", "「{text}」不是日期，请写成 2026-11-30。"),
    ("Name the variable and the scope it lives in.", "请写明变量名和它所在的范围。"),
    ("The value of «{name}» must be a number, not «{given}».", "「{name}」应是数字，不能是「{given}」。"),
    (
        "The value of «{name}» is no JSON: write texts in quotes, such as {rest}",
        "「{name}」的值写法不对：文字要加英文双引号，如 “abc”。",
    ),
    (
        "The answers are no {what}; reload the page and hand in again.",
        "提交的内容不完整，请刷新页面后再提交。",
    ),
    ("The front end's build has no «{name}»; build it again.", "页面文件缺少「{name}」，请重新构建前端。"),
    (
        "The front end is not built; run «{command}» in webui/frontend.",
        "前端还没有构建，请在 webui/frontend 运行 {command}。",
    ),
    ("«{name}» is yes or no; choose one of them.", "「{name}」只能选是或否。"),
    (
        "«{name}» must be a whole number of 0 or more, not «{given}».",
        "「{name}」应是 0 或更大的整数，不能是「{given}」。",
    ),
    (
        "The process «{name}» was deployed by an older release; deploy it again to read it here.",
        "流程「{name}」由旧版本发布，请重新发布后再看。",
    ),
    ("A team needs a name.", "请填写团队名称。"),
    ("Nobody disables their own account; ask another manager.", "不能停用自己的账号，请另一位负责人操作。"),
    ("There is no team {id}.", "没有这个团队。"),
    ("«{name}» must be a number, not «{given}».", "「{name}」应是数字，不能是「{given}」。"),
    ("There is no voucher {id} for you.", "没有这张凭证，或不在您可以查看的范围内。"),
    ("A talk needs a subject: write in some words what it was about.", "请用一句话写明说了什么。"),
    (
        "There is no way of talking called «{name}»; choose one of the list.",
        "没有「{name}」这种联系方式，请从列表中选择。",
    ),
    ("«{text}» is no number of {what}; write digits only.", "「{text}」不是数字，请只写数字。"),
    ("«{name}» must be a number, not «{text}».", "「{name}」要填数字，不能是「{text}」。"),
    (
        "«{name}» must be a whole number of 0 or more, not «{text}».",
        "「{name}」要填不小于 0 的整数，不能是「{text}」。",
    ),
)
