// Starts the program with a demo world on a throw-away database, and stops it again.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const profile = process.env.BAILIWICK_PROFILE ?? "debug";
export const binary = process.env.BAILIWICK_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), profile, "bailiwick");

/** A port nobody listens on. */
export async function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** The program with a demo world: `{ url, signIns, stop, cut, mend }`. `database` is a URL, or nothing for SQLite.
 *  `cut` kills the program outright, `mend` starts it again at the same address over the same data. */
export async function start({ database, incidents = 400, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bailiwick-browser-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = { said: "" };
  const begin = async () => {
    const child = spawn(
      binary,
      ["demo", "--serve", "--incidents", String(incidents), "--seed", "7", "--data-dir", folder, "--listen", `127.0.0.1:${port}`, "--public-url", url, ...(database ? ["--database-url", database] : []), ...args],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } },
    );
    running.child = child;
    child.stdout.on("data", (chunk) => (running.said += chunk));
    child.stderr.on("data", (chunk) => (running.said += chunk));
    running.ended = new Promise((done) => child.on("exit", done));
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error(`the program ended: ${running.said}`);
      try {
        if ((await fetch(`${url}/readyz`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    await stop();
    throw new Error(`the program did not become ready: ${running.said}`);
  };
  const end = async (signal) => {
    running.child.kill(signal);
    await running.ended;
  };
  const stop = async () => {
    await end("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  await begin();
  return { url, folder, stop, cut: () => end("SIGKILL"), mend: begin, said: () => running.said };
}

/** An empty PostgreSQL database on the throw-away server of the tests, or nothing where there is none. */
function freshDatabase() {
  const made = spawnSync(join(dirname(binary), "throwaway-postgres"), ["fresh"], { encoding: "utf8", cwd: root });
  if (made.status === 0) return made.stdout.trim();
  console.log(`PostgreSQL is left out: ${made.stderr ?? made.error}`);
  return undefined;
}

/** The engines this machine has: `[{ name, database }]`. */
export function engines() {
  const database = freshDatabase();
  return [{ name: "SQLite", database: undefined }, ...(database ? [{ name: "PostgreSQL", database }] : [])];
}
