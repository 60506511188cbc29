// Dialogs: open those that the page was sent with, those that the address names, and those of browsers that do not
// know invoker commands.
import { whenDressed } from "./dress.js";

export function startDialogs() {
  whenDressed((root) => {
    for (const dialog of root.querySelectorAll("dialog[data-open]")) modal(dialog);
  });
  const named = () => {
    const dialog = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (dialog instanceof HTMLDialogElement) {
      history.replaceState(history.state, "", location.pathname + location.search);
      modal(dialog);
    }
  };
  addEventListener("hashchange", named);
  named();
  if (!("commandForElement" in HTMLButtonElement.prototype)) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[commandfor]");
      const dialog = button && document.getElementById(button.getAttribute("commandfor"));
      if (!(dialog instanceof HTMLDialogElement)) return;
      if (button.getAttribute("command") === "show-modal") modal(dialog);
      else dialog.close();
    });
  }
  if (!("closedBy" in HTMLDialogElement.prototype)) {
    document.addEventListener("click", (event) => {
      if (event.target instanceof HTMLDialogElement && event.target.getAttribute("closedby") === "any") event.target.close();
    });
  }
  // A facet or a menu made of details closes when one looks elsewhere.
  document.addEventListener("click", (event) => {
    for (const facet of document.querySelectorAll("details.facet[open]")) if (!facet.contains(event.target)) facet.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const facet of document.querySelectorAll("details.facet[open]")) {
      facet.open = false;
      facet.querySelector("summary").focus();
    }
  });
}

function modal(dialog) {
  if (dialog.matches(":modal")) return;
  dialog.removeAttribute("data-open");
  if (dialog.open) dialog.removeAttribute("open");
  dialog.showModal();
  dialog.querySelector("[data-summary]")?.focus();
}
