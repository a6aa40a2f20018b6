// Short notes to the person: seen at the foot of the page, heard through aria-live.
let timer = 0;

export function announce(text: string, kind: "calm" | "bad" = "calm"): void {
  const place = document.getElementById("zf-announce");
  if (!place) return;
  place.textContent = text;
  place.dataset.kind = kind;
  place.classList.add("shown");
  window.clearTimeout(timer);
  timer = window.setTimeout(() => place.classList.remove("shown"), kind === "bad" ? 8000 : 2500);
}
