// A press anywhere on a row follows its link; the link itself is real, so keys, middle clicks and menus work.
// Maps are fetched when one comes into sight.
import { whenDressed } from "./dress.js";

export function startRows() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("tr[data-row]");
    if (!row || event.button || event.target.closest("a, button, input, select, label, summary, [popover]")) return;
    if (String(getSelection())) return;
    const link = row.querySelector(".lead > a");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
    else link.click();
  });

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "200px" });
  whenDressed((root) => {
    for (const map of root.querySelectorAll("[data-geo][data-module]:not([data-drawn])")) seen.observe(map);
  });
}

async function draw(element) {
  element.dataset.drawn = "on";
  try {
    if (!document.querySelector(`link[href="${element.dataset.styles}"]`)) {
      await new Promise((loaded, failed) => {
        const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: element.dataset.styles, onload: loaded, onerror: failed });
        document.head.append(link);
      });
    }
    const { start } = await import(element.dataset.module);
    await start(element);
  } catch (error) {
    console.error(error);
    element.querySelector("[data-geo-picture]").hidden = true;
    element.querySelector("[data-geo-missing]").hidden = false;
  }
}
