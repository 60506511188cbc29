// The field portal's worker: assets for ever, pages from the network first and from the phone where there is none.
// The server puts `VERSION`, `FOLDER` (where assets are) and `ASSETS` in front.
const PAGES = "bailiwick-pages";
const STATIC = `bailiwick-static-${VERSION}`;
const WAITING = "/field/waiting";
// How long the network is waited for where a page is on the phone, in milliseconds.
const PATIENCE = 4000;
// Kept pages end after this, in milliseconds: a shift and the way home.
const OLDEST = 24 * 3600 * 1000;
const MOST = 60;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("bailiwick-static-") && name !== STATIC) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(FOLDER)) event.respondWith(asset(request));
  else if (request.mode === "navigate" && (url.pathname === "/field" || url.pathname.startsWith("/field/"))) event.respondWith(page(event, request, url));
});

async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// A page: the network's where it answers in time, else the phone's.
async function page(event, request, url) {
  const network = fetch(request).then((response) => {
    event.waitUntil(note(url, response.clone()));
    return response;
  });
  const kept = await find(url);
  if (!kept) return network.catch(async () => (await find(new URL(WAITING, location.origin))) ?? Response.error());
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([network.catch(() => null), patience]);
  // A late answer is still noted.
  network.catch(() => {});
  return answer ?? kept;
}

// Without "again=", which names an act of this phone and changes nothing of the page.
const key = (url) => url.pathname + url.search.replace(/([?&])again=[^&]*&?/, "$1").replace(/[?&]$/, "");

// A page of the phone, saying since when it is there.
async function find(url) {
  const response = await (await caches.open(PAGES)).match(key(url));
  const at = Number(response?.headers.get("kept-at"));
  if (!response || Date.now() - at > OLDEST) return undefined;
  const html = (await response.text()).replace("<html ", `<html data-kept="${new Date(at).toISOString()}" `);
  return new Response(html, { headers: response.headers });
}

let last = Promise.resolve();

// One after the other: two that find another window at once would each throw away what the other has just kept.
function note(url, response) {
  last = last.then(() => write(url, response)).catch(() => {});
  return last;
}

// What a page says of the window it was made for: another window (other rights, another person, nobody) empties the
// phone before anything new is kept.
async function write(url, response) {
  const away = response.redirected && !new URL(response.url).pathname.startsWith("/field");
  if (away) return caches.delete(PAGES);
  const window = response.headers.get("bailiwick-window");
  if (response.status === 404 || response.status === 403) return (await caches.open(PAGES)).delete(key(url));
  if (!window || response.status !== 200 || response.redirected) return undefined;
  let cache = await caches.open(PAGES);
  const before = await (await cache.match("/window"))?.text();
  if (before !== window) {
    await caches.delete(PAGES);
    cache = await caches.open(PAGES);
    await cache.put("/window", new Response(window));
  }
  const headers = new Headers(response.headers);
  headers.set("kept-at", String(Date.now()));
  headers.delete("content-encoding");
  headers.delete("content-length");
  await cache.put(key(url), new Response(await response.text(), { headers }));
  const keys = await cache.keys();
  for (const old of keys.slice(1, Math.max(1, keys.length - MOST))) await cache.delete(old);
  return undefined;
}

let lately = 0;

// Fetches the pages that a page names, and those that these name in turn.
self.addEventListener("message", (event) => {
  const paths = event.data?.keep;
  if (!Array.isArray(paths)) return;
  event.waitUntil((async () => {
    // A page that was on its way while the worker began is not its own yet.
    await self.clients.claim();
    const cache = await caches.open(PAGES);
    const full = Date.now() - lately < 5 * 60_000 && (await cache.match(WAITING));
    if (full && !event.data.fresh) return;
    if (!event.data.fresh) lately = Date.now();
    const seen = new Set();
    let next = paths;
    for (let depth = 0; depth < 2; depth += 1) {
      const named = [];
      for (const path of next) {
        const url = new URL(path, location.origin);
        if (seen.has(url.href) || seen.size >= MOST || url.origin !== location.origin || !url.pathname.startsWith("/field")) continue;
        seen.add(url.href);
        const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html", "Sec-Purpose": "prefetch" } }).catch(() => null);
        if (!response) return;
        const text = await response.clone().text();
        await note(url, response);
        for (const [tag] of text.matchAll(/<a [^>]*data-keep[^>]*>/g)) {
          const href = /href="([^"]+)"/.exec(tag)?.[1];
          if (href) named.push(href.replaceAll("&amp;", "&"));
        }
      }
      next = named;
    }
  })());
});
