// form-js says its few own words in English only; these are the Chinese ones, and our words for what does not pass.
import { keepWords } from "../shared/dom-words";
import { english, say } from "../shared/strings";

const WORDS: Record<string, string> = {
  Browse: "选择文件",
  "No files selected": "未选择文件",
  "No results": "没有结果",
  "Nothing to show.": "没有内容",
  "Add new": "添加一行",
  Select: "请选择",
  Search: "搜索",
  Remove: "删除",
  "Show all": "全部显示",
  "Show less": "收起",
  "Skip to search": "跳到搜索",
  "Remove tag": "删除标签",
  Increment: "增加",
  Decrement: "减少",
  "Previous page": "上一页",
  "Next page": "下一页",
  Today: "今天",
  "yyyy-mm-dd": "年-月-日",
};
const COUNTED: [RegExp, string][] = [
  [/^(\d+) files? selected$/, "已选 $1 个文件"],
  [/^Show all \((\d+)\)$/, "全部显示（$1）"],
  [/^(?:Page )?(\d+) of (\d+)$/, "第 $1 / $2 页"],
];
/** Keep the library's own words in the page's language while the form changes. */
export function translateWidgets(place: HTMLElement): void {
  if (!english) keepWords(place, { exact: WORDS, patterns: COUNTED });
}

const PROBLEMS: [RegExp, (found: RegExpMatchArray) => string][] = [
  [/^Field is required/, () => say("required")],
  [/^Value is not a number/, () => say("notNumber")],
  [/minimum value of (.+)\.$/, (found) => say("tooSmall", { n: found[1] })],
  [/maximum value of (.+)\.$/, (found) => say("tooLarge", { n: found[1] })],
  [/minimum length of (.+)\.$/, (found) => say("tooShort", { n: found[1] })],
  [/maximum length of (.+)\.$/, (found) => say("tooLong", { n: found[1] })],
  [/^Field must match pattern/, () => say("wrongPattern")],
  [/valid email/, () => say("wrongEmail")],
  [/phone number/, () => say("wrongPhone")],
];

/** Return the problem that the browser's check found in words of the page's language. */
export function problemText(text: string): string {
  for (const [pattern, words] of PROBLEMS) {
    const found = text.match(pattern);
    if (found) return words(found);
  }
  return text;
}
