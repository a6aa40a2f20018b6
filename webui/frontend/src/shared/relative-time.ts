// Times of the last hours read as "12 分钟前"; the exact time stays in the title.
import { say } from "./strings";

function words(minutes: number): string | null {
  if (minutes < 1) return say("justNow");
  if (minutes < 60) return say("minutesAgo", { n: minutes });
  if (minutes < 12 * 60) return say("hoursAgo", { n: Math.floor(minutes / 60) });
  return null;
}

export function showRelativeTimes(root: ParentNode = document): void {
  const now = Date.now();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    const minutes = Math.floor((now - Date.parse(time.dateTime)) / 60000);
    const text = minutes >= 0 ? words(minutes) : null;
    if (text) time.textContent = text;
  }
}
