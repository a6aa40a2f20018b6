// In an English page a diagram shows the names from zf:label; only viewers do this, an editor never changes names.
interface Named {
  name?: string;
  $type: string;
  extensionElements?: { values?: { $type: string; en?: string }[] };
  flowElements?: Named[];
  laneSets?: { lanes?: Named[] }[];
  childLaneSet?: { lanes?: Named[] };
  participants?: (Named & { processRef?: Named })[];
  rootElements?: Named[];
}

function englishName(element: Named | undefined): string | undefined {
  return element?.extensionElements?.values?.find((value) => value.$type === "zf:Label")?.en;
}

function rename(element: Named): void {
  const name = englishName(element);
  if (name) element.name = name;
  for (const child of element.flowElements ?? []) rename(child);
  for (const set of [...(element.laneSets ?? []), ...(element.childLaneSet ? [element.childLaneSet] : [])]) {
    for (const lane of set.lanes ?? []) rename(lane);
  }
  for (const participant of element.participants ?? []) {
    participant.name = englishName(participant) ?? englishName(participant.processRef) ?? participant.name;
  }
}

/** Give every shape of the parsed file its English name where it has one. */
export function useEnglishNames(definitions: Named): void {
  const roots = definitions.rootElements ?? [];
  for (const root of roots.filter((each) => each.$type === "bpmn:Collaboration")) rename(root);
  for (const root of roots.filter((each) => each.$type !== "bpmn:Collaboration")) rename(root);
}
