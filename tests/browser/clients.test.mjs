// The tasks of the help pages that speak of clients and roles, in the steps a person takes: invite a client, link it to
// a site, publish; give a customer portal account with switches; create company users at three levels; give a
// technician role with its feature.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desktop, open, person, signIn } from "./lib/browser.mjs";
import { password, people } from "./lib/people.mjs";
import { start } from "./lib/server.mjs";

let server;
let browser;
before(async () => {
  server = await start({ incidents: 20 });
  browser = await open();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const words = "seven grey herons at dawn";
const stamp = Date.now();

async function as(role) {
  const somebody = await person(browser, server.url, { size: desktop });
  await signIn(somebody.page, people[role], password);
  return somebody;
}

/** Sets a box or switch from the keyboard, and makes sure that it took. */
async function set(box, on = true) {
  for (let tries = 0; tries < 20 && (await box.isChecked()) !== on; tries += 1) {
    await box.focus();
    await box.press("Space");
    await box.page().waitForTimeout(50);
  }
  assert.equal(await box.isChecked(), on);
}

/** Ticks a box of a group by the words beside it. */
async function tick(page, group, label) {
  await set(page.getByRole("group", { name: group }).getByLabel(label, { exact: true }));
}

/** Reads the link of the newest letter to an address in the demo's outbox, as an administrator does there. */
async function letter(page, address) {
  await page.goto("/office/outbox");
  await page.locator("main tr", { hasText: address }).first().getByRole("link").first().click();
  await page.waitForURL(/\/outbox\/mai_/);
  return page.getByRole("link", { name: "Follow its link" }).getAttribute("href");
}

/** Opens a link as somebody new and chooses a password. */
async function accept(link, name) {
  const somebody = await person(browser, server.url, { size: desktop });
  await somebody.page.goto(link);
  const field = somebody.page.getByLabel("Your name");
  if (await field.count()) await field.fill(name);
  await somebody.page.getByLabel("Choose a password").fill(words);
  await somebody.page.getByRole("button", { name: /^Accept/ }).click();
  await somebody.page.waitForURL(/\/(client|field|office)/);
  return somebody;
}

/** Invites somebody by role, from the list of people. */
async function invite(page, door, role, address, name, choose) {
  await page.goto(`${door}/members`);
  await page.getByRole("link", { name: "Invite somebody" }).first().click();
  await page.locator("main tr", { hasText: role }).getByRole("link", { name: role, exact: true }).first().click();
  await page.waitForURL(/role=/);
  await page.getByLabel("E-mail", { exact: true }).fill(address);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await choose();
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await page.waitForURL(/\/invitations\/inv_/);
}

test("a client is invited, linked to a site, and reads what is published there", async () => {
  const { page, wrong } = await as("customer_admin");
  const address = `clara.${stamp}@example.com`;
  await invite(page, "/office", "Client", address, "Clara Quist", () => tick(page, "Sites", "Larkspur Tower"));
  const clara = await accept(await letter(page, address), "Clara Quist");
  assert.ok(!(await clara.page.content()).includes("Keystone Court"));

  // The Clients tab of another site of the same client.
  await page.goto("/office/sites?q=Keystone");
  await page.locator("main").getByRole("link", { name: "Keystone Court" }).first().click();
  await page.getByRole("link", { name: "Clients", exact: true }).last().click();
  const account = page.getByLabel("Account", { exact: true });
  const options = await account.locator("option").allInnerTexts();
  await account.selectOption({ index: options.findIndex((text) => text.startsWith("Clara Quist")) });
  await page.getByRole("button", { name: "Assign" }).click();
  await page.locator("main table", { hasText: "Clara Quist" }).waitFor();

  // Reported there, and published.
  const title = `Boiler room flooded ${stamp}`;
  await page.goto("/office/incidents/new");
  const site = page.getByLabel("Site", { exact: true });
  const sites = await site.locator("option").allInnerTexts();
  await site.selectOption({ index: sites.findIndex((text) => text.includes("Keystone Court")) });
  await page.getByLabel("Type", { exact: true }).selectOption({ index: 1 });
  await page.locator("label", { hasText: /^High$/ }).first().click();
  await page.getByLabel("What happened, in one line").fill(title);
  await page.getByLabel("The full story").fill("Found on the last round; the valve was open.");
  await page.getByLabel("Public details").fill(`Water was found in the boiler room. ${stamp}`);
  await page.getByRole("button", { name: "Hand in" }).click();
  await page.waitForURL(/\/office\/incidents\/inc_/);
  const id = /inc_[0-9a-z]{26}/.exec(page.url())[0];
  assert.equal((await clara.page.request.get(`/client/incidents/${id}`)).status(), 404, "before it is published");
  await page.getByRole("link", { name: "Preview and publish" }).click();
  await page.getByRole("button", { name: /^Publish/ }).first().click();
  await page.waitForURL(new RegExp(`/office/incidents/${id}$`));
  await clara.page.goto(`/client/incidents/${id}`);
  const seen = await clara.page.locator("main").innerText();
  assert.ok(seen.includes("Water was found in the boiler room") && !seen.includes(title), seen);
  assert.deepEqual([...wrong, ...clara.wrong], []);
});

test("a customer portal account is saved with its switches, then invited", async () => {
  const { page, wrong } = await as("administrator");
  const address = `portal.${stamp}@example.com`;
  await page.goto("/office/clients?q=Kestrel");
  await page.locator("main").getByRole("link", { name: "Kestrel Logistics" }).first().click();
  await page.getByRole("link", { name: "Client portal" }).click();
  await page.getByRole("link", { name: "Add an account" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Pontus Ek");
  await page.getByLabel("E-mail", { exact: true }).fill(address);
  await tick(page, "Sites", "Kestrel Yard 7");
  await set(page.getByLabel("Share all incident reports on submission"));
  await set(page.getByLabel("Show live clock-ins"));
  await page.getByRole("button", { name: "Save the account" }).click();
  await page.waitForURL(/\/portal$/);
  const card = page.locator("section.card", { hasText: "Pontus Ek" });
  assert.match(await card.innerText(), /Saved, not invited/);

  // A patrol site alone is not enough for the invitation.
  await card.getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("at least one static site").first().waitFor();
  await card.getByText("Change sites and switches").click();
  await set(card.getByLabel("Kestrel Hub North", { exact: true }));
  await card.getByRole("button", { name: "Save this account" }).click();
  await page.waitForURL(/\/portal/);
  await page.locator("section.card", { hasText: "Pontus Ek" }).getByText("Kestrel Hub North (static)").waitFor();
  await card.getByRole("button", { name: "Send the invitation" }).click();
  await page.waitForURL(/\/members\/mem_/);
  const pontus = await accept(await letter(page, address), "Pontus Ek");
  assert.match(pontus.page.url(), /\/client/);

  // The organization's switch holds all of them back, and the page says so.
  await page.goto("/office/organization");
  const reports = page.locator("#switches").getByLabel("Incident reports", { exact: true });
  await set(reports, false);
  await page.getByRole("button", { name: "Save what clients see" }).click();
  await page.waitForLoadState("networkidle");
  assert.equal((await pontus.page.request.get("/client/incidents")).status(), 404);
  await page.goto("/office/clients?q=Kestrel");
  await page.locator("main").getByRole("link", { name: "Kestrel Logistics" }).first().click();
  await page.getByRole("link", { name: "Client portal" }).click();
  await page.waitForURL(/\/portal$/);
  assert.match(await card.innerText(), /switch "Incident reports" is off/);
  await page.goto("/office/organization");
  await set(reports);
  await page.getByRole("button", { name: "Save what clients see" }).click();
  await page.waitForLoadState("networkidle");
  assert.equal((await pontus.page.request.get("/client/incidents")).status(), 200);
  assert.deepEqual([...wrong, ...pontus.wrong], []);
});

test("a master administrator creates company users at three levels", async () => {
  const { page, wrong } = await as("master_administrator");
  assert.ok(await page.getByRole("heading", { name: "Your people" }).isVisible(), "home tells the first steps");
  const all = [
    ["Client Administrator", "Clients, with all their sites", "St. Brigid Health Partners"],
    ["Manager", "Sites", "Harbor Point Clinic"],
    ["Basic User", "Sites", "St. Brigid Medical Center"],
  ];
  for (const [role, group, place] of all) {
    const address = `${role.toLowerCase().replace(" ", "-")}.${stamp}@example.com`;
    await invite(page, "/client", role, address, `New ${role}`, () => tick(page, group, place));
  }
  await page.goto("/client/invitations");
  const list = await page.locator("main").innerText();
  for (const [role] of all) assert.ok(list.includes(`New ${role}`), list);
  assert.ok(!list.includes("Supervisor"), "nothing of the staff");
  assert.deepEqual(wrong, []);
});

test("a technician role is given once its feature is on", async () => {
  const { page, wrong } = await as("administrator");
  /** Settings, Features and packs, the feature, On or Off, Save. */
  const turn = async (state) => {
    await page.goto("/office/organization");
    await page.locator("#features").getByRole("link", { name: /technician/i }).first().click();
    await page.waitForURL(/features\/technician_users/);
    await page.locator("form#feature label", { hasText: new RegExp(`^${state}$`) }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.waitForURL(/organization(#|$)/);
  };
  await turn("Off");
  await page.goto("/office/invitations/new");
  const row = page.locator("main tr", { hasText: "Repair orders and reporting of the own team." });
  assert.match(await row.innerText(), /is off/);
  assert.equal(await row.getByRole("link").count(), 0);
  await turn("On");
  const address = `tech.${stamp}@example.com`;
  await invite(page, "/office", "Technician", address, "Tilda Ek", () => tick(page, "Teams", "Copperfield Body Shop"));
  const tilda = await accept(await letter(page, address), "Tilda Ek");
  // Held alone: a second role is refused with the reason.
  await page.goto("/office/members?q=Tilda");
  await page.locator("main").getByRole("link", { name: "Tilda Ek" }).first().click();
  await page.getByRole("link", { name: "Give a role" }).click();
  await page.locator("main tr").getByRole("link", { name: "Officer", exact: true }).first().click();
  await tick(page, "Sites", "Larkspur Tower");
  await page.getByRole("button", { name: "Give the role" }).click();
  await page.getByText("Technician is held alone").first().waitFor();
  assert.deepEqual([...wrong, ...tilda.wrong], []);
});
