// style-mod (under every FEEL editor) writes <style> elements, which our CSP refuses; this one uses constructed sheets.
// The build puts it in the place of the package, see "alias" in build.mjs.
import { StyleModule as Base } from "../../node_modules/style-mod/src/style-mod.js";

interface Rules {
  getRules(): string;
}
interface Mounted {
  sheet: CSSStyleSheet;
  modules: Rules[];
}

const mounted = new WeakMap<Document | ShadowRoot, Mounted>();

export class StyleModule extends Base {
  /** Let the rules of the modules apply in a document or shadow root; later ones win, as in the package. */
  static mount(root: Document | ShadowRoot, modules: Rules | Rules[]): void {
    let known = mounted.get(root);
    if (!known) {
      known = { sheet: new CSSStyleSheet(), modules: [] };
      mounted.set(root, known);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, known.sheet];
    }
    const given = Array.isArray(modules) ? modules : [modules];
    const others = known.modules.filter((each) => !given.includes(each));
    if (given.every((each) => known.modules.includes(each))) return;
    known.modules = [...others, ...given];
    known.sheet.replaceSync(known.modules.map((each) => each.getRules()).join("\n"));
  }
}
