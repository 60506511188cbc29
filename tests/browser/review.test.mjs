// An access review from its start to its signature, on both engines: an administrator starts a campaign, a second one
// confirms and revokes, the person who lost a role loses it at once, and the journal tells all of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { desktop, open, person, phone, signIn } from "./lib/browser.mjs";
import { password, people } from "./lib/people.mjs";
import { engines, start } from "./lib/server.mjs";

let browser;
before(async () => (browser = await open()));
after(async () => browser?.close());

const name = `Review ${Date.now()}`;

for (const engine of engines()) {
  describe(`on ${engine.name}`, () => {
    let server;
    before(async () => (server = await start({ database: engine.database, incidents: 60 })));
    after(async () => server?.stop());

    test("a campaign runs from the start to the signature", async () => {
      const officer = await person(browser, server.url, { size: phone });
      await signIn(officer.page, people.call_center, password);
      assert.equal((await officer.page.request.get("/office/incidents")).status(), 200);
      const officerName = (await officer.page.locator(".menu-who strong").textContent()).trim();

      const admin = await person(browser, server.url, { size: desktop });
      await signIn(admin.page, people.customer_admin, password);
      const adminName = (await admin.page.locator(".menu-who strong").textContent()).trim();
      await admin.page.getByRole("link", { name: "Access review" }).first().click();
      await admin.page.waitForURL(/\/office\/reviews$/);
      await admin.page.getByRole("link", { name: "Start a campaign" }).click();
      await admin.page.getByLabel("What is it called?").fill(name);
      // Refused: nobody was named. What was typed is still there.
      await admin.page.getByRole("button", { name: "Start the campaign" }).click();
      await admin.page.getByText("choose at least one person from the list").first().waitFor();
      assert.equal(await admin.page.getByLabel("What is it called?").inputValue(), name);
      await admin.page.locator("label", { hasText: adminName }).first().click();
      const owner = await person(browser, server.url, { size: phone, scheme: "dark" });
      await signIn(owner.page, people.owner, password);
      const ownerName = (await owner.page.locator(".menu-who strong").textContent()).trim();
      await admin.page.locator("label", { hasText: ownerName }).first().click();
      await admin.page.getByRole("button", { name: "Start the campaign" }).click();
      await admin.page.waitForURL(/\/office\/reviews\/rev_/);
      const path = new URL(admin.page.url()).pathname;

      // Find one grant and revoke it; without a reason it is refused.
      await admin.page.goto(`${path}?q=${encodeURIComponent(officerName)}`);
      const revoke = admin.page.getByRole("button", { name: `Revoke: ${officerName}, Call Center Representative` });
      await revoke.click();
      await admin.page.getByText("say why").first().waitFor();
      await admin.page.getByLabel("Reason").fill("No longer at the desk");
      await revoke.click();
      await admin.page.getByText("Revoked", { exact: true }).filter({ visible: true }).first().waitFor();
      const gone = await officer.page.request.get("/office/incidents");
      assert.equal(gone.status(), 404, "the role is gone with the next request");

      // The owner, on a phone, confirms the administrator's own, which the administrator could not.
      await owner.page.goto(`${path}?q=${encodeURIComponent(adminName)}`);
      await owner.page.getByRole("button", { name: `Confirm: ${adminName}, Customer Admin` }).click();
      await owner.page.getByText("Confirmed", { exact: true }).filter({ visible: true }).first().waitFor();

      // Everything on the page at once.
      await admin.page.goto(`${path}?decision=open`);
      await admin.page.getByLabel("All that are shown on this page and open to you").check();
      await admin.page.getByRole("button", { name: "Confirm the chosen" }).click();
      await admin.page.waitForLoadState("networkidle");

      // Closing with open grants needs a word; then the record stands.
      await admin.page.goto(path);
      await admin.page.getByRole("button", { name: "Close and sign off" }).click();
      const note = admin.page.getByLabel("What you sign");
      await note.waitFor();
      await note.fill("The rest waits for the next review");
      await admin.page.getByRole("button", { name: "Close and sign off" }).click();
      await admin.page.getByText("This campaign was closed and signed off").waitFor();

      // The journal tells it, and its chain holds.
      await admin.page.goto("/office/journal/rights");
      const told = await admin.page.locator("main").innerText();
      assert.ok(told.includes("No longer at the desk") && told.includes("Closed and signed an access review"), told);
      await admin.page.goto("/office/journal/keeping");
      await admin.page.getByRole("button", { name: "Check the whole journal" }).click();
      await admin.page.getByText(/^Unbroken: \d+ lines checked$/).waitFor();
      assert.deepEqual([...officer.wrong, ...admin.wrong, ...owner.wrong], []);
    });

    test("who read a published report is known", async () => {
      const admin = await person(browser, server.url);
      await signIn(admin.page, people.customer_admin, password);
      const reader = await person(browser, server.url, { size: phone });
      await signIn(reader.page, people.client_user, password);
      const list = await (await reader.page.request.get("/client/incidents")).text();
      const id = /inc_[0-9a-z]{26}/.exec(list)?.[0];
      assert.ok(id, "the demo world has published incidents");
      await reader.page.goto(`/client/incidents/${id}`);
      const readerName = (await reader.page.locator(".menu-who strong").textContent()).trim();
      let seen = "";
      for (let tries = 0; tries < 20 && !seen.includes(readerName); tries += 1) {
        await new Promise((done) => setTimeout(done, 500));
        await admin.page.goto(`/office/incidents/${id}/readers`);
        seen = await admin.page.locator("main").innerText();
      }
      assert.ok(seen.includes(readerName) && seen.includes("opened the page"), seen);
      assert.deepEqual([...reader.wrong, ...admin.wrong], []);
    });
  });
}
