// Asks form-js itself, outside of a browser: JSON on stdin, JSON on stdout.
// In: {"cases": [{"use", "text", "data"}]}. Out: {"empty": {type: value}, "answers": [{"value"} | {"error"}]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// form-js draws nothing here, but touches the page while it is loaded.
const anything = new Proxy(function () {}, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => "" : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});
for (const name of ["KeyboardEvent", "document", "window", "HTMLElement", "Element", "Node"]) globalThis[name] ??= anything;

const formJs = createRequire(process.argv[2])("@bpmn-io/form-js-viewer");
let problem = null;
const language = new formJs.FeelExpressionLanguage({ fire: (_event, { error }) => (problem = error) });
const CONDITIONS = new Set(["hide", "readonly"]);

function plain(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : { $unlike: String(value) };
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "function" || Object.getPrototypeOf(value) !== Object.prototype) return { $unlike: String(value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function answer({ use, text, data }) {
  problem = null;
  const context = formJs.buildExpressionContext({ data, this: data, parent: null, i: [] });
  const ask = CONDITIONS.has(use) ? "evaluateUnaryTest" : "evaluate";
  const value = language[ask](`=${text}`, context);
  return problem ? { error: String(problem.message) } : { value: plain(value) };
}

const { cases } = JSON.parse(readFileSync(0, "utf8"));
const empty = Object.fromEntries(formJs.formFields.map(({ config }) => [config.type, plain(config.emptyValue)]));
process.stdout.write(JSON.stringify({ empty, answers: cases.map(answer) }));
