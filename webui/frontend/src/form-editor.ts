// The studio's form editor: form-js schemas by drag and drop.
import "@bpmn-io/form-js/dist/assets/form-js.css";
import "@bpmn-io/form-js/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js/dist/assets/properties-panel.css";
import "./styles/forms.css";
import "./styles/studio.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { ourDates } from "./forms/dates";
import { keepWords, type Words } from "./shared/dom-words";
import { english, say } from "./shared/strings";
import { DraftKeeper } from "./studio/drafts";
import { ProblemList } from "./studio/problems";
import formWords from "./i18n/form-editor.zh.json";
import { words } from "./studio/translate";

const exact: Record<string, string> = { ...words.exact, ...(formWords as Record<string, string>) };
const named = (_: string, name: string): string => exact[name] ?? name;
const patterns: Words["patterns"] = [
  ...words.patterns,
  [/^Create an? (.+) element$/, (...found) => `添加${named(found[0], found[1])}`],
  [/^Remove (.+)$/, (...found) => `删除${named(found[0], found[1])}`],
];
const canvas = document.querySelector<HTMLElement>("#canvas") as HTMLElement;

async function open(): Promise<void> {
  ourDates();
  if (!english) keepWords(canvas, { exact, patterns });
  const editor: any = new FormEditor({ container: canvas });
  const read = async (): Promise<string> => JSON.stringify(editor.saveSchema(), null, 2);
  const drafts = new DraftKeeper(read);
  const problems = new ProblemList(read);
  const response = await fetch(canvas.dataset.xmlUrl as string, { credentials: "same-origin" });
  await editor.importSchema(await response.json());
  editor.on("commandStack.changed", () => {
    drafts.touched();
    problems.later();
  });
  (window as unknown as { zfModeler: unknown }).zfModeler = editor;
  canvas.dataset.ready = "1";
  await problems.check();
}

open().catch((error: Error) => {
  canvas.textContent = say("formFailed", { why: error.message });
});
