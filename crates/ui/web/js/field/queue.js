// Forms whose act may wait for a signal. The act is kept on the phone first and sent then, so that neither a dead
// spot nor a dead battery loses it.
import { all, put, remove, whenActsChange } from "./acts.js";
import { lighter } from "./photos.js";
import { drain, later, send } from "./send.js";
import { settle } from "./stay.js";

export function startQueue() {
  if (!document.body.dataset.self) return;
  // Before the portal module sees it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.queue || form.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.sending) return;
    form.dataset.sending = "on";
    form.setAttribute("aria-busy", "true");
    handIn(form, event.submitter);
  }, true);
  addEventListener("online", drain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
  whenActsChange(count);
  count();
  drain();
}

async function handIn(form, submitter) {
  const now = new Date();
  const id = crypto.randomUUID();
  const act = {
    id, made: now.getTime(), state: "waiting", what: form.dataset.queue, about: about(form) || (submitter?.textContent ?? "").trim(),
    action: submitter?.getAttribute("formaction") || form.getAttribute("action") || location.pathname,
    page: location.pathname + location.search.replace(/([?&])again=[^&]*&?/, "$1"), multipart: form.enctype === "multipart/form-data",
    fields: await Promise.all([...new FormData(form, submitter ?? undefined)].map(([name, value]) => kept(form, name, value, now, id))),
  };
  const safe = await put(act);
  const answer = await send(act);
  const before = form.dataset.again;
  if (safe && later(answer)) {
    if (before) await remove(before);
    done(form);
    location.assign(`/field/waiting#${act.id}`);
    return;
  }
  await remove(act.id);
  if (before && answer && answer.status < 300) await remove(before);
  // What is kept of this page is older than the act.
  if (answer && answer.status < 300) navigator.serviceWorker?.controller?.postMessage({ keep: [location.pathname], fresh: true });
  // The page that was come to is in the answer already.
  settle(form, answer && { ...answer, location: answer.html ? null : answer.location });
}

// What is left empty means now: when it was handed in here, not when it reaches the server.
async function kept(form, name, value, now, id) {
  if (value instanceof File) return [name, await lighter(value)];
  // A page that is kept may be handed in several times, and each is an act of its own.
  if (name === "once" || name === "key") return [name, id];
  return [name, name === form.dataset.now && !value ? now.toISOString() : value];
}

const done = (form) => {
  delete form.dataset.dirty;
  delete form.dataset.guard;
};

// Which one it was, in the person's own words: the first line they typed.
function about(form) {
  const typed = [...form.elements].find((field) => field.matches?.("input[type=text], input:not([type]), textarea") && field.value.trim());
  return (typed?.value ?? "").trim().slice(0, 120);
}

// The chip on top of every page.
async function count() {
  const chip = document.querySelector("[data-sync]");
  if (!chip) return;
  const acts = await all();
  const [waiting, refused] = ["waiting", "refused"].map((state) => acts.filter((act) => act.state === state).length);
  chip.hidden = !waiting && !refused;
  chip.dataset.state = refused ? "refused" : "waiting";
  const words = refused ? `${refused} refused` : `${waiting} waiting`;
  if (chip.lastElementChild.textContent !== words) chip.lastElementChild.textContent = words;
}
