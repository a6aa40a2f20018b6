// Pages with a form: mounts every [data-form] section, also those that htmx brings later.
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "./styles/forms.css";
import { ourDates } from "./forms/dates";
import { MountedForm } from "./forms/mount";

function mount(root: ParentNode): void {
  for (const section of root.querySelectorAll<HTMLElement>("[data-form]:not([data-mounted])")) {
    section.dataset.mounted = "1";
    void new MountedForm(section).show();
  }
}

ourDates();
document.addEventListener("htmx:load", (event) => mount((event as CustomEvent<{ elt: HTMLElement }>).detail.elt.parentElement ?? document));
mount(document);
