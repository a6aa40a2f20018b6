// Dates as the house writes them: form-js lays them out for the locale «default», and its calendar speaks English until told.
import flatpickr from "flatpickr";
import { Mandarin } from "flatpickr/dist/l10n/zh.js";
import { english } from "../shared/strings";

const YEAR_FIRST = "sv-SE";

/** Let form-js write yyyy-mm-dd whatever the browser's order is, and its calendar speak the page's language. */
export function ourDates(): void {
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct: (target, [locale, ...rest]) => new target(locale === "default" ? YEAR_FIRST : locale, ...rest),
  });
  if (!english) flatpickr.localize({ ...Mandarin, yearAriaLabel: "年", monthAriaLabel: "月" });
}
