// Every page, as several people: accessibility, valid HTML, narrow screens, keyboard, console.
//
// The program prints its own list of pages (`bailiwick routes --pages`). People of many roles follow every link from
// their home, over HTTP; a page of the list that nobody met is a failure, or stands below with its reason. Everything that
// was met is checked for valid HTML. Then a browser looks: each of six people sees each of their pages one way, light
// and wide or dark and narrow; a page that nobody had before is looked at both ways, walked by keyboard and squeezed to
// 320 pixels. Colours follow the scheme and places the size, so two of the four ways show what there is to see.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktop, open, person, phone, signIn } from "./lib/browser.mjs";
import { accessibility, keyboard, reflow, thin, turn, validity } from "./lib/checks.mjs";
import { caller, crawl, guest, nowhere, router, routes } from "./lib/crawl.mjs";
import { password, people } from "./lib/people.mjs";
import { start } from "./lib/server.mjs";
import { furnish, organization } from "./lib/world.mjs";

/** Pages that nobody meets by links, and why that is right. */
const unmet = {
  "/office/access-checks/{id}": "looked at by the last test of this file: while a leak test goes on, nothing else goes fast",
};

/** Those whose pages the browser looks at, all of them; the others are looked at where they meet something new. */
const six = ["customer_admin", "supervisor", "officer", "client_user", "master_administrator", "call_center"];
const others = ["site_manager", "guest_manager", "guest_contractor", "manager", "basic_user", "technician"];
const ways = [{ scheme: "light", size: desktop }, { scheme: "dark", size: phone }];
/** Browsers' pages at a time. */
const hands = 3;

let server;
let browser;
/** Who has which pages: `[{ name, cookie, pages }]`, the six first. */
const met = [];
const elsewhere = new Set();
const broken = [];

before(async () => {
  [server, browser] = await Promise.all([start({ incidents: 120 }), open()]);
  const { eyes, runs, letters } = await furnish(server.url);
  const all = routes().map(({ path }) => path);
  const routeOf = router(all);
  const missing = () => {
    const held = new Set(met.flatMap(({ pages }) => pages.map(({ route }) => route)));
    return all.filter((route) => !held.has(route) && !elsewhere.has(route));
  };
  const walk = async (name, who, start) => {
    const found = await crawl(who, routeOf, { start, wanted: missing });
    for (const route of found.elsewhere) elsewhere.add(route);
    broken.push(...found.broken.map((line) => `${name}: ${line}`));
    met.push({ name, cookie: who.cookie(), pages: found.pages });
  };
  for (const role of [...six, ...others]) {
    const who = await caller(server.url, people[role], password, organization);
    const doors = ["/office", "/field", "/client"].filter((door) => door !== who.home);
    const door = who.home.split("/")[1];
    await walk(role, who, [who.home, `/${door}${nowhere}`, "/hats", ...doors, ...runs.filter((path) => path.startsWith(`/${door}/`))]);
  }
  await walk("somebody in a preview", eyes, [eyes.home, "/preview"]);
  await walk("nobody", guest(server.url), [...all.filter((path) => !/^\/(office|field|client)\b|\{/.test(path)), nowhere, ...letters]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

describe("every page", () => {
  test("is met by somebody", () => {
    const held = new Set(met.flatMap(({ pages }) => pages.map(({ route }) => route)));
    const never = routes().map(({ path }) => path).filter((path) => !held.has(path) && !elsewhere.has(path));
    assert.deepEqual(never.sort(), Object.keys(unmet).sort());
  });

  test("leads only to what is there", () => assert.deepEqual(broken, []));

  test("is valid HTML", () => {
    assert.deepEqual(validity(met.flatMap(({ pages }) => pages)), []);
  });
});

/** What there is to do in the browser: `[{ whose, path, way, fresh }]`. */
function looks() {
  const known = new Set();
  const all = [];
  for (const [place, { name, cookie, pages }] of met.entries()) {
    const way = place % ways.length;
    for (const { path, shape } of pages) {
      const fresh = !known.has(shape);
      known.add(shape);
      // A filtered list is the same page again: one look at it is enough, whoever has it.
      if (fresh || (six.includes(name) && !shape.includes("?"))) all.push({ name, cookie, path, way, fresh, asks: shape.includes("?") });
    }
  }
  return all;
}

async function look(page, { path, way, fresh, asks }) {
  await page.emulateMedia({ colorScheme: ways[way].scheme, reducedMotion: "reduce" });
  await page.setViewportSize(ways[way].size);
  await page.goto(path);
  const lines = [];
  if (fresh) {
    lines.push(...(await reflow(page, ways[way].scheme)));
    await turn(page, ways[way]);
  }
  await thin(page);
  lines.push(...(await accessibility(page)));
  if (!fresh || asks) return lines;
  await turn(page, ways[1 - way]);
  lines.push(...(await accessibility(page)), ...(await keyboard(page)));
  return lines;
}

/** Closes somebody's browser; one that does not close ends with all others. */
const done = (at) => Promise.race([at?.context.close(), new Promise((over) => setTimeout(over, 5000).unref())]);

test("every page is accessible, narrow enough, walked by keyboard, quiet", { timeout: 900_000 }, async () => {
  const todo = looks();
  const lines = [];
  const hand = async () => {
    let at = null;
    while (todo.length > 0) {
      const next = todo.shift();
      if (at?.cookie !== next.cookie) {
        await done(at);
        at = { cookie: next.cookie, ...(await person(browser, server.url, { cookie: next.cookie })) };
      }
      const begun = Date.now();
      const seen = [...(await look(at.page, next)), ...at.wrong.splice(0)];
      lines.push(...seen.map((line) => `as ${next.name}, ${line}`));
      if (process.env.SLOW) console.log(Date.now() - begun, next.name, next.path, seen.join("\n    "));
    }
    await done(at);
  };
  console.log(`${routes().length} routes, ${met.flatMap(({ pages }) => pages).length} pages met, ${todo.length} looked at`);
  await Promise.all(Array.from({ length: hands }, hand));
  assert.deepEqual([...new Set(lines)], []);
});

describe("the bar of the office", () => {
  test("finds pages and records by keyboard, and says how many", async () => {
    const { context, page, wrong } = await person(browser, server.url);
    await signIn(page, people.customer_admin, password);
    await page.keyboard.press("Control+k");
    const dialog = page.locator("#palette");
    await dialog.waitFor();
    await page.keyboard.type("harbor");
    const hit = dialog.getByRole("link", { name: /Harbor Point Clinic/ }).first();
    await hit.waitFor();
    assert.match(await dialog.getByRole("status").innerText(), /found/);
    assert.deepEqual(await accessibility(page), []);
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.includes("Harbor Point Clinic")), true);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/office\/sites\/sit_/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("outbox");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/office\/outbox$/);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("changes memberships by keyboard, without scripts", async () => {
    const { context, page } = await person(browser, server.url, { scripts: false });
    await signIn(page, people.supervisor, password, organization);
    await page.locator(".who").focus();
    await page.keyboard.press("Enter");
    const other = page.getByRole("button", { name: /Harbour Facility Services/ });
    await other.focus();
    await page.keyboard.press("Enter");
    await page.locator(".brand", { hasText: "Harbour Facility Services" }).waitFor();
    await context.close();
  });
});

test("a leak test that goes on is a page like the others", async () => {
  const who = await caller(server.url, people.customer_admin, password, organization);
  const path = (await who.post("/office/access-checks", { quick: "true" })).headers.get("location");
  const html = await (await who.get(path)).text();
  const { context, page, wrong } = await person(browser, server.url, { cookie: who.cookie() });
  const lines = await look(page, { path, way: 0, fresh: true, asks: false });
  await context.close();
  assert.deepEqual([...validity([{ path, html }]), ...lines, ...wrong], []);
});
