// Somebody in need: held and taken back, held and heard; the office hears it on whatever page it is, answers by name,
// and the caller reads the name; closed with a note. A client presses where emergency access is on, else reads why not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktop, open, person, phone, signIn } from "./lib/browser.mjs";
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

const shot = (page, name) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });

/** Presses the button for so long, in milliseconds. */
async function press(page, long) {
  const { x, y, width, height } = await page.locator(".alarm-button").boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.waitForTimeout(long);
  await page.mouse.up();
}

describe("somebody in need", () => {
  test("presses, is heard, is answered", async () => {
    const guard = await person(browser, server.url, { size: phone, scheme: "dark" });
    await guard.context.grantPermissions(["geolocation"]);
    await guard.context.setGeolocation({ latitude: 47.6, longitude: -122.3, accuracy: 8 });
    const field = guard.page;
    await signIn(field, people.officer, password);
    await field.goto("/field/sos/card");
    await field.getByLabel("Your telephone").fill("call me");
    await field.getByRole("button", { name: "Save" }).click();
    await field.locator("[data-summary]").waitFor();
    await shot(field, "card-wrong");
    await field.getByLabel("Your telephone").fill("+1 555 010 2000");
    await field.getByLabel("What a helper must know").fill("Penicillin allergy");
    await shot(field, "card-filled");
    await field.getByRole("button", { name: "Save" }).click();
    await field.waitForURL(/\/field\/sos$/);
    await shot(field, "button-dark");

    // The office is at some page of its own.
    const lead = await person(browser, server.url, { size: desktop, scheme: "light" });
    const office = lead.page;
    await signIn(office, people.customer_admin, password, "Northwatch Security");
    await office.goto("/office/sites");

    // Let go too early, nothing begins; held, it can be taken back.
    await press(field, 300);
    assert.equal(await field.locator(".alarm-count").isVisible(), false);
    await press(field, 1400);
    await field.locator(".alarm-count").waitFor();
    await shot(field, "counting-dark");
    await field.getByRole("button", { name: "Take it back" }).click();
    assert.equal(await field.locator(".alarm-count").isVisible(), false);
    await field.waitForTimeout(5500);
    assert.match(field.url(), /\/field\/sos$/);

    await field.getByLabel("What is wrong").fill("A man with a knife");
    await press(field, 1400);
    await field.waitForURL(/\/field\/sos\/alm_/, { timeout: 20_000 });
    await field.getByText("Your alarm was raised.").waitFor();
    await shot(field, "raised-dark");

    const bar = office.locator(".alarm-bar a").first();
    await bar.waitFor({ timeout: 20_000 });
    assert.match(await bar.innerText(), /nobody answers yet/);
    await shot(office, "bar-light");
    await bar.click();
    await office.getByText("A man with a knife").first().waitFor();
    await office.getByText("Penicillin allergy").waitFor();
    assert.match(await office.locator("main").innerText(), /47\.6/);
    await shot(office, "alarm-light");
    await office.getByRole("button", { name: "I answer this alarm" }).click();
    // Without touching anything the caller reads who it is.
    await field.getByText(/answers your alarm/).waitFor({ timeout: 20_000 });
    await shot(field, "answered-dark");
    assert.doesNotMatch(await field.locator("main").innerText(), /Penicillin/);

    const closing = office.locator("form#close");
    await closing.getByRole("textbox").fill("The police took him away.");
    await closing.getByRole("button", { name: "Close the alarm" }).click();
    await office.getByText("Closed with").waitFor();
    assert.equal(await office.getByText("Penicillin allergy").count(), 0);
    await shot(office, "closed-light");
    assert.deepEqual([...guard.wrong, ...lead.wrong], []);
  });

  test("reads why the button cannot be pressed", async () => {
    const client = await person(browser, server.url, { size: phone, scheme: "light" });
    await signIn(client.page, people.client, password);
    await client.page.goto("/client/sos");
    await shot(client.page, "client-light");
    const dead = client.page.locator(".alarm-button:disabled");
    if (await dead.count()) await client.page.getByText(/Emergency access is off/).first().waitFor();
    else await client.page.getByText("Press and hold").waitFor();
    assert.deepEqual(client.wrong, []);
  });
});
