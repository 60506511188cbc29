// A role of one's own, in the steps an administrator takes, on both engines: it is made from a copy, given at a place,
// changed after a look at who gains and who loses, seen through its holder's eyes, taken back, put off to an hour and
// withdrawn. Each form is sent once with something wrong in it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktop, open, person, signIn } from "./lib/browser.mjs";
import { password, people } from "./lib/people.mjs";
import { engines, start } from "./lib/server.mjs";

let browser;
before(async () => (browser = await open()));
after(async () => browser?.close());

const role = "Dock lead";

/** Chooses how far a right reaches and under which condition, in the list of one kind of record. */
async function right(page, kind, action, reach, condition) {
  const box = page.locator("details.rights", { has: page.locator("summary", { hasText: new RegExp(`^\\s*${kind}`) }) });
  if (!(await box.evaluate((e) => e.open))) await box.locator("summary").click();
  await box.getByLabel(`${action}: how far`, { exact: true }).selectOption({ label: reach });
  if (condition) await box.getByLabel(`${action}: only if`, { exact: true }).selectOption({ label: condition });
}

/** Sends a form by the button of this name and waits for what comes back. */
async function send(page, button) {
  await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), button.click()]);
  await page.waitForLoadState("load");
}

for (const engine of engines()) {
  describe(`on ${engine.name}`, () => {
    let server;
    before(async () => (server = await start({ database: engine.database, incidents: 20 })));
    after(async () => server?.stop());

    test("a role is copied, given, changed after a look, seen through its holder's eyes and taken back", async () => {
      const { page, wrong } = await person(browser, server.url, { size: desktop });
      await signIn(page, people.administrator, password);
      await page.goto(`/office/members?q=${people.officer}`);
      const listed = page.locator("main tr", { has: page.getByText(people.officer, { exact: true }) });
      const holder = /mem_[0-9a-z]{26}/.exec(await listed.getByRole("link").first().getAttribute("href"))[0];

      // From a copy. A key that is taken is refused at its field, and what was typed stays.
      await page.goto("/office/roles");
      await page.locator("main").getByRole("link", { name: "Supervisor", exact: true }).first().click();
      await page.getByRole("link", { name: "Duplicate" }).click();
      assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Supervisor (copy)");
      await page.getByLabel("Name", { exact: true }).fill(role);
      await page.locator("#f-key").fill("supervisor");
      await send(page, page.getByRole("button", { name: "Create the role" }));
      await page.getByText("there is a role with the key supervisor already").first().waitFor();
      assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), role);
      await page.locator("#f-key").fill("");
      await send(page, page.getByRole("button", { name: "Create the role" }));
      await page.waitForURL(/\/office\/roles\/dock_lead$/);

      // Given to an officer; a role without a place is nobody's.
      await page.goto(`/office/members/${holder}`);
      const name = (await page.locator("h1").innerText()).trim();
      await page.getByRole("link", { name: "Give a role" }).click();
      await page.locator("main tr").getByRole("link", { name: role, exact: true }).first().click();
      await send(page, page.getByRole("button", { name: "Give the role" }));
      await page.locator("[role=alert]").first().waitFor();
      await page.getByRole("group", { name: "Sites" }).getByLabel("Larkspur Tower", { exact: true }).press("Space");
      await send(page, page.getByRole("button", { name: "Give the role" }));
      await page.waitForURL(new RegExp(`${holder}$`));
      await page.locator("#roles tr", { hasText: role }).getByText("Larkspur Tower").waitFor();

      // Changed: approving goes, publishing comes, closing only of what is not one's own. First a look.
      await page.goto("/office/roles/dock_lead/edit");
      await right(page, "Incidents", "Approve", "No");
      await right(page, "Incidents", "Publish to clients", "Sites");
      await right(page, "Incidents", "Change", "Sites", "if still open");
      const lines = page.getByLabel("More, as lines");
      await lines.fill("incident: fly");
      await send(page, page.getByRole("button", { name: "See what it changes" }));
      await page.locator("[role=alert]", { hasText: "choose one of" }).first().waitFor();
      await lines.fill("");
      await send(page, page.getByRole("button", { name: "See what it changes" }));
      await page.waitForURL(/\/office\/changes\/chg_/);
      const change = page.url();
      const group = page.locator("main section.card", { hasText: name });
      await group.waitFor();
      const told = await group.innerText();
      assert.match(told, /Gains\s+Incidents: publish to clients/);
      assert.match(told, /Loses\s+Incidents: change, approve/);
      assert.match(told, /Larkspur Tower/);
      assert.match(await page.locator("main").innerText(), /Nothing has changed yet/);
      await page.goto("/office/roles/dock_lead");
      assert.match(await page.locator("main").innerText(), /approve/i, "a look changes nothing");
      await page.goto(change);
      await send(page, page.getByRole("button", { name: "Make the change now" }));
      await page.getByText("Made", { exact: true }).waitFor();

      // Through the holder's eyes: a reason is asked for; a banner stands on every page; nothing is written.
      await page.goto(`/office/members/${holder}`);
      await page.getByRole("link", { name: "Look through their eyes" }).click();
      await page.getByLabel("Why do you look?").fill(" ");
      await send(page, page.getByRole("button", { name: "Look through their eyes" }));
      await page.getByText("say why you look").first().waitFor();
      await page.getByLabel("Why do you look?").fill("Does the new role fit?");
      await send(page, page.getByRole("button", { name: "Look through their eyes" }));
      const banner = page.locator("section.preview-banner, div.banner").first();
      await banner.waitFor();
      await page.goto("/office/incidents");
      assert.match(await banner.innerText(), new RegExp(`${name}, read-only`));
      const there = page.locator("main tr", { hasText: "Larkspur Tower" }).first();
      const incident = /inc_[0-9a-z]{26}/.exec(await there.getByRole("link").first().getAttribute("href"))[0];
      await page.goto(`/office/incidents/${incident}`);
      await page.locator("main").getByRole("link", { name: /^(Preview and publish|See what they see)$/ }).first().waitFor();
      assert.equal((await page.request.get("/office/roles")).status(), 404, "the administrator's own pages are away");
      const written = await page.request.post(`/office/incidents/${incident}/close`, { headers: { origin: server.url } });
      assert.equal(written.status(), 403);
      assert.match(await written.text(), /read-only|preview/i);
      await page.getByRole("button", { name: "Stop preview" }).click();
      await page.waitForURL((url) => !url.pathname.includes("/incidents/"));
      assert.equal((await page.request.get("/office/roles")).status(), 200);

      // Taken back: as it was before.
      await page.goto("/office/changes");
      await page.locator("main").getByRole("link", { name: `Role ${role}: changed` }).first().click();
      await send(page, page.getByRole("button", { name: "Take it back" }));
      await page.getByText("Taken back", { exact: true }).waitFor();
      await page.goto("/office/roles/dock_lead/edit");
      const how = (action) => page.locator(`select[name=grants][aria-label="${action}: how far"]`);
      const incidents = page.locator("details.rights", { has: page.locator("summary", { hasText: /^\s*Incidents/ }) });
      assert.equal(await incidents.locator(how("Approve")).inputValue(), "incident.approve@site");
      assert.equal(await incidents.locator(how("Publish to clients")).inputValue(), "");
      assert.deepEqual(wrong, []);
    });

    test("a change waits for its hour, stands there as scheduled, and is withdrawn", async () => {
      const { page, wrong } = await person(browser, server.url, { size: desktop });
      await signIn(page, people.administrator, password);
      await page.goto("/office/roles/dock_lead/edit");
      await right(page, "Incidents", "Approve", "No");
      await send(page, page.getByRole("button", { name: "See what it changes" }));
      await page.waitForURL(/\/office\/changes\/chg_/);
      const when = page.getByLabel("When", { exact: true });
      await when.fill("2020-01-01T08:00");
      await send(page, page.getByRole("button", { name: "Schedule" }));
      await page.getByText("this hour is over already").first().waitFor();
      await when.fill("2099-03-01T08:00");
      await send(page, page.getByRole("button", { name: "Schedule" }));
      await page.getByText("Scheduled", { exact: true }).waitFor();
      assert.match(await page.locator("main").innerText(), /It is made on .*2099/);
      await page.goto("/office/changes?state=scheduled");
      const row = page.locator("main tr", { hasText: `Role ${role}: changed` });
      assert.match(await row.innerText(), /Scheduled/);
      await row.getByRole("link").first().click();
      await send(page, page.getByRole("button", { name: "Let it go" }));
      await page.getByText("Let go", { exact: true }).waitFor();
      await page.goto("/office/changes?state=scheduled");
      assert.equal(await page.locator("main tr", { hasText: role }).count(), 0);
      await page.goto("/office/roles/dock_lead");
      assert.match(await page.locator("main").innerText(), /approve/i, "nothing of it happened");
      assert.deepEqual(wrong, []);
    });
  });
}
