// A real browser, and people in it.
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];

export const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Opens the browser. */
export async function open(more = []) {
  return chromium.launch({ executablePath: executable, args: [...flags, ...more] });
}

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1360, height: 860 };

/** A person with a browser of their own, signed in where a cookie is given. Console errors, failed requests and page errors are collected in `wrong`. */
export async function person(browser, base, { size = desktop, scheme = "light", scripts = true, cookie } = {}) {
  const context = await browser.newContext({
    baseURL: base, viewport: size, colorScheme: scheme, javaScriptEnabled: scripts, locale: "en-US", timezoneId: "America/New_York",
  });
  if (cookie) {
    const [name, value] = cookie.split("=");
    await context.addCookies([{ name, value, url: base, httpOnly: true, sameSite: "Lax" }]);
  }
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    // A refused form answers 4xx on purpose, and the browser says so in its console.
    if (message.type() === "error" && !/status of (401|403|404|409|413|422|429)/.test(message.text())) wrong.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (!why.includes("ERR_ABORTED")) wrong.push(`${request.url()}: ${why}`);
  });
  return { context, page, wrong };
}

/** Signs in through the form. */
export async function signIn(page, email, password, organization) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail", { exact: false }).first().fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  // Who has several memberships chooses one: the first that is offered, unless the test says which.
  if (new URL(page.url()).pathname === "/hats") {
    const choices = page.locator("form[action^='/hats/'] button");
    await (organization ? choices.filter({ hasText: organization }) : choices).first().click();
    await page.waitForURL((url) => url.pathname !== "/hats");
  }
}

/** Waits until `says(wanted)`, asked in the page, comes to something; the page's own wait takes a promise for a yes. */
export async function until(page, says, wanted) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await page.evaluate(says, wanted)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited in vain for ${says} (${wanted ?? ""})`);
}
