// What every page must pass, whoever looks at it.
import { spawnSync } from "node:child_process";
import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "@axe-core/playwright";
import { root } from "./server.mjs";

const AxeBuilder = axe.default ?? axe;
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Violations of the accessibility rules, as lines. */
export async function accessibility(page) {
  const found = await new AxeBuilder({ page }).withTags(tags).analyze();
  return found.violations.flatMap((v) => v.nodes.map((node) => `${page.url()} ${v.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** Lines about content that does not fit a narrow screen. Boxes that scroll on purpose are left alone. */
export async function reflow(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const lines = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const worst = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3);
    return [`${location.pathname}: ${wide} px too wide at 320 px: ${worst.map((e) => e.outerHTML.slice(0, 120)).join(" | ")}`];
  });
  await page.setViewportSize(size);
  return lines;
}

/** Walks the page by Tab: every stop must be visible and marked, and no stop may hold the focus for ever. */
export async function keyboard(page, most = 120) {
  const lines = [];
  await page.evaluate(() => document.activeElement?.blur?.());
  const seen = new Set();
  let stuck = 0;
  for (let stop = 0; stop < most; stop += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      const own = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
      const label = e.id ? document.querySelector(`label[for="${CSS.escape(e.id)}"]`) : null;
      const around = e.closest("label, .find, .select, .drop, .top-search, .field");
      const marked = own(style) || (label && own(getComputedStyle(label))) || (around && own(getComputedStyle(around)));
      e.dataset.walk ??= String(performance.now());
      return { key: e.dataset.walk, words: e.outerHTML.slice(0, 110), shown: box.width > 0 && box.height > 0, marked: Boolean(marked) };
    });
    if (at === null) break;
    if (seen.has(at.key)) {
      stuck += 1;
      if (stuck > 2) break;
      continue;
    }
    seen.add(at.key);
    if (!at.shown) lines.push(`${page.url()}: focus on something that is not shown: ${at.words}`);
    if (!at.marked) lines.push(`${page.url()}: focus that cannot be seen: ${at.words}`);
  }
  if (seen.size === 0) lines.push(`${page.url()}: nothing can be reached by keyboard`);
  return lines;
}

/** Errors of the HTML checker over pages given as `[{ url, html }]`, in one run. */
export function validity(pages) {
  const folder = mkdtempSync(join(tmpdir(), "bailiwick-html-"));
  const names = new Map();
  pages.forEach(({ url, html }, at) => {
    const file = join(folder, `${at}.html`);
    writeFileSync(file, html);
    names.set(file, url);
  });
  const jar = join(root, "tests/browser/node_modules/vnu-jar/build/dist/vnu.jar");
  const run = spawnSync("java", ["-Xss2m", "-jar", jar, "--errors-only", "--format", "gnu", "--stdout", ...names.keys()], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (run.error) throw run.error;
  return run.stdout.split("\n").filter(Boolean).map((line) => {
    const [, file, rest] = /^"file:(.*?)":(.*)$/.exec(line) ?? [null, "", line];
    return `${names.get(file) ?? file} ${rest}`;
  });
}

/** The pattern of a path, so that a hundred records count as one page. */
export function pattern(path) {
  return path.replace(/[a-z]{3}_[0-9a-z]{26}/g, "{id}").replace(/\?.*$/, (query) => `?${[...new URLSearchParams(query).keys()].sort().join("&")}`);
}

/** The question of a path, without which it names a place; the path alone where there is none. */
const place = (path) => pattern(path).replace(/\?.*$/, "");

/**
 * Every page one person can reach by links from their home, one of each pattern. Questions (filters, orders, pages of a
 * list) are followed only from a place that was reached without one, so that their combinations do not multiply.
 */
export async function reachable(page, home, most = 90) {
  const todo = [home];
  const found = new Map();
  while (todo.length > 0 && found.size < most) {
    const path = todo.shift();
    const shape = pattern(path);
    if (found.has(shape)) continue;
    const answer = await page.request.get(path);
    const type = answer.headers()["content-type"] ?? "";
    if (!type.startsWith("text/html")) {
      if (answer.status() >= 400) found.set(shape, { path, shape, status: answer.status(), html: "" });
      continue;
    }
    const html = await answer.text();
    found.set(shape, { path, shape, status: answer.status(), html });
    for (const [, href] of html.matchAll(/<a\b[^>]*\shref="([^"#]+)[^"]*"/g)) {
      const link = href.replaceAll("&amp;", "&");
      if (!link.startsWith("/") || link.startsWith("//") || found.has(pattern(link))) continue;
      if (path.includes("?") && link.includes("?") && place(link) === place(path)) continue;
      todo.push(link);
    }
  }
  return [...found.values()];
}
