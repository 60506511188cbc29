// What every page must pass, whoever looks at it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { root } from "./server.mjs";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Shows the page another way, and waits until it is: sizes and schemes arrive a frame later. Nothing fades meanwhile. */
export async function turn(page, { scheme, size }) {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.evaluate(async ({ scheme, width }) => {
    if (!window.still) {
      window.still = new CSSStyleSheet();
      window.still.replaceSync("*, *::before, *::after { transition: none !important; }");
      document.adoptedStyleSheets.push(window.still);
    }
    const there = () => matchMedia(`(width: ${width}px)`).matches && matchMedia(`(prefers-color-scheme: ${scheme})`).matches;
    for (let frames = 0; frames < 1 || (frames < 100 && !there()); frames += 1) await new Promise((done) => requestAnimationFrame(done));
  }, { scheme, width: size.width });
}

/**
 * Leaves of rows, cards and lines those that show something three others have not shown already. Rules look at every
 * element, so a list of fifty costs as much as ten pages and tells no more.
 */
export async function thin(page, most = 3) {
  await page.evaluate((most) => {
    const parts = (e) => new Set([e, ...e.querySelectorAll("*")].map((part) => `${part.localName}.${part.className?.baseVal ?? part.className}`));
    for (const list of document.querySelectorAll("table, ul, ol, select, fieldset, main div")) {
      const rows = list.matches("table") ? [...list.querySelectorAll(":scope > tbody > tr")] : [...list.children].filter((e) => e.matches("li, article, option, div.choice"));
      if (rows.length <= 2 * most) continue;
      const counts = new Map();
      for (const row of rows) {
        const shown = parts(row);
        const used = row.matches("[selected], [aria-current]") || row.querySelector(":checked, :popover-open, [aria-current]");
        if (!used && [...shown].every((part) => (counts.get(part) ?? 0) >= most)) row.remove();
        else for (const part of shown) counts.set(part, (counts.get(part) ?? 0) + 1);
      }
    }
  }, most);
}

/** Violations of the accessibility rules, as lines. */
export async function accessibility(page) {
  // Once for each document: the rules are half a megabyte.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (values) => {
    // Where somebody arrives: what has scrolled under a bar is not there to be pressed.
    window.scrollTo(0, 0);
    const found = await window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return found.violations.flatMap((v) => v.nodes.map((node) => `${location.pathname} ${innerWidth} px ${v.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
  }, tags);
}

/** Lines about content that does not fit a narrow screen. Boxes that scroll on purpose are left alone. */
export async function reflow(page, scheme = "light") {
  await turn(page, { scheme, size: { width: 320, height: 640 } });
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const worst = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3);
    return [`${location.pathname}: ${wide} px too wide at 320 px: ${worst.map((e) => e.outerHTML.slice(0, 120)).join(" | ")}`];
  });
}

/** Walks the page by Tab: every stop must be visible and marked, and no stop may hold the focus. */
export async function keyboard(page, most = 120) {
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    const walk = { stops: new Set(), last: 0, lines: [] };
    const seen = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
    walk.note = ({ target: e }) => {
      walk.last += 1;
      if (walk.stops.has(e)) return;
      walk.stops.add(e);
      const box = e.getBoundingClientRect();
      const label = e.id ? document.querySelector(`label[for="${CSS.escape(e.id)}"]`) : null;
      const around = e.closest("label, .find, .select, .drop, .top-search, .field");
      const marked = [e, label, around].some((one) => one && seen(getComputedStyle(one)));
      const words = e.outerHTML.slice(0, 110);
      if (box.width <= 0 || box.height <= 0) walk.lines.push(`${location.pathname}: focus on something that is not shown: ${words}`);
      if (!marked) walk.lines.push(`${location.pathname}: focus that cannot be seen: ${words}`);
    };
    window.walk = walk;
    document.addEventListener("focusin", walk.note);
  });
  // Keys go in one after the other without waiting for each; what they reached is asked for once in a while.
  const step = 20;
  let over = false;
  for (let pressed = 0; pressed < most && !over; pressed += step) {
    await Promise.all(Array.from({ length: step }, () => page.keyboard.press("Tab")));
    over = await page.evaluate(() => {
      const { walk } = window;
      const left = document.activeElement === null || document.activeElement === document.body;
      const held = walk.last === 0 && !left;
      if (held) walk.lines.push(`${location.pathname}: the focus is held by ${document.activeElement.outerHTML.slice(0, 110)}`);
      const around = walk.before === walk.stops.size;
      walk.last = 0;
      walk.before = walk.stops.size;
      return left || held || around;
    });
  }
  return page.evaluate(() => {
    document.removeEventListener("focusin", window.walk.note);
    document.activeElement?.blur?.();
    return window.walk.stops.size === 0 ? [`${location.pathname}: nothing can be reached by keyboard`] : window.walk.lines;
  });
}

/** Errors of the HTML checker over pages given as `[{ path, html }]`, in one run. */
export function validity(pages) {
  const folder = mkdtempSync(join(tmpdir(), "bailiwick-html-"));
  const names = new Map();
  const texts = new Set();
  for (const [at, { path, html }] of pages.entries()) {
    if (texts.has(html)) continue;
    texts.add(html);
    const file = join(folder, `${at}.html`);
    writeFileSync(file, html);
    names.set(file, path);
  }
  const jar = join(root, "tests/browser/node_modules/vnu-jar/build/dist/vnu.jar");
  const run = spawnSync("java", ["-Xss2m", "-jar", jar, "--errors-only", "--format", "gnu", "--stdout", ...names.keys()], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  rmSync(folder, { recursive: true, force: true });
  if (run.error) throw run.error;
  return run.stdout.split("\n").filter(Boolean).map((line) => {
    const [, file, rest] = /^"file:(.*?)":(.*)$/.exec(line) ?? [null, "", line];
    return `${names.get(file) ?? file} ${rest}`;
  });
}
