// Pages that open without a signal: the worker keeps those of the navigation and those a page names.
import { all, self, whenActsChange } from "./acts.js";

export function startKeeping() {
  const { kept } = document.documentElement.dataset;
  if (kept) old(kept);
  // Nothing of somebody else's window stays on the phone of the person who looked through it.
  if (!self() || !("serviceWorker" in navigator) || document.querySelector(".preview-banner")) return;
  navigator.serviceWorker.register("/field/worker.js", { scope: "/field", updateViaCache: "none" }).catch(() => {});
  navigator.serviceWorker.ready.then((ready) => {
    const links = document.querySelectorAll(".tab-bar a[href], a[data-keep], [data-sync]");
    const named = (document.body.dataset.keep ?? "").split(" ").filter(Boolean);
    ready.active?.postMessage({ keep: [...new Set([...links].map((link) => link.getAttribute("href")).concat(named))] });
  });
  navigator.storage?.persist?.().catch(() => {});
  // Who signs out leaves no page behind. What waits to be sent stays: it is sent when its owner signs in again.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") caches.delete("bailiwick-pages");
  }, true);
}

function old(kept) {
  const main = document.getElementById("main");
  const banner = document.createElement("div");
  banner.className = "banner";
  banner.setAttribute("role", "status");
  const words = document.createElement("p");
  const when = new Intl.DateTimeFormat("en", { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(kept));
  words.textContent = `No signal. This page is as it was at ${when}; what you hand in is kept on this phone.`;
  banner.append(words);
  main.prepend(banner);
  // What was sent, was sent with a signal.
  whenActsChange(async () => { if ((await all()).some((act) => act.ended > Date.now() - 5_000)) banner.remove(); });
}
