"""What is wrong in a form or a decision table, and where: the reader's English and its 中文, as in ``sentence_patterns``."""

from __future__ import annotations

FORM_SENTENCES: tuple[tuple[str, str], ...] = (
    ("The components must be a list, and groups at most 12 deep.", "组件要列成一列，分组最多嵌套 12 层。"),
    ("A component must be an object with a type.", "每个组件都要有类型。"),
    (
        "Components of type '{type}' are not allowed; use another type.",
        "不能使用「{type}」类型的组件，请换一种。",
    ),
    (
        "The browser would evaluate «{text}» otherwise: {why}.",
        "「{text}」在浏览器里的结果会不同，请换一种写法。",
    ),
    (
        "The {what} '{name}' is not a name such as a or a.b.",
        "变量名「{name}」不能使用，请写成 a 或 a.b 这样的名称。",
    ),
    ("The key '{name}' is used twice.", "标识「{name}」用了两次，请改其中一个。"),
    (
        "There is no validation type '{kind}'; use email, phone or a pattern.",
        "没有「{kind}」这种校验，请用电子邮箱、电话或正则表达式。",
    ),
    ("'{written}' is not a number for {name}.", "「{name}」要填数字，「{written}」不是数字。"),
    ("The pattern cannot be used: {why}.", "正则表达式不能使用，请改写。"),
    (
        "It has no choices: give values, valuesKey or valuesExpression.",
        "没有选项：请填写固定选项、选项变量或选项表达式。",
    ),
    (
        "The subtype '{written}' is not date, time or datetime.",
        "子类型「{written}」不是日期、时间或日期时间。",
    ),
    ("'{written}' is not a number of decimal digits.", "「{written}」不能作为小数位数。"),
    ("'{written}' is not a step for numbers.", "「{written}」不能作为数字的步长。"),
    ("This is not a form-js schema (type 'default').", "这不是表单文件。"),
    ("component '{name}' ({type})", "组件「{name}」（{type}）"),
    ("form", "表单"),
)
DECISION_SENTENCES: tuple[tuple[str, str], ...] = (
    ("A boxed expression '{kind}' is not supported.", "不支持「{kind}」这种表达式。"),
    ("The {what} has no expression; write what the column tests.", "有一个输入列没有表达式，请写明这一列判断什么。"),
    ("The {what} has no expression.", "这里缺少表达式。"),
    ("A function of kind '{kind}' is not supported; use FEEL.", "不支持「{kind}」函数，请用 FEEL。"),
    ("Imported values are not supported; write the expression here.", "不支持引入的值，请把表达式写在这里。"),
    ("The language '{name}' is not FEEL; write the expression in FEEL.", "表达式的语言「{name}」不是 FEEL，请改写。"),
    ("{where}: there is no function '{name}'.", "没有「{name}」这个函数。"),
    ("The id '{name}' is used twice.", "标识「{name}」用了两次，请改其中一个。"),
    ("The context has two entries '{name}'; rename one.", "上下文里有两个「{name}」，请改其中一个。"),
    ("Only the last entry of a context may be without a name.", "上下文里只有最后一条可以没有名称。"),
    (
        "The row has {cells} cells for {columns} columns; give each column one.",
        "这一行有 {cells} 个单元格，却有 {columns} 列，请每列填一格。",
    ),
    ("The hit policy {policy} needs one output, not {number}.", "命中策略 {policy} 只能有一个输出列，现有 {number} 列。"),
    (
        "The hit policy {policy} goes by the order of the output values; list them.",
        "命中策略 {policy} 按输出值的先后取舍，请依次列出输出值。",
    ),
    ("What is imported is no DMN: {kind}.", "引入的不是 DMN 文件：{kind}。"),
    ("Two imports have the name '{name}'.", "两处引入用了同一个名称「{name}」，请改其中一个。"),
    (
        "The files import each other in a circle: {files}; cut it.",
        "文件互相引入，绕成了一圈：{files}，请断开。",
    ),
    (
        "There is no file with the namespace '{name}'; deploy it too.",
        "没有命名空间为「{name}」的文件，请一同发布。",
    ),
    ("'{name}' is in several files of the namespace.", "同一命名空间的几个文件里都有「{name}」。"),
    (
        "It reads '{name}' without requiring it; draw the requirement.",
        "它读取「{name}」，却没有画出依赖关系，请连上。",
    ),
    (
        "It reads '{name}', which no input, required decision or knowledge model gives.",
        "它读取「{name}」，但没有任何输入、所依赖的决策或知识模型给出它。",
    ),
    ("There is no type '{name}'; define it, or use one of FEEL's.", "没有类型「{name}」，请先定义，或用 FEEL 的类型。"),
    ("The input has no type; with one its values are checked.", "输入没有类型；写明类型后会检查它的值。"),
    ("inputData '{name}'", "输入「{name}」"),
    ("businessKnowledgeModel '{name}'", "业务知识模型「{name}」"),
    ("import '{name}'", "引入「{name}」"),
    ("The decision has no logic; add a decision table or an expression.", "决策没有内容，请加决策表或表达式。"),
    ("The business knowledge model has no logic.", "业务知识模型没有内容。"),
    ("It requires '{name}', which is not in this file.", "它依赖的「{name}」不在此文件中。"),
    ("The decision requires itself, directly or through others; cut the circle.", "决策绕回了自己，请断开循环依赖。"),
    ("The decision table has no output; add one.", "决策表没有输出列，请加一列。"),
    ("Cross tables without rules are not supported; draw rules as rows.", "不支持没有规则的交叉表，请每条规则写一行。"),
    ("There is no hit policy '{name}'; use one of {all}.", "没有「{name}」这种命中策略，可用：{all}。"),
    (
        ("Rule {number} has {tests} tests and {results} results for {inputs} inputs and {outputs} outputs;"
        " give each column one cell."),
        "第 {number} 条规则的单元格与列数不符（{inputs} 个输入列、{outputs} 个输出列），请每列填一格。",
    ),
    ("The decision table has no rules; it never gives a result.", "决策表没有规则，永远没有结果。"),
    (
        "Rule {number}: the result {result} is not among the values that its column allows.",
        "第 {number} 条规则的结果 {result} 不在这一列允许的值里。",
    ),
    ("No rule for: anything.", "没有一条规则适用于任何情况。"),
    ("No rule for: {region}.", "没有规则适用于：{region}。"),
    ("No rule for {number} more regions.", "另有 {number} 种情况也没有规则。"),
    (
        "Rules {one} and {other} both match with different results whatever the inputs; the hit policy is {policy}.",
        "第 {one} 条和第 {other} 条规则总是都符合，但结果不同（命中策略 {policy}）。",
    ),
    (
        "Rules {one} and {other} both match whatever the inputs; the hit policy is {policy}.",
        "第 {one} 条和第 {other} 条规则总是都符合（命中策略 {policy}）。",
    ),
    (
        "Rules {one} and {other} both match with different results when {region}; the hit policy is {policy}.",
        "当 {region} 时，第 {one} 条和第 {other} 条规则都符合，但结果不同（命中策略 {policy}）。",
    ),
    (
        "Rules {one} and {other} both match when {region}; the hit policy is {policy}.",
        "当 {region} 时，第 {one} 条和第 {other} 条规则都符合（命中策略 {policy}）。",
    ),
    ("{number} more pairs of rules match together.", "另有 {number} 对规则同时符合。"),
    (
        "Rule {number} can never match: no value passes its test of «{column}».",
        "第 {number} 条规则永远不会符合：「{column}」没有能通过的值。",
    ),
    (
        "Rule {number} is never used: other rules come first wherever it matches.",
        "第 {number} 条规则永远用不到：凡是它符合的情况，都先用了别的规则。",
    ),
    (
        "The table is too large to be looked through wholly for {what}; there may be more.",
        "表太大，没有全部检查完，可能还有别的问题。",
    ),
    ("The table is dated, but does not say which date it is asked for.", "表有生效日期，却没有写按哪个日期适用。"),
    ("The extension «{name}» is not understood here; remove it.", "扩展元素「{name}」在这里不认识，请删去。"),
    ("It is valid from {first} on, but only until {last}.", "生效日 {first} 在失效日 {last} 之后。"),
    ("'{written}' is not a date; write it as 2026-12-31.", "「{written}」不是日期，请写成 2026-12-31。"),
    (
        "{where}: {name}() asks the clock; say which date of the facts counts.",
        "{name}() 是当前时间；请写明按业务的哪个日期适用。",
    ),
    ("The type '{name}' is defined twice.", "类型「{name}」定义了两次。"),
    ("The type '{name}' is defined by itself.", "类型「{name}」由它自己定义。"),
    ("decision '{name}'", "决策「{name}」"),
    ("type '{name}'", "类型「{name}」"),
)  # fmt: skip
NOT_READ: tuple[str, str] = ("这里的写法不能读取。", "检查 FEEL 的写法；把鼠标停在这里看技术说明。")
"""For what the reader's own parsers say: the expression's error with line and column stays on hover."""
