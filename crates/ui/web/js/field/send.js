// Sends what was kept, one act after the other in the order it was done. Each carries its own key, so an act whose
// answer was lost on the way is not carried out twice.
import { all, put, remove, self, take } from "./acts.js";
import { parse } from "./page.js";

/** How long an act that somebody waits for may take before it is left to the queue, in milliseconds. */
const SENDING_TAKES = 12_000;
/** How long receipts of what was sent stay on the phone, in milliseconds. */
const RECEIPTS = 3 * 86_400_000;
const WAITS = [3_000, 6_000, 15_000, 30_000, 60_000];

/** Sends one act: what the server answered, or null where it was not reached. */
export async function send(act) {
  const body = new FormData();
  // A form that asks when it was sent learns how far the phone's clock is off.
  const fields = act.fields.map(([name, value]) => [name, name === "sent_at" ? new Date().toISOString() : value]);
  for (const [name, value] of fields) body.append(name, value);
  const sent = act.multipart ? body : new URLSearchParams(fields);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), act.multipart ? SENDING_TAKES * 10 : SENDING_TAKES);
  try {
    const response = await fetch(act.action, {
      method: "POST", body: sent, credentials: "same-origin", signal: patience.signal,
      headers: { Accept: "text/html", "Bailiwick-Stay": "1", "Idempotency-Key": act.id },
    });
    const signedOut = response.redirected && new URL(response.url).pathname.startsWith("/sign-in");
    return {
      status: response.status,
      location: response.ok ? response.headers.get("Location") ?? (response.redirected && !signedOut ? response.url : null) : null,
      redirected: response.redirected, url: response.url, signedOut: signedOut || response.status === 401,
      html: (response.headers.get("Content-Type") ?? "").startsWith("text/html"),
      text: await response.text(),
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Is this an answer that will be another one later? */
export const later = (answer) => !answer || answer.signedOut || answer.status >= 500 || answer.status === 429 || answer.status === 408;

// Why the server refused, in its own words.
function reason(answer) {
  const page = answer.html ? parse(answer.text) : null;
  const lines = [...(page?.querySelectorAll("[data-summary] li, .alert.danger p:not(.alert-title), .error-page p") ?? [])];
  const words = lines.map((line) => line.textContent.trim()).filter(Boolean).join(" ");
  return words || page?.querySelector("h1")?.textContent || `The server answered ${answer.status}.`;
}

let failures = 0;
let timer = 0;

/** Sends everything that waits. One window at a time; while something waits, it is tried again. */
export async function drain() {
  clearTimeout(timer);
  if (!self()) return;
  await alone(async () => {
    const now = Date.now();
    for (const act of await all()) {
      if (act.state === "sent" && now - act.ended > RECEIPTS) await remove(act.id);
      if (act.state !== "waiting") continue;
      const answer = await send(act);
      if (later(answer)) {
        failures += 1;
        await put({ ...act, tried: Date.now(), why: answer?.signedOut ? "signed-out" : answer ? "busy" : "no-signal" });
        return;
      }
      failures = 0;
      // It may have been discarded while it was on its way.
      if (!(await take(act.id))) continue;
      if (answer.status < 300) await put({ ...act, state: "sent", ended: Date.now(), place: answer.location, fields: [] });
      else await put({ ...act, state: "refused", ended: Date.now(), reason: reason(answer) });
    }
  });
  if ((await all()).some((act) => act.state === "waiting")) {
    timer = setTimeout(drain, WAITS[Math.min(failures, WAITS.length - 1)]);
  }
}

// Holds the place of the one who sends. Who finds it taken looks again later: a lock that is held is no success.
function alone(act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(`bailiwick-send-${self()}`, { ifAvailable: true }, (lock) => (lock ? act() : undefined));
}
