// Who meets which page: the program's own list of routes, and a walk along links as one person.
import { spawnSync } from "node:child_process";
import { binary } from "./server.mjs";

/** Every page the program has: `[{ door, path, about }]`, from the table that it mounts. */
export function routes() {
  const told = spawnSync(binary, ["routes", "--pages", "--json"], { encoding: "utf8" });
  if (told.status !== 0) throw new Error(`bailiwick routes: ${told.stderr ?? told.error}`);
  return JSON.parse(told.stdout).routes.map((route) => ({ ...route, path: route.path.replace(/(.)\/$/, "$1") }));
}

/** Finds the route of a path: words before placeholders, as the router does. */
export function router(all) {
  const known = all.map(({ path }) => ({ path, parts: path.split("/") }));
  return (path) => {
    const parts = path.replace(/[?#].*$/, "").split("/");
    let best = null;
    for (const route of known) {
      if (route.parts.length !== parts.length) continue;
      if (!route.parts.every((part, at) => part.startsWith("{") || part === parts[at])) continue;
      const ids = route.parts.filter((part) => part.startsWith("{")).length;
      if (best === null || ids < best.ids) best = { path: route.path, ids };
    }
    return best?.path;
  };
}

/** The shape of an address: its route, and the names of what it asks. A hundred records count as one page. */
export function shape(route, address) {
  const asks = [...new Set(new URLSearchParams(address.split("?")[1] ?? "").keys())].sort();
  return asks.length === 0 ? route : `${route}?${asks.join("&")}`;
}

const unescaped = (text) => text.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');

/** Where the page leads: links, forms that ask, and what a form that does would answer when it is asked by address. */
function* leads(html) {
  for (const [, href] of html.matchAll(/<a\b[^>]*?\shref="([^"#]+)[^"]*"/g)) yield unescaped(href);
  for (const [, action] of html.matchAll(/<form\b[^>]*?\saction="([^"#]+)"/g)) yield unescaped(action);
}

/** Somebody at the doors without a browser: `get` and `post` with the session's cookie, following nothing. */
export async function caller(base, email, password, organization) {
  let cookie = "";
  const ask = async (path, options = {}) => {
    const answer = await fetch(new URL(path, base), {
      redirect: "manual",
      ...options,
      headers: { origin: base, ...(cookie ? { cookie } : {}), ...options.headers },
    });
    for (const line of answer.headers.getSetCookie()) cookie = line.split(";")[0];
    return answer;
  };
  const get = (path) => ask(path);
  const post = (path, fields) => ask(path, { method: "POST", body: new URLSearchParams(fields) });
  const signed = await post("/sign-in", { email, password, next: "" });
  if (signed.status !== 303) throw new Error(`${email} cannot sign in: ${signed.status}`);
  let home = signed.headers.get("location");
  if (home.startsWith("/hats")) {
    const html = await (await get("/hats")).text();
    const forms = [...html.matchAll(/<form\b[^>]*action="(\/hats\/[^"]+)".*?<\/form>/gs)];
    const chosen = forms.find(([whole]) => whole.includes(organization)) ?? forms[0];
    home = (await post(chosen[1], { next: "" })).headers.get("location");
  }
  while (home === "/" || home.startsWith("/?")) home = (await get(home)).headers.get("location");
  return { base, email, home, get, post, cookie: () => cookie };
}

const most = { plain: 6, asking: 1 };

/**
 * Every page somebody reaches by links from their home: `[{ path, route, shape, status, html }]`, one of each shape, and
 * `elsewhere`: routes that only lead on. Several records of a route are opened, because one has what another
 * lacks: a draft can be published, a published incident can be taken back. Questions (filters, orders, places in a list)
 * are followed only from a page that was reached without one, so that their combinations do not multiply.
 */
export async function crawl(caller, routeOf, { start = [] } = {}) {
  const todo = [caller.home, ...start];
  const asked = new Set();
  const counts = new Map();
  const found = new Map();
  const elsewhere = new Set();
  const broken = [];
  const one = async (path) => {
    const route = routeOf(path);
    if (route === undefined) return;
    const key = shape(route, path);
    const limit = path.includes("?") ? most.asking : most.plain;
    const count = counts.get(key) ?? 0;
    if (count >= limit) return;
    counts.set(key, count + 1);
    const answer = await caller.get(path);
    const type = answer.headers.get("content-type") ?? "";
    if (answer.status >= 300 && answer.status < 400) {
      elsewhere.add(route);
      todo.push(answer.headers.get("location"));
      return;
    }
    if (answer.status >= 400) broken.push(`${path}: ${answer.status}`);
    if (!type.startsWith("text/html")) return;
    const html = await answer.text();
    if (!found.has(key)) found.set(key, { path, route, shape: key, status: answer.status, html });
    for (const lead of leads(html)) {
      if (!lead.startsWith("/") || lead.startsWith("//") || asked.has(lead)) continue;
      if (path.includes("?") && lead.includes("?") && routeOf(lead) === route) continue;
      asked.add(lead);
      todo.push(lead);
    }
  };
  const worker = async () => {
    while (todo.length > 0) await one(todo.shift());
  };
  // Rounds, so that a worker that finds nothing to do yet does not leave.
  while (todo.length > 0) await Promise.all(Array.from({ length: 4 }, worker));
  return { pages: [...found.values()], elsewhere, broken };
}
