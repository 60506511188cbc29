// The page of what waits, was refused and was sent. It lives on the phone: the server has not seen these acts.
import { all, put, remove, take, whenActsChange } from "./acts.js";
import { drain } from "./send.js";

const WORDS = {
  "no-signal": "Waits for a signal",
  "signed-out": "Sign in again, then it is sent",
  busy: "The server is busy; it is tried again",
};

export function startWaiting() {
  const place = document.querySelector("[data-waiting]");
  if (!place) return;
  whenActsChange(() => paint(place));
  document.addEventListener("click", (event) => press(event.target.closest?.("[data-act]")));
  paint(place);
}

async function press(button) {
  if (!button) return;
  const act = await take(button.value);
  if (button.dataset.act === "now") return drain();
  if (!act) return;
  if (button.dataset.act === "mend") location.assign(`${act.page}${act.page.includes("?") ? "&" : "?"}again=${act.id}`);
  if (button.dataset.act === "retry") await put({ ...act, state: "waiting", why: "" }).then(drain);
  if (button.dataset.act === "discard") {
    // Twice, because this is the only copy.
    if (button.dataset.sure) return remove(act.id);
    button.dataset.sure = "on";
    button.textContent = "Discard for good";
  }
}

async function paint(place) {
  const acts = (await all()).reverse();
  document.querySelector("[data-nothing]").hidden = acts.length > 0;
  document.querySelector("[data-act=now]").hidden = !acts.some((act) => act.state === "waiting");
  const kept = new Map([...place.children].map((line) => [line.id, line]));
  place.replaceChildren(...acts.map((act) => {
    const line = row(act);
    // A line that did not change stays, with the focus in it.
    const old = kept.get(act.id);
    return old && old.dataset.print === line.dataset.print ? old : line;
  }));
}

const STATES = {
  waiting: ["Waiting", "warning", "square"],
  refused: ["Refused", "danger", "diamond"],
  sent: ["Sent", "success", "circle"],
};

function row(act) {
  const line = document.getElementById("act-line").content.firstElementChild.cloneNode(true);
  const [word, tone] = STATES[act.state];
  line.id = act.id;
  line.dataset.print = [act.state, act.why, act.reason, act.place].join("|");
  const say = (name, text) => {
    const part = line.querySelector(`[data-part=${name}]`);
    part.textContent = text;
    part.hidden = !text;
  };
  for (const badge of line.querySelectorAll("[data-state]")) badge.hidden = badge.dataset.state !== act.state;
  line.dataset.tone = tone;
  line.setAttribute("aria-label", `${act.what}: ${word}`);
  say("what", act.what);
  say("about", act.about);
  say("when", new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(act.made));
  say("why", act.state === "refused" ? act.reason : act.state === "waiting" ? WORDS[act.why] ?? "" : "");
  for (const button of line.querySelectorAll("[data-act]")) {
    button.value = act.id;
    button.hidden = !button.dataset.for.split(" ").includes(act.state);
  }
  const link = line.querySelector("a");
  link.hidden = !(act.state === "sent" && act.place);
  if (act.place) link.href = act.place;
  return line;
}
