// A refused act back in its form: every word and file as it was, to be mended and sent again.
import { take } from "./acts.js";
import { whenDressed } from "./dress.js";

export function startAgain() {
  const id = new URLSearchParams(location.search).get("again");
  if (!id) return;
  whenDressed(() => fill(id));
  fill(id);
}

async function fill(id) {
  const form = document.querySelector("main form[data-queue]");
  if (!form || form.dataset.again) return;
  const act = await take(id);
  if (!act || act.action !== (form.getAttribute("action") || location.pathname)) return;
  form.dataset.again = id;
  const files = new Map();
  for (const field of form.elements) if (field.type === "checkbox" || field.type === "radio") field.checked = false;
  for (const [name, value] of act.fields) {
    if (value instanceof File) {
      if (value.size) files.set(name, [...(files.get(name) ?? []), value]);
      continue;
    }
    for (const field of [form.elements[name]].flat().filter(Boolean)) restore(field, value);
  }
  for (const [name, list] of files) {
    const input = form.elements[name];
    if (!(input instanceof HTMLInputElement)) continue;
    const held = new DataTransfer();
    for (const file of list) held.items.add(file);
    input.files = held.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function restore(field, value) {
  if (field instanceof RadioNodeList) {
    for (const one of field) if (one.value === value) one.checked = true;
  } else if (field.type === "checkbox" || field.type === "radio") field.checked = field.value === value || field.checked;
  else if (field.type !== "file") field.value = value;
}
