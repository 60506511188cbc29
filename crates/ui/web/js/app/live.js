// Regions that keep themselves fresh. The stream only says that something changed; the page itself is asked what.
// Serial, the latest wins; closed while nobody looks; one stream a page, as browsers allow six a host.
import { dress } from "./dress.js";
import { morph } from "./morph.js";
import { debounce } from "./say.js";

let streams = new Map();
let busy = false;
let again = false;

export function startLive() {
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) disconnect();
    else {
      connect();
      if (document.querySelector("[data-live]")) refresh();
    }
  });
  document.addEventListener("shown", connect);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}

function connect() {
  if (document.hidden || document.prerendering) return;
  const wanted = new Set([...document.querySelectorAll("[data-live]")].map((region) => region.dataset.live));
  for (const [path, stream] of streams) {
    if (!wanted.has(path)) {
      stream.close();
      streams.delete(path);
    }
  }
  for (const path of wanted) {
    if (streams.has(path)) continue;
    const stream = new EventSource(path);
    let broken = false;
    stream.addEventListener("changed", soon);
    stream.onmessage = soon;
    stream.onerror = () => { broken = true; };
    // What was missed while the line was down is asked for once it is up.
    stream.onopen = () => { if (broken) soon(); broken = false; };
    streams.set(path, stream);
  }
}

function disconnect() {
  for (const stream of streams.values()) stream.close();
  streams = new Map();
}

const soon = debounce(refresh, 60);

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (response.redirected || response.status === 401 || response.status === 404) location.reload();
    else if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const region of document.querySelectorAll("[data-live][id]")) {
        const next = fresh.getElementById(region.id);
        if (!next) continue;
        morph(region, next);
        dress(document.getElementById(next.id) ?? document);
      }
    }
  } catch {
    // The stream will say so again.
  } finally {
    busy = false;
    if (again) {
      again = false;
      soon();
    }
  }
}
