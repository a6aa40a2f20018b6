// Multi-select in lists: the bar with the bulk acts shows itself while something is selected.
import { say } from "../shared/strings";

function update(): void {
  const bar = document.querySelector<HTMLElement>("[data-selection-bar]");
  if (!bar) return;
  const n = document.querySelectorAll("[data-row] input[type=checkbox]:checked").length;
  bar.hidden = n === 0;
  const count = bar.querySelector("[data-selection-count]");
  if (count) count.textContent = say("selected", { n });
}

export function followSelection(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-select-all]")) {
      const table = box.closest("form, table, section");
      for (const each of table?.querySelectorAll<HTMLInputElement>("[data-row] input[type=checkbox]") ?? []) each.checked = box.checked;
    }
    if (box.matches("input[type=checkbox]")) update();
  });
}
