// Without idiomorph in the build: the region is replaced whole, what was open stays open and the focus is put back.
export function morph(current, fresh) {
  const active = document.activeElement;
  if (current === document.body) {
    const at = active?.id;
    document.body.replaceChildren(...fresh.childNodes);
    if (at) document.getElementById(at)?.focus({ preventScroll: true });
    return;
  }
  // Words that somebody is typing are worth more than fresh ones; the next change tries again.
  if (current.querySelector("form[data-dirty]") || (current.contains(active) && active.matches("input, textarea, select"))) return;
  const at = active?.id;
  const open = [...current.querySelectorAll("details[open][id]")].map((one) => one.id);
  current.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (at && fresh.contains(document.getElementById(at))) document.getElementById(at).focus({ preventScroll: true });
}
