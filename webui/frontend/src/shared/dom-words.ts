// Some libraries say their words in English with no door for a translation: their texts are exchanged where they appear.
export interface Words {
  exact: Record<string, string>;
  patterns: [RegExp, string | ((...found: string[]) => string)][];
}

const ATTRIBUTES = ["placeholder", "title", "aria-label", "data-title", "alt"];
const SKIPPED = "textarea, input, [contenteditable=true], .cm-content, .djs-visual";

/** Return the text in the page's language, or unchanged when no words are known for it. */
export function exchanged(text: string, words: Words): string {
  const known = words.exact[text];
  if (known !== undefined) return known;
  const pattern = words.patterns.find(([each]) => each.test(text));
  return pattern ? text.replace(pattern[0], pattern[1] as string) : text;
}

function exchange(node: Node, words: Words): void {
  if (node instanceof Text) {
    if (node.parentElement?.closest(SKIPPED)) return;
    const text = node.data.trim();
    const found = text ? exchanged(text, words) : text;
    if (found !== text) node.data = node.data.replace(text, () => found);
  } else if (node instanceof Element) {
    for (const name of ATTRIBUTES) {
      const text = node.getAttribute(name)?.trim();
      if (text && exchanged(text, words) !== text) node.setAttribute(name, exchanged(text, words));
    }
  }
}

function exchangeAll(root: Node, words: Words): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node: Node | null = root; node; node = walker.nextNode()) exchange(node, words);
}

/** Exchange the words in `place`, now and whenever it changes. */
export function keepWords(place: Element, words: Words): void {
  exchangeAll(place, words);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") for (const node of change.addedNodes) exchangeAll(node, words);
      else exchange(change.target, words);
    }
  }).observe(place, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
