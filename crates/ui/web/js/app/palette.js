// The command palette: places of the navigation at once, what the server finds a moment later.
import { debounce } from "./say.js";

export function openPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  const input = dialog.querySelector("[data-palette]");
  input.select();
  fillPalette(dialog, input.value, null);
  return true;
}

export function startPalette() {
  // The box in the bar is a form of its own; with scripts a click on it opens the palette.
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-palette-open]");
    if (box && openPalette()) event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-palette]")) return;
    const dialog = event.target.closest("dialog");
    fillPalette(dialog, event.target.value, null);
    ask(dialog, event.target);
  });
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest?.("#palette");
    if (!dialog || event.isComposing) return;
    const links = [...dialog.querySelectorAll(".palette-hits a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (at <= 0 ? dialog.querySelector("[data-palette]") : links[at - 1])?.focus();
    else if (event.key === "Home" && at > 0) links[0].focus();
    else if (event.key === "End" && at >= 0) links[links.length - 1].focus();
    else if (event.key === "Enter" && at < 0 && links.length) links[0].click();
    else {
      // Typing goes on in the box, wherever the focus is.
      if (at >= 0 && (event.key.length === 1 || event.key === "Backspace") && !event.ctrlKey && !event.metaKey) dialog.querySelector("[data-palette]").focus();
      return;
    }
    event.preventDefault();
  });
}

// The places whose names hold the words, then what the server found; `found` is null while it is asked.
function fillPalette(dialog, query, found) {
  const words = query.trim().toLowerCase();
  const list = document.createElement("ul");
  list.className = "palette-hits";
  for (const link of document.querySelectorAll(".nav a, .tab-bar a")) {
    const label = link.querySelector(".nav-label").textContent;
    if (!label.toLowerCase().includes(words)) continue;
    const hit = document.createElement("a");
    hit.href = link.href;
    const name = document.createElement("span");
    name.textContent = label;
    hit.append(link.querySelector("svg").cloneNode(true), name);
    const line = document.createElement("li");
    line.append(hit);
    list.append(line);
  }
  const places = list.children.length;
  const rest = found ? [...found.body.childNodes].filter((node) => !(places && node.matches?.(".palette-none"))) : [];
  dialog.querySelector("[data-palette-list]").replaceChildren(...(places ? [list] : []), ...rest);
  if (!found && words.length >= 2) return;
  const hits = dialog.querySelectorAll(".palette-hits a").length;
  dialog.querySelector("[data-palette-words]").textContent = hits === 1 ? "1 found. Arrow down to go there." : `${hits} found. Arrow down to choose.`;
}

let asked = 0;
const ask = debounce(async (dialog, input) => {
  const query = input.value.trim();
  const mine = ++asked;
  if (query.length < 2) return;
  try {
    const address = new URL(input.form.action);
    address.search = new URLSearchParams({ q: query, part: "palette" });
    const response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected || mine !== asked) return;
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    // A server that answers a whole page is not taken for a fragment.
    if (found.querySelector("main") || mine !== asked) return;
    const focused = document.activeElement?.matches?.(".palette-hits a");
    fillPalette(dialog, query, found);
    if (focused) dialog.querySelector(".palette-hits a")?.focus();
  } catch {
    // The places are there; Enter opens the search page.
  }
}, 140);
