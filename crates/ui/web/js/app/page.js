// Puts a page that was fetched in the place of the one that is shown, changing only what differs.
import { dress } from "./dress.js";
import { morph } from "./morph.js";

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// Which page is shown; an anchor within it is not another page.
let shown = location.pathname + location.search;
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) location.reload();
});

export function show(fresh, { address, keep } = {}) {
  const moved = address && new URL(address, location.href).href !== location.href;
  if (moved) history.pushState(null, "", address);
  shown = location.pathname + location.search;
  document.title = fresh.title;
  for (const name of ["hue"]) {
    if (fresh.documentElement.dataset[name]) document.documentElement.dataset[name] = fresh.documentElement.dataset[name];
  }
  carry(fresh);
  for (const open of document.querySelectorAll(":popover-open")) open.hidePopover();
  if (!keep) for (const open of document.querySelectorAll("dialog[open]")) if (!fresh.getElementById(open.id)?.hasAttribute("open")) open.close();
  morph(document.body, fresh.body);
  dress(document);
  document.dispatchEvent(new CustomEvent("shown"));
  if (moved && !keep) {
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}

// The server does not send passwords back: what was typed goes over by hand.
function carry(fresh) {
  for (const old of document.querySelectorAll("input[type=password][id]")) {
    const same = fresh.getElementById(old.id);
    if (same && old.value) same.setAttribute("value", old.value);
  }
}
