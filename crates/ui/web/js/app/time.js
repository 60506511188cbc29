// "5 min ago" instead of the instant, which stays in the title. Up to a week; older instants say more as they are.
import { whenDressed } from "./dress.js";

function ago(instant, now) {
  const seconds = Math.round((now - instant) / 1000);
  const ahead = seconds < 0;
  const far = Math.abs(seconds);
  let words;
  if (far < 45) return "just now";
  if (far < 3300) words = `${Math.max(1, Math.round(far / 60))} min`;
  else if (far < 86400) words = `${Math.round(far / 3600)} h`;
  else if (far < 7 * 86400) words = `${Math.round(far / 86400)} d`;
  else return null;
  return ahead ? `in ${words}` : `${words} ago`;
}

export function startCalendarWords() {
  const run = (root) => {
    const now = Date.now();
    for (const element of root.querySelectorAll("time[data-relative]")) {
      const words = ago(Date.parse(element.dateTime), now);
      if (words && element.textContent !== words) element.textContent = words;
    }
  };
  whenDressed(run);
  setInterval(() => { if (!document.hidden) run(document); }, 30_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) run(document); });
}
