// Libraries that ship no types; each is used in one place of ours.
declare module "*.css";
declare module "bpmn-auto-layout" {
  export function layoutProcess(xml: string): Promise<string>;
}
declare module "bpmn-js/lib/Modeler";
declare module "bpmn-js/lib/NavigatedViewer";
declare module "bpmn-js-properties-panel";
declare module "bpmn-js-element-templates";
declare module "camunda-bpmn-js-behaviors/lib/camunda-cloud";
declare module "bpmn-js-create-append-anything";
declare module "bpmn-js-token-simulation";
declare module "diagram-js-minimap";
declare module "@bpmn-io/properties-panel";
declare module "@bpmn-io/properties-panel/preact";
declare module "@bpmn-io/properties-panel/preact/hooks";
declare module "@bpmn-io/form-js-viewer";
declare module "@bpmn-io/form-js-editor";
declare module "dmn-js/lib/Modeler";
declare module "dmn-js-properties-panel";
declare module "bpmn-js-i18n/translations/zn.js";
declare module "zeebe-bpmn-moddle/resources/zeebe.json";
