// The studio's BPMN editor: palette, properties with our groups, element templates of the handlers, simulation, problems as they are made.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "bpmn-js-element-templates/dist/assets/element-templates.css";
import "bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "./styles/diagram.css";
import "./styles/studio.css";
import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import { CloudElementTemplatesPropertiesProviderModule } from "bpmn-js-element-templates";
import behaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import TokenSimulationModule from "bpmn-js-token-simulation";
import MinimapModule from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import zf from "./zf-moddle.json";
import { announce } from "./shared/announce";
import { laidOut } from "./shared/laid-out";
import { english, say } from "./shared/strings";
import { keepWords } from "./shared/dom-words";
import { DraftKeeper } from "./studio/drafts";
import { HandlerTemplatesModule } from "./studio/handler-templates";
import { ProblemList } from "./studio/problems";
import { surroundings } from "./studio/surroundings";
import { TranslateModule, words } from "./studio/translate";
import { openTrials } from "./studio/trial";
import { ZfPropertiesModule } from "./studio/zf-properties";

const canvas = document.querySelector<HTMLElement>("#canvas") as HTMLElement;
const panel = document.querySelector<HTMLElement>("#properties") as HTMLElement;

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json, text/xml" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}

/** Fit, but never so small that nothing can be read. */
function frame(modeler: any): void {
  const view = modeler.get("canvas");
  view.zoom("fit-viewport", "auto");
  if (view.zoom() >= 0.5) return;
  view.zoom(0.7, "auto");
  const start = modeler.get("elementRegistry").find((each: any) => each.type === "bpmn:StartEvent");
  if (start) view.scrollToElement(start, { top: 120, bottom: 120, left: 180, right: 120 });
}

async function open(): Promise<void> {
  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel, feelPopupContainer: document.body },
    moddleExtensions: { zeebe, zf },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule,
      behaviors,
      CreateAppendAnythingModule,
      TokenSimulationModule,
      MinimapModule,
      TranslateModule,
      ZfPropertiesModule,
      HandlerTemplatesModule,
    ],
  });
  const read = async (): Promise<string> => ((await modeler.saveXML({ format: true })) as { xml: string }).xml;
  const drafts = new DraftKeeper(read);
  const problems = new ProblemList(read, modeler);
  const templates = await (await fetched(surroundings().templatesUrl)).json();
  modeler.get("elementTemplatesLoader").setTemplates(templates);
  const drawing = await laidOut(await (await fetched(canvas.dataset.xmlUrl as string)).text());
  await modeler.importXML(drawing.xml);
  if (drawing.made) announce(say("laidOutToSave"));
  frame(modeler);
  modeler.on("commandStack.changed", () => {
    drafts.touched();
    problems.later();
  });
  if (!english) {
    keepWords(panel, words);
    keepWords(canvas, words);
  }
  openTrials(panel);
  (window as unknown as { zfModeler: unknown }).zfModeler = modeler;
  canvas.dataset.ready = "1";
  await problems.check();
  const focus = new URLSearchParams(window.location.search).get("element");
  const shape = focus && modeler.get("elementRegistry").get(focus);
  if (shape) modeler.get("selection").select(shape);
}

open().catch((error: Error) => {
  canvas.textContent = say("diagramFailed", { why: error.message });
});
