// The command palette: places of the navigation at once, what the server finds a moment later.
import { debounce } from "./say.js";

export function openPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  const input = dialog.querySelector("[data-palette]");
  input.select();
  places(dialog, input.value);
  return true;
}

export function startPalette() {
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-palette]")) return;
    const dialog = event.target.closest("dialog");
    places(dialog, event.target.value);
    ask(dialog, event.target);
  });
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest?.("#palette");
    if (!dialog) return;
    const links = [...dialog.querySelectorAll(".palette-hits a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (at <= 0 ? dialog.querySelector("[data-palette]") : links[at - 1])?.focus();
    else if (event.key === "Enter" && at < 0 && links.length) links[0].click();
    else {
      // Typing goes on in the box, wherever the focus is.
      if (at >= 0 && (event.key.length === 1 || event.key === "Backspace") && !event.ctrlKey && !event.metaKey) dialog.querySelector("[data-palette]").focus();
      return;
    }
    event.preventDefault();
  });
}

function places(dialog, query) {
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
  dialog.querySelector("[data-palette-list]").replaceChildren(...(list.children.length ? [list] : []));
}

let asked = 0;
const ask = debounce(async (dialog, input) => {
  const query = input.value.trim();
  if (query.length < 2) return;
  const mine = ++asked;
  try {
    const address = new URL(input.form.action);
    address.searchParams.set("q", query);
    const response = await fetch(address, { headers: { Accept: "text/html", "Bailiwick-Fragment": "palette" }, credentials: "same-origin" });
    if (!response.ok || response.redirected || mine !== asked) return;
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    // A server that answers a whole page is not taken for a fragment.
    if (found.querySelector("main")) return;
    places(dialog, query);
    const list = dialog.querySelector("[data-palette-list]");
    if (list.children.length && found.querySelector(".palette-none")) return;
    list.append(...found.body.childNodes);
  } catch {
    // The places are there; Enter opens the search page.
  }
}, 120);
