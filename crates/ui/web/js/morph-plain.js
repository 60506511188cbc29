// Without idiomorph in the build: the region is replaced and the focus is put back where it was.
export function morph(current, fresh) {
  const at = document.activeElement?.id;
  const open = [...current.querySelectorAll("details[open][id], dialog[open][id]")].map((one) => one.id);
  if (current === document.body) document.body.replaceChildren(...fresh.childNodes);
  else current.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (at) document.getElementById(at)?.focus({ preventScroll: true });
}
