// Every page, as several people: accessibility, valid HTML, narrow screens, keyboard, console.
//
// Each person's pages are all checked for valid HTML and looked at, light and wide or dark and narrow. A page that
// nobody before had is looked at both ways, walked by keyboard and squeezed to 320 pixels. Colours follow the scheme and
// places the size, so two of the four ways show what there is to see.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktop, open, person, phone, signIn } from "./lib/browser.mjs";
import { accessibility, keyboard, reachable, reflow, validity } from "./lib/checks.mjs";
import { start } from "./lib/server.mjs";
import { password, people } from "./lib/people.mjs";

let server;
let browser;
before(async () => {
  server = await start({ incidents: 120 });
  browser = await open();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const organization = "Northwatch Security";
const roles = ["customer_admin", "supervisor", "officer", "client_user", "master_administrator", "call_center"];
const ways = [["light", desktop], ["dark", phone]];

describe("open pages", () => {
  for (const path of ["/sign-in", "/forgot", "/nowhere"]) {
    test(path, async () => {
      const lines = [];
      for (const [scheme, size] of ways) {
        const { context, page, wrong } = await person(browser, server.url, { size, scheme });
        await page.goto(path);
        lines.push(...(await accessibility(page)), ...(await reflow(page)), ...(await keyboard(page)), ...wrong);
        await context.close();
      }
      assert.deepEqual(lines, []);
    });
  }
});

const known = new Set();
for (const [place, role] of roles.entries()) {
  describe(`pages of ${role}`, () => {
    test("are reachable, valid, accessible, narrow enough and quiet", async () => {
      const first = await person(browser, server.url);
      await signIn(first.page, people[role], password, organization);
      const home = new URL(first.page.url()).pathname;
      const pages = await reachable(first.page, home);
      const state = await first.context.storageState();
      await first.context.close();
      assert.ok(pages.length >= 2, "a home and something to do");
      const broken = pages.filter((page) => page.status >= 400).map((page) => `${page.path}: ${page.status}`);
      assert.deepEqual(broken, [], "every link leads somewhere");
      const lines = validity(pages.map(({ path, html }) => ({ url: path, html })));
      const fresh = new Set(pages.map(({ shape }) => shape).filter((shape) => !known.has(shape)));
      const plain = place % ways.length;
      for (const [way, [scheme, size]] of ways.entries()) {
        const { context, page, wrong } = await person(browser, server.url, { size, scheme, state });
        for (const { path, shape } of pages) {
          // A filtered list is the same page again: one look is enough.
          const once = way === plain;
          if (!fresh.has(shape) && (!once || shape.includes("?"))) continue;
          if (!once && shape.includes("?")) continue;
          await page.goto(path);
          lines.push(...(await accessibility(page)));
          if (once && fresh.has(shape)) lines.push(...(await reflow(page)), ...(await keyboard(page)));
        }
        lines.push(...wrong);
        await context.close();
      }
      console.log(`${role}: ${pages.length} pages, ${fresh.size} of them new`);
      for (const shape of fresh) known.add(shape);
      assert.deepEqual([...new Set(lines)], []);
    });
  });
}

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
