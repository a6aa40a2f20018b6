// On every page of the staff: htmx without eval, confirmations, keys, selection, small comforts.
import "@tabler/core/dist/css/tabler.css";
import "./styles/tokens.css";
import "./styles/frame.css";
import "./styles/lists.css";
import "./styles/desk.css";
import "./styles/pages.css";
import "./styles/clients.css";
import htmx from "htmx.org";
import { confirmSubmits } from "./shared/dialogs";
import { announce } from "./shared/announce";
import { csrfToken } from "./shared/requests";
import { showRelativeTimes } from "./shared/relative-time";
import { say } from "./shared/strings";
import { listenForKeys } from "./desk/keys";
import { followSelection } from "./desk/selection";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.scrollIntoViewOnBoost = false;

/** Filters submit themselves when a choice changes; a button stays for those without scripts. */
function submitOnChange(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement;
    if (field.matches("[data-submit-on-change]")) (field.closest("form") as HTMLFormElement | null)?.requestSubmit();
  });
}

/** Menus made of <details> close on Escape and when the person looks elsewhere. */
function closeMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.zf-menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.zf-menu[open]")) {
      menu.open = false;
      menu.querySelector<HTMLElement>("summary")?.focus();
    }
  });
}

/** Buttons that open or close a dialog of the page. */
function openDialogs(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-opens], [data-closes]");
    if (!button) return;
    if (button.dataset.opens) document.querySelector<HTMLDialogElement>(button.dataset.opens)?.showModal();
    else button.closest("dialog")?.close();
  });
}

/** A double click must not hand something in twice: the button rests while the request is on its way. */
function restWhileSending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    window.setTimeout(() => {
      for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit], button:not([type])")) button.disabled = true;
    }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll<HTMLButtonElement>("form button:disabled")) button.disabled = false;
  });
}

/** Forms and diagrams bring much code: fetched only when a page, or what htmx put into it, shows one. */
function bringWhatIsNeeded(): void {
  if (document.querySelector("[data-form]")) void import("./form");
  if (document.querySelector("[data-diagram]")) void import("./diagram");
}

/** The desk: the opened line is marked, and on a phone the item takes the list's place. */
function followDesk(): void {
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
    if (target.id !== "desk-item") return;
    const open = document.querySelector<HTMLElement>("#desk-item")?.dataset.item;
    for (const row of document.querySelectorAll<HTMLElement>("[data-row]")) {
      row.classList.toggle("open", row.dataset.row === open);
      row.classList.toggle("current", row.dataset.row === open);
    }
    document.querySelector("#desk")?.classList.add("has-item");
    document.querySelector("#desk-item")?.scrollTo(0, 0);
  });
}

function toggleRail(): void {
  const button = document.querySelector<HTMLElement>("[data-rail-toggle]");
  const rail = document.querySelector<HTMLElement>("#rail");
  document.addEventListener("click", (event) => {
    const inside = button?.contains(event.target as Node);
    if (!rail || (!inside && (rail.contains(event.target as Node) || !rail.classList.contains("open")))) return;
    const open = rail.classList.toggle("open", inside ? undefined : false);
    button?.setAttribute("aria-expanded", String(open));
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRF-Token"] = csrfToken();
});
document.addEventListener("htmx:sendError", () => announce(say("offline"), "bad"));
document.addEventListener("htmx:responseError", () => announce(say("loadFailed"), "bad"));
document.addEventListener("htmx:load", (event) => {
  showRelativeTimes((event as CustomEvent<{ elt: HTMLElement }>).detail.elt);
  bringWhatIsNeeded();
});

confirmSubmits();
submitOnChange();
closeMenus();
openDialogs();
restWhileSending();
listenForKeys();
followSelection();
followDesk();
toggleRail();
bringWhatIsNeeded();
showRelativeTimes();
