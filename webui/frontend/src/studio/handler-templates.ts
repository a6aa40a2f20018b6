// A service task is shown by the template of its handler: found by its topic, so files that never saw a template have their fields too.
const PREFIX = "zhangfang.";
const ID = "zeebe:modelerTemplate";
const VERSION = "zeebe:modelerTemplateVersion";

function topicOf(object: any): string {
  const values: any[] = object.extensionElements?.values ?? [];
  return values.find((each) => each.$type === "zeebe:TaskDefinition")?.type ?? "";
}

class HandlerTemplates {
  static $inject = ["eventBus", "elementRegistry", "elementTemplates"];
  constructor(
    eventBus: any,
    elementRegistry: any,
    private readonly templates: any,
  ) {
    eventBus.on("import.done", () => elementRegistry.forEach((each: any) => this.link(each)));
    // a changed topic takes its template along; what was unlinked by hand stays so until the file is opened again
    eventBus.on("elements.changed", 2000, ({ elements }: { elements: any[] }) => {
      for (const each of elements) if (each.businessObject?.get?.(ID)?.startsWith(PREFIX)) this.link(each);
    });
  }

  private link(element: any): void {
    const object = element.businessObject;
    if (element.type !== "bpmn:ServiceTask" || element.labelTarget) return;
    const id = PREFIX + topicOf(object);
    const version = this.templates.getLatest(id)?.[0]?.version;
    const given = object.get(ID);
    if (given && !given.startsWith(PREFIX)) return;
    if (given === id && String(object.get(VERSION)) === String(version)) return;
    object.set(ID, version === undefined ? undefined : id);
    object.set(VERSION, version === undefined ? undefined : String(version));
  }
}

export const HandlerTemplatesModule = { __init__: ["handlerTemplates"], handlerTemplates: ["type", HandlerTemplates] };
