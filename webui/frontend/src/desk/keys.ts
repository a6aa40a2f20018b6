// The desk by keyboard: j k move, x select, c claim, Enter open, Ctrl+Enter hand in, / search, ? help.
const OFF = "zhangfang.keys-off";

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable=true], dialog, .fjs-container, .djs-container, .bio-properties-panel");
}

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const current = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-row].current");

function go(step: number): void {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row === current());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  for (const row of all) row.classList.toggle("current", row === next);
  next.querySelector<HTMLElement>("a")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}

const acts: Record<string, () => void> = {
  j: () => go(1),
  k: () => go(-1),
  x: () => current()?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click(),
  c: () => void press("[data-act=claim]"),
  Enter: () => current()?.querySelector<HTMLElement>("a")?.click(),
  "/": () => document.querySelector<HTMLInputElement>("#search")?.focus(),
  "?": () => document.querySelector<HTMLDialogElement>("#keys-help")?.showModal(),
};

export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (press("[data-act=complete]")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || localStorage.getItem(OFF) === "1") return;
    if (event.key === "Enter" && (event.target as HTMLElement).closest("a, button, summary")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const off = document.querySelector<HTMLInputElement>("#keys-off");
  if (off) {
    off.checked = localStorage.getItem(OFF) === "1";
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
  }
}
