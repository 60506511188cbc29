// Every page, as several people: accessibility, valid HTML, narrow screens, keyboard, console.
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

const roles = ["customer_admin", "supervisor", "officer", "client_user", "master_administrator", "call_center"];

describe("open pages", () => {
  for (const path of ["/sign-in", "/forgot", "/nowhere"]) {
    test(path, async () => {
      const lines = [];
      for (const scheme of ["light", "dark"]) {
        for (const size of [phone, desktop]) {
          const { context, page, wrong } = await person(browser, server.url, { size, scheme });
          await page.goto(path);
          lines.push(...(await accessibility(page)), ...(await reflow(page)), ...(await keyboard(page)), ...wrong);
          await context.close();
        }
      }
      assert.deepEqual(lines, []);
    });
  }
});

for (const role of roles) {
  describe(`pages of ${role}`, () => {
    test("are reachable, valid, accessible, narrow enough and quiet", async () => {
      const first = await person(browser, server.url);
      await signIn(first.page, people[role], password);
      const home = new URL(first.page.url()).pathname;
      const pages = await reachable(first.page, home);
      const state = await first.context.storageState();
      await first.context.close();
      assert.ok(pages.length >= 2, "a home and something to do");
      const broken = pages.filter((page) => page.status >= 400).map((page) => `${page.path}: ${page.status}`);
      assert.deepEqual(broken, [], "every link leads somewhere");
      const lines = validity(pages.map(({ path, html }) => ({ url: path, html })));
      for (const [scheme, size] of [["light", desktop], ["dark", phone], ["light", phone], ["dark", desktop]]) {
        const context = await browser.newContext({ baseURL: server.url, viewport: size, colorScheme: scheme, storageState: state });
        const page = await context.newPage();
        page.on("console", (message) => message.type() === "error" && lines.push(`${page.url()}: ${message.text()}`));
        page.on("pageerror", (error) => lines.push(`${page.url()}: ${error}`));
        for (const { path } of pages) {
          await page.goto(path);
          lines.push(...(await accessibility(page)));
          if (scheme === "light" && size === desktop) lines.push(...(await reflow(page)), ...(await keyboard(page)));
        }
        await context.close();
      }
      assert.deepEqual([...new Set(lines)], []);
    });
  });
}
