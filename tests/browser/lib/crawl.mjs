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
export function router(paths) {
  const known = paths.map((path) => ({ path, parts: path.split("/") }));
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

/** Where a page leads: its links, its forms that ask, and separately its forms that do. */
function leads(html) {
  const links = [...html.matchAll(/<a\b[^>]*?\shref="([^"#]+)[^"]*"/g)].map(([, href]) => unescaped(href));
  const acts = [];
  for (const [form, action] of html.matchAll(/<form\b[^>]*?\saction="([^"#]+)"[^>]*>/g)) (/\smethod="post"/i.test(form) ? acts : links).push(unescaped(action));
  return { links, acts };
}

/** Somebody at the doors without a browser and without a session: `get` and `post`, following nothing. */
export function guest(base) {
  let cookie = "";
  const ask = async (path, options = {}) => {
    const answer = await fetch(new URL(path, base), {
      redirect: "manual",
      ...options,
      headers: { origin: base, ...(cookie ? { cookie } : {}) },
    });
    for (const line of answer.headers.getSetCookie()) cookie = line.split(";")[0];
    return answer;
  };
  return {
    home: "/sign-in",
    get: (path) => ask(path),
    post: (path, fields) => ask(path, { method: "POST", body: fields instanceof FormData ? fields : new URLSearchParams(fields) }),
    cookie: () => cookie,
  };
}

/** The same with a session, acting for the organization. */
export async function caller(base, email, password, organization) {
  const who = { ...guest(base), email };
  const signed = await who.post("/sign-in", { email, password, next: "" });
  if (signed.status !== 303) throw new Error(`${email} cannot sign in: ${signed.status}`);
  who.home = signed.headers.get("location");
  if (who.home.startsWith("/hats")) {
    const html = await (await who.get("/hats")).text();
    const forms = [...html.matchAll(/<form\b[^>]*action="(\/hats\/[^"]+)".*?<\/form>/gs)];
    const chosen = forms.find(([whole]) => whole.includes(organization)) ?? forms[0];
    who.home = (await who.post(chosen[1], { next: "" })).headers.get("location");
  }
  while (who.home === "/") who.home = (await who.get("/")).headers.get("location");
  return who;
}

/** How an address ends that leads nowhere; what is answered there is a page, too. */
export const nowhere = "/nowhere";

/** Of each shape so many are opened, and so many more where that may lead to a route nobody has met. */
const most = { plain: 6, asking: 1, deeper: 60 };

/**
 * Every page somebody reaches by links: `pages` with one of each shape, `elsewhere` with the routes that only lead on,
 * `broken` with the links that lead nowhere. Several records of a route are opened, because one has what another lacks:
 * a draft can be published, a published incident can be taken back. `wanted` are routes for which it is worth opening
 * more. Questions (filters, orders, places in a list) are followed only from a page that was reached without one, so that
 * their combinations do not multiply.
 */
export async function crawl(caller, routeOf, { start = [caller.home], wanted = () => [] } = {}) {
  const todo = start.map((path) => ({ path, link: false }));
  const asked = new Set(start);
  const counts = new Map();
  const put = new Map();
  const found = new Map();
  const met = new Set();
  const elsewhere = new Set();
  const broken = new Set();

  const open = async ({ path, link }) => {
    const route = routeOf(path);
    const key = path.endsWith(nowhere) ? path : route && shape(route, path);
    const answer = await caller.get(path);
    if (answer.status >= 300 && answer.status < 400) {
      if (route !== undefined) elsewhere.add(route);
      const next = answer.headers.get("location");
      if (next.startsWith("/") && !asked.has(next)) todo.push({ path: next, link: false });
      asked.add(next);
      return;
    }
    const page = (answer.headers.get("content-type") ?? "").startsWith("text/html");
    if (answer.status >= 400 && link) broken.add(`${path}: ${answer.status}`);
    const good = answer.status < 400 && key !== undefined;
    if (!page || !(good || path.endsWith(nowhere))) return void (await answer.body?.cancel());
    const html = await answer.text();
    met.add(route);
    if (!found.has(key)) found.set(key, { path, route, shape: key, html });
    const { links, acts } = leads(html);
    for (const [paths, link] of [[links, true], [acts, false]]) {
      for (const lead of paths) {
        if (!lead.startsWith("/") || lead.startsWith("//") || asked.has(lead)) continue;
        if (path.includes("?") && lead.includes("?") && routeOf(lead) === route) continue;
        asked.add(lead);
        todo.push({ path: lead, link });
      }
    }
  };
  /** Opens it, or puts it aside where enough of its shape were opened. */
  const one = async (lead) => {
    const route = routeOf(lead.path);
    const key = route === undefined ? lead.path : shape(route, lead.path);
    const count = counts.get(key) ?? 0;
    if (count >= (lead.path.includes("?") ? most.asking : most.plain)) {
      if (!lead.path.includes("?")) put.set(route, [...(put.get(route) ?? []), lead]);
      return;
    }
    counts.set(key, count + 1);
    await open(lead);
  };
  const drain = async () => {
    const worker = async () => {
      while (todo.length > 0) await one(todo.shift());
    };
    // In rounds, so that a worker that finds nothing for a moment does not leave the rest to one.
    while (todo.length > 0) await Promise.all(Array.from({ length: 4 }, worker));
  };
  await drain();
  for (const route of wanted()) {
    const parents = [...put.keys()].filter((parent) => parent !== undefined && route.startsWith(`${parent}/`));
    for (const lead of parents.flatMap((parent) => put.get(parent).splice(0, most.deeper))) {
      if (met.has(route)) break;
      await open(lead);
      await drain();
    }
  }
  return { pages: [...found.values()], elsewhere, broken: [...broken] };
}
