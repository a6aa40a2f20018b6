// The editors' words: bpmn-js-i18n first, our dictionary on top. What has no Chinese yet is kept for the test that counts it.
import base from "bpmn-js-i18n/translations/zn.js";
import { english } from "../shared/strings";
import ours from "../i18n/editors.zh.json";

const zh: Record<string, string> = { ...(base as Record<string, string>), ...(ours as Record<string, string>) };
const missing = new Set<string>();
(window as unknown as { zfUntranslated: Set<string> }).zfUntranslated = missing;

export function translate(template: string, values: Record<string, string> = {}): string {
  let text = template;
  if (!english) {
    const found = zh[template];
    if (found !== undefined) text = found;
    else if (/[a-z]{3}/i.test(template) && !/[\u4e00-\u9fff]/.test(template)) missing.add(template);
  }
  return text.replace(/\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export const TranslateModule = { translate: ["value", translate] };
export const words = {
  exact: zh,
  patterns: [
    [/^List contains (\d+) items?$/, "共 $1 项"],
    [/^Set animation speed = (.+)$/, "动画速度 $1"],
  ] as [RegExp, string][],
};
