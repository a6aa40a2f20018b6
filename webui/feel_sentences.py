"""What FEEL tells the author of an expression, in English and its 中文, as in ``sentence_patterns``."""

from __future__ import annotations

import re

FEEL_SENTENCES: tuple[tuple[str, str], ...] = (
    ("There is no variable or function '{name}'.", "没有变量或函数「{name}」，按空值计算。"),
    ("There is no function '{name}'.", "没有函数「{name}」，按空值计算。"),
    ("Variable '{name}': {why}.", "变量「{name}」的值不能用在表达式里。"),
    ("A filter needs true, false or a number, not a {kind}.", "筛选条件要得出是、非或数字，不能是{kind}。"),
    ("The list of {n} has no item {place}.", "列表有 {n} 项，没有第 {place} 项。"),
    ("'if' needs true or false, not a {kind}.", "if 的条件要得出是或非，不能是{kind}。"),
    ("An external function cannot be called.", "不能调用外部函数。"),
    ("A value is out of range.", "有一个值超出了范围。"),
    ("A number is out of range.", "有一个数字超出了范围。"),
    ("'{sign}' needs true or false, not a {kind}.", "「{sign}」两边要是「是」或「非」，不能是{kind}。"),
    ("'{sign}' cannot compare a {left} and a {right}.", "「{sign}」不能比较{left}和{right}。"),
    ("'{sign}' cannot compare {left} and {right}.", "「{sign}」不能比较{left}和{right}。"),
    (
        "'{sign}' cannot combine years and months duration and {right}.",
        "「{sign}」不能用于年月时长和{right}。",
    ),
    ("'{sign}' cannot combine days and time duration and {right}.", "「{sign}」不能用于时长和{right}。"),
    ("'{sign}' cannot combine date and time and {right}.", "「{sign}」不能用于日期时间和{right}。"),
    ("'{sign}' cannot combine {left} and {right}.", "「{sign}」不能用于{left}和{right}。"),
    ("'-' cannot be applied to {kind}.", "负号不能用于{kind}。"),
    ("There is no type '{name}'.", "没有类型「{name}」。"),
    ("Division by zero.", "除数是零，按空值计算。"),
    ("A {kind} has no '{name}'.", "{kind}没有「{name}」这一项。"),
    ("Null has no '{name}'.", "空值没有「{name}」这一项。"),
    ("The list of '{name}' is null.", "「{name}」的列表是空值。"),
    ("A range needs its smaller end first.", "区间要先写小的一端。"),
    ("The function {name}() does not take ({kinds}).", "函数 {name}() 不接受参数（{kinds}）。"),
    ("{name}(): {why}.", "函数 {name}() 算不出值：{why}。"),
    ("'{text}' is not a date such as 2026-11-30.", "「{text}」不是日期，请写成 2026-11-30。"),
    ("'{text}' is not a duration such as P1Y2M or P1DT2H.", "「{text}」不是时长，请写成 P1Y2M 或 P1DT2H。"),
    ("'{text}' is not a number.", "「{text}」不是数字。"),
    ("The value is not of the type '{name}'.", "值不属于类型「{name}」。"),
    ("The condition is neither true nor false.", "条件既不是「是」也不是「非」。"),
    ("{name}() takes {wanted} only.", "函数 {name}() 只接受{wanted}。"),
    ("{name}() of an empty list.", "函数 {name}() 的列表是空的。"),
    ("sqrt() of the negative number {n}.", "不能求负数 {n} 的平方根。"),
    ("log() of {n}, which is not positive.", "{n} 不是正数，不能求对数。"),
    ("modulo() by zero.", "modulo() 的除数是零。"),
    ("The context has two entries '{name}'.", "上下文里有两个「{name}」。"),
    ("'{text}' is not a regular expression: {why}.", "「{text}」不是正则表达式。"),
    (
        "The pattern '{text}' takes too long on this text.",
        "正则表达式「{text}」在这段文字上算得太久，已停止。",
    ),
    (
        "'{text}' is not a time such as 10:30:00 or 10:30:00+08:00.",
        "「{text}」不是时间，请写成 10:30:00 或 10:30:00+08:00。",
    ),
    ("'{text}' is not a range such as [1..5].", "「{text}」不是区间，请写成 [1..5]。"),
    (
        "substring() of {n} characters has no part from {start}, length {length}.",
        "文字有 {n} 个字符，从第 {start} 个起取不出来。",
    ),
    (
        "sublist() of {n} items has no part from {start}, length {length}.",
        "列表有 {n} 项，从第 {start} 项起取不出来。",
    ),
    ("There is no date {text}.", "没有 {text} 这个日期。"),
    ("There is no time {text}.", "没有 {text} 这个时间。"),
    ("There is no time zone '{name}'.", "没有时区「{name}」。"),
    ("The scale {n} is out of range ({least} to {most}).", "小数位数 {n} 超出了范围（{least} 至 {most}）。"),
    ("The number '{text}' is out of range.", "数字「{text}」超出了范围。"),
    ("There is no such function to invoke.", "没有可以调用的函数。"),
    ("COLLECT {name} of {values} has no value. {why}", "汇总 {name} 算不出值：{values}。"),
    ("the value {value} is not of the type '{name}'.", "值 {value} 不属于类型「{name}」。"),
    (
        "the table is dated, but its date of the facts «{text}» is {value}; give a date.",
        "这张表按日期适用，而事实的日期「{text}」是 {value}，请给出日期。",
    ),
    (
        "there is no rule for {day}; the last day of the table is {last}. Enter what holds from then on.",
        "{day} 没有规则，表只到 {last}；请补上之后适用的规则。",
    ),
    (
        "there is no rule for {day}; the first day of the table is {first}. Enter what held before.",
        "{day} 没有规则，表从 {first} 开始；请补上之前适用的规则。",
    ),
    ("there is no rule for {day}; {why}. Enter what holds then.", "{day} 没有规则，请补上那时适用的规则。"),
    ("The expression is empty.", "表达式是空的。"),
    ("Expected '{sign}' {place}, found {seen}.", "这里应有「{sign}」，却是{seen}。"),
    ("Expected a value, found {seen}.", "这里应有一个值，却是{seen}。"),
    ("Expected an operator or the end, found {seen}.", "这里应是运算符或结尾，却是{seen}。"),
    ("Expected the name of {what}, found {seen}.", "这里应有名称，却是{seen}。"),
    ("Expected the name of a property after '.', found {seen}.", "点号后应有名称，却是{seen}。"),
    ("Expected {what}, found {seen}.", "这里的写法不对：{seen}。"),
    (
        "The expression has more than {n} characters (limit 'text'); split it.",
        "表达式超过 {n} 个字符，请拆成几个。",
    ),
    (
        "The expression is nested too deep (limit 'depth'); split it into smaller ones.",
        "表达式嵌套太深，请拆成几个。",
    ),
    (
        "The expression takes longer than {n} s (limit 'seconds'); work on less.",
        "计算超过 {n} 秒，已停止；请减少数据。",
    ),
    (
        "The expression takes more than {n} steps (limit 'steps'); work on less at once.",
        "计算超过 {n} 步，已停止；请减少数据。",
    ),
    ("A list has more than {n} items (limit 'items').", "列表超过 {n} 项，已停止。"),
    ("A text has more than {n} characters (limit 'characters').", "文字超过 {n} 个字符，已停止。"),
    (
        "Functions call each other more than {n} deep (limit 'depth'); use a loop.",
        "函数互相调用超过 {n} 层，请改用循环。",
    ),
    ("A value is nested more than {n} deep (limit 'depth').", "值的嵌套超过 {n} 层，已停止。"),
    ("The variables have a mistake: {why}", "变量写法有误：{why}"),
    ('Write the variables as {"name": value}.', '请把变量写成 {{"名称": 值}} 的样子。'),
    ("the expression cannot be read; correct it and deploy again.", "表达式写法有误，不能读取，请改正。"),
    ("the tests cannot be read; correct them and deploy again.", "条件写法有误，不能读取，请改正。"),
    (
        "{rules} match together, but the hit policy is UNIQUE.",
        "几行同时符合（{rules}），而这张表要求最多一行符合。",
    ),
    (
        "{rules} match together with different results, but the hit policy is ANY.",
        "几行同时符合而结果不同（{rules}），而这张表要求结果相同。",
    ),
    (
        "the input '{name}' has the value {value}, which its column does not allow.",
        "输入「{name}」的值是 {value}，这一列不允许。",
    ),
    ("the result {value} is not among the declared output values.", "结果 {value} 不在声明的取值中。"),
)
SAID: dict[str, str] = {
    "number": "数字",
    "string": "文字",
    "boolean": "是非",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "null": "空值",
    "the end": "结尾",
    "numbers": "数字",
    "strings": "文字",
    "numbers or durations": "数字或时长",
}
"""What stands in the holes of kinds and of what was seen."""
_PLACE = re.compile(
    r"(?:[^,:]+, )?line (?P<line>\d+), decision '(?P<decision>.*?)'"
    r"(?:, (?:rule (?P<rule>\d+)(?: \(.*?\))?))?(?:, (?P<way>input|output) (?:'(?P<named>.*?)'|(?P<at>\d+)))?: (?P<rest>.*)",
    re.DOTALL,
)
_WAYS = {"input": "输入", "output": "结果"}
_SHOWN = re.compile(r" \(line \d+, column \d+ of «.*»\)", re.DOTALL)


def split(text: str) -> tuple[str, str, str]:
    """Return the place in a decision file that a sentence begins with, in English and in 中文, and the rest."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return "", "", text
    rest = _SHOWN.sub("", found["rest"])
    place = text[: len(text) - len(found["rest"]) - 2]
    words = [f"第 {found['line']} 行", f"决策「{found['decision']}」"]
    if found["rule"]:
        words.append(f"规则 {found['rule']}")
    if found["way"]:
        words.append(f"{_WAYS[found['way']]}「{found['named'] or found['at']}」")
    return place, "，".join(words), rest
