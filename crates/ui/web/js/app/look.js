// Auto, light or dark: kept on this device only.
import { whenDressed } from "./dress.js";

export function startScheme() {
  const root = document.documentElement;
  whenDressed(() => {
    const now = root.dataset.scheme || "auto";
    for (const button of document.querySelectorAll("[data-set-scheme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setScheme === now));
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-scheme]");
    if (!button) return;
    const scheme = button.dataset.setScheme;
    if (scheme === "auto") delete root.dataset.scheme;
    else root.dataset.scheme = scheme;
    try {
      localStorage.setItem("scheme", scheme);
    } catch {
      // Not kept; it holds for this page.
    }
    for (const other of document.querySelectorAll("[data-set-scheme]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    document.dispatchEvent(new CustomEvent("scheme"));
  });
}
