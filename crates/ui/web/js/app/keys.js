// Keys of the office: Ctrl+K goes anywhere, `/` finds in the list, `g` and a letter goes to a place of the navigation.
import { openPalette } from "./palette.js";

let going = 0;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey) {
      if (openPalette()) event.preventDefault();
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog:modal")) return;
    if (event.key === "/") {
      const box = document.querySelector('[data-key="/"]');
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    } else if (event.key === "g") going = Date.now();
    else if (Date.now() - going < 1200) {
      going = 0;
      const letter = event.key.toLowerCase();
      const link = [...document.querySelectorAll(".nav a, .tab-bar a")].find((one) => one.textContent.trim().toLowerCase().startsWith(letter));
      if (link) {
        event.preventDefault();
        link.click();
      }
    }
  });
}
