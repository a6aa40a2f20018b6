// The studio's DMN editor: decision tables, literal expressions, the graph of decisions.
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "./styles/studio.css";
import DmnModeler from "dmn-js/lib/Modeler";
import { DmnPropertiesPanelModule, DmnPropertiesProviderModule } from "dmn-js-properties-panel";
import { keepWords } from "./shared/dom-words";
import { english, say } from "./shared/strings";
import { DraftKeeper } from "./studio/drafts";
import { ProblemList } from "./studio/problems";
import { surroundings } from "./studio/surroundings";
import { TranslateModule, words } from "./studio/translate";
import { openTrials } from "./studio/trial";

const canvas = document.querySelector<HTMLElement>("#canvas") as HTMLElement;
const panel = document.querySelector<HTMLElement>("#properties") as HTMLElement;

async function open(): Promise<void> {
  const modeler = new DmnModeler({
    container: canvas,
    common: { expressionLanguages: { options: [{ value: "feel", label: "FEEL" }], defaults: { editor: "feel" } } },
    drd: { propertiesPanel: { parent: panel }, additionalModules: [DmnPropertiesPanelModule, DmnPropertiesProviderModule, TranslateModule] },
    decisionTable: { additionalModules: [TranslateModule] },
    literalExpression: { additionalModules: [TranslateModule] },
    boxedExpression: { additionalModules: [TranslateModule] },
  });
  const read = async (): Promise<string> => ((await modeler.saveXML({ format: true })) as { xml: string }).xml;
  const drafts = new DraftKeeper(read);
  const problems = new ProblemList(read);
  const response = await fetch(canvas.dataset.xmlUrl as string, { credentials: "same-origin" });
  await modeler.importXML(await response.text());
  const table = modeler.getViews().find((view: any) => view.type === "decisionTable");
  if (table && modeler.getViews().filter((view: any) => view.type !== "drd").length === 1) await modeler.open(table);
  const listened = new Set<unknown>();
  const follow = (): void => {
    const viewer = modeler.getActiveViewer();
    panel.hidden = modeler.getActiveView()?.type !== "drd";
    if (!viewer || listened.has(viewer)) return;
    listened.add(viewer);
    if (!panel.hidden) requestAnimationFrame(() => viewer.get("canvas").zoom("fit-viewport", "auto"));
    viewer.on("commandStack.changed", () => {
      drafts.touched();
      problems.later();
    });
  };
  modeler.on("views.changed", follow);
  follow();
  if (!english) for (const place of [canvas, panel]) keepWords(place, words);
  openTrials(null, {
    path: surroundings().path,
    decisions: () => modeler.getViews().filter((view: any) => view.element?.$type === "dmn:Decision").map((view: any) => ({ id: view.element.id, name: view.element.name })),
    active: () => (modeler.getActiveView()?.element?.$type === "dmn:Decision" ? modeler.getActiveView().element.id : undefined),
    read,
  });
  (window as unknown as { zfModeler: unknown }).zfModeler = modeler;
  canvas.dataset.ready = "1";
  await problems.check();
}

open().catch((error: Error) => {
  canvas.textContent = say("diagramFailed", { why: error.message });
});
