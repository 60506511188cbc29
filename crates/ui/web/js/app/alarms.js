// The watch that every page of the office keeps for those who answer alarms: open ones are on top of the page, and one
// that nobody has answered is heard until somebody does. And pages that follow what others do ask again by themselves.
import { dress } from "./dress.js";
import { parse } from "./page.js";

const ALARMS_EVERY = 10_000;

export function startAlarms() {
  lookForAlarms();
  setInterval(lookForAlarms, ALARMS_EVERY);
  // A page that took the place of another brings an empty bar.
  document.addEventListener("shown", lookForAlarms);
  setInterval(afresh, 1000);
}

async function lookForAlarms() {
  const bar = document.querySelector("[data-watch]");
  if (!bar) return;
  let fresh;
  try {
    const answer = await fetch(`${bar.dataset.watch}?state=open`, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    fresh = parse(await answer.text());
  } catch {
    // No signal: what stands there stays.
    return;
  }
  const open = [...fresh.querySelectorAll("template[data-alarm]")];
  const waiting = open.filter((one) => one.dataset.state === "raised");
  // Written anew only where something changed, so that it is read out once.
  const now = open.map((one) => `${one.dataset.alarm} ${one.dataset.state}`).join();
  if (now !== bar.dataset.now) {
    bar.dataset.now = now;
    bar.hidden = !open.length;
    bar.classList.toggle("waiting", waiting.length > 0);
    bar.replaceChildren(...open.slice(0, 5).map(alarmLine));
  }
  if (waiting.length) soundAlarm();
}

function alarmLine(one) {
  const link = document.createElement("a");
  link.href = one.dataset.href;
  const words = document.createElement("strong");
  words.textContent = one.dataset.state === "raised" ? "Alarm, nobody answers yet: " : "Alarm, answered: ";
  link.append(words, one.content.textContent.trim());
  return link;
}

// Two tones, twice. A browser that was not touched yet stays silent; the bar is there all the same.
function soundAlarm() {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.connect(loud).connect(audio.destination);
    loud.gain.value = .2;
    for (let step = 0; step < 4; step += 1) tone.frequency.setValueAtTime(step % 2 ? 660 : 880, audio.currentTime + step * .25);
    tone.start();
    tone.stop(audio.currentTime + 1);
    tone.onended = () => audio.close();
  } catch {
    // No sound here.
  }
}

let lastAfresh = Date.now();
let asking = false;

// A part that names seconds is asked for again after them, unless somebody writes in it.
async function afresh() {
  const part = document.querySelector("[data-afresh]");
  if (!part || asking || document.hidden || Date.now() - lastAfresh < Number(part.dataset.afresh) * 1000) return;
  if (part.contains(document.activeElement) && document.activeElement.matches("textarea, input, select")) return;
  if ([...part.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue)) return;
  if (document.querySelector(":popover-open, dialog[open]")) return;
  asking = true;
  const here = location.href;
  try {
    const answer = await fetch(here, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || here !== location.href) return;
    const fresh = parse(await answer.text()).querySelector("[data-afresh]");
    if (!fresh) return location.reload();
    const was = fresh?.innerHTML;
    if (fresh && was !== part.dataset.was) {
      part.replaceWith(fresh);
      fresh.dataset.was = was;
      dress(document);
    }
  } finally {
    lastAfresh = Date.now();
    asking = false;
  }
}
