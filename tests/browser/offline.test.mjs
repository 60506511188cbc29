// A guard in a basement: the field portal opens without a server, reports wait on the phone, survive a killed page,
// and arrive once; what is refused can be mended; another person on the same phone sees nothing of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open, person, phone, signIn, until } from "./lib/browser.mjs";
import { password, people } from "./lib/people.mjs";
import { start } from "./lib/server.mjs";

let browser;
let server;
before(async () => {
  browser = await open();
  server = await start({ incidents: 40 });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Waits until the worker holds a page. */
const kept = (page, path) => until(page, async (wanted) => Boolean(await (await caches.open("bailiwick-pages")).match(wanted)), path);

async function write(page, title, { when } = {}) {
  await page.goto("/field/incidents/new");
  // With many sites, first the question where.
  const where = page.locator("main a[href*='site=']");
  if (await where.count()) await where.first().click();
  const site = page.getByLabel("Site", { exact: true });
  if (await site.count()) await site.selectOption({ index: 1 });
  await page.getByLabel("What happened, in one line").fill(title);
  await page.getByLabel("Type", { exact: true }).selectOption({ index: 1 });
  await page.locator("label", { hasText: /^High$/ }).first().click();
  if (when) await page.locator("[name=occurred_at]").fill(when);
  await page.getByLabel("The full story").fill("Heard water behind the wall; the valve is closed now.");
}

const waiting = (page, state) => page.locator(".act", { has: page.locator(`[data-state=${state}]:visible`) });

describe("without a signal", () => {
  test("a report waits on the phone, survives a killed page, and arrives once", async () => {
    const guard = await person(browser, server.url, { size: phone, scheme: "dark" });
    let { page } = guard;
    await signIn(page, people.officer, password);
    await page.goto("/field");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await kept(page, "/field/incidents/new");
    await kept(page, "/field/waiting");
    // What leads to the form is kept, too.
    const first = await (await page.request.get("/field/incidents/new")).text();
    const place = /href="(\/field\/incidents\/new\?site=[^"]+)"/.exec(first)?.[1];
    if (place) await kept(page, place);

    await server.cut();
    await page.goto("/field");
    assert.match(await page.locator(".banner").innerText(), /No signal/);
    const began = Date.now();
    await write(page, "Water in the basement");
    await page.locator("input[type=file]").first().setInputFiles({ name: "wall.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") });
    await page.getByRole("button", { name: "Hand in" }).click();
    await page.waitForURL(/\/field\/waiting/);
    await waiting(page, "waiting").waitFor();
    await page.getByText('Waits for a signal').waitFor();
    assert.match(await waiting(page, "waiting").innerText(), /Incident report[\s\S]*Water in the basement[\s\S]*Waits for a signal/);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/waiting-dark.png` });

    // The phone is switched off and on again.
    await page.close();
    page = await guard.context.newPage();
    await page.goto("/field/waiting");
    await waiting(page, "waiting").waitFor();
    assert.match(await page.locator("[data-sync]").innerText(), /1 waiting/);
    // A second one, refused later: it cannot have happened yet. The same kept page is another act.
    await write(page, "Door ajar", { when: "2040-01-01T03:00" });
    await page.getByRole("button", { name: "Hand in" }).click();
    await page.waitForURL(/\/field\/waiting/);
    await waiting(page, "waiting").nth(1).waitFor();

    await server.mend();
    await page.getByRole("button", { name: "Send now" }).click();
    await waiting(page, "sent").first().waitFor();
    await waiting(page, "refused").first().waitFor();
    assert.match(await waiting(page, "sent").innerText(), /Water in the basement/);
    assert.match(await waiting(page, "refused").innerText(), /Door ajar[\s\S]*future|Door ajar[\s\S]*yet/);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/refused-dark.png` });

    // Once, with its photo, and at the time it was handed in.
    await waiting(page, "sent").getByRole("link", { name: "Open" }).click();
    await page.waitForURL(/\/field\/incidents\/inc_/);
    const text = await page.locator("main").innerText();
    assert.match(text, /Water in the basement/);
    assert.match(text, /wall\.png/);
    const stamp = await page.locator("main time").first().getAttribute("datetime");
    assert.ok(Math.abs(new Date(stamp) - began) < 120_000, `it happened when it was handed in: ${stamp}`);

    // Mended, every word is there, and it goes through.
    await page.goto("/field/waiting");
    await waiting(page, "refused").getByRole("button", { name: "Mend it" }).click();
    await page.waitForURL(/\/field\/incidents\/new\?again=/);
    await until(page, () => document.querySelector("[name=title]").value === "Door ajar");
    await page.locator("[name=occurred_at]").fill("");
    await page.getByRole("button", { name: "Hand in" }).click();
    await page.waitForURL(/\/field\/incidents\/inc_/);
    await page.goto("/field/waiting");
    assert.equal(await waiting(page, "refused").count(), 0);
    const list = await (await page.request.get("/field/incidents")).text();
    for (const title of ["Water in the basement", "Door ajar"]) assert.equal(list.split(title).length - 1, 1, `${title} arrived once`);

    // Somebody else on the same phone: no page of hers, no act of hers.
    await page.goto("/field");
    await page.locator(".who").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/field"));
    assert.equal(await page.evaluate(() => caches.has("bailiwick-pages")), false, "signing out leaves no page behind");
    await signIn(page, people.guard, password);
    await page.goto("/field/waiting");
    await page.locator("[data-nothing]:visible").waitFor();
    assert.equal(await page.locator(".act").count(), 0);
    // The server was away on purpose; nothing else may have gone wrong.
    assert.deepEqual(guard.wrong.filter((line) => !/ERR_CONNECTION_REFUSED|Failed to fetch|ServiceWorker/.test(line)), []);
  });

  test("who clocked in above clocks out below, and the hours are right", async () => {
    const guard = await person(browser, server.url, { size: phone, scheme: "dark" });
    await guard.context.grantPermissions(["geolocation"]);
    await guard.context.setGeolocation({ latitude: 47.6, longitude: -122.3, accuracy: 8 });
    const { page } = guard;
    await signIn(page, people.officer, password);
    await page.goto("/field/time");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await kept(page, "/field/waiting");
    // The demo's officer may be on duty already.
    const end = page.getByRole("button", { name: "Clock out" }).first();
    if (await end.count()) {
      await page.getByText("Not at the site?").first().click();
      await page.locator("main form [name=reason]").first().fill("Relieved early");
      await end.click();
      await page.getByRole("button", { name: "Clock in" }).first().waitFor();
    }
    const site = page.locator("main form [name=site]");
    if (await site.count()) await site.selectOption({ index: 1 });
    await page.getByRole("button", { name: "Clock in" }).first().click();
    // Far from the fence, the site asks for a word.
    await page.locator("[data-summary]").waitFor();
    await page.locator("main form [name=reason]").first().fill("Called in by the office");
    await page.getByRole("button", { name: "Clock in" }).first().click();
    await page.getByRole("button", { name: "Clock out" }).waitFor();
    await until(page, async () => (await (await (await caches.open("bailiwick-pages")).match("/field/time"))?.text())?.includes("Clock out"));

    await server.cut();
    await page.goto("/field/time");
    await page.getByText("Not at the site?").first().click();
    await page.locator("main form [name=reason]").first().fill("Relieved at the road");
    await page.getByRole("button", { name: "Clock out" }).click();
    await page.waitForURL(/\/field\/waiting/);
    await waiting(page, "waiting").waitFor();
    assert.match(await waiting(page, "waiting").innerText(), /Clock[\s\S]*Relieved at the road/);
    const left = Date.now();

    await server.mend();
    await page.getByRole("button", { name: "Send now" }).click();
    await waiting(page, "sent").first().waitFor();
    await page.goto("/field/time");
    await page.getByRole("button", { name: "Clock in" }).first().waitFor();
    const stamps = await page.locator("main time").evaluateAll((all) => all.map((one) => one.dateTime));
    assert.ok(stamps.some((stamp) => Math.abs(new Date(stamp) - left) < 90_000), `the end is when the button was pressed: ${stamps}`);
    assert.deepEqual(guard.wrong.filter((line) => !/ERR_CONNECTION_REFUSED|Failed to fetch|ServiceWorker/.test(line)), []);
  });
});
