// What was done on this phone and is not known to the server yet. One database for each person: a shared phone
// never shows or sends the acts of somebody else.
const ACTS = "acts";
let opened = null;

/** Whose acts: the mark of the membership that the page was made for. */
export const self = () => document.body.dataset.self ?? "";

function database() {
  if (!self() || !("indexedDB" in globalThis)) return Promise.resolve(null);
  opened ??= new Promise((resolve) => {
    const asked = indexedDB.open(`bailiwick-${self()}`, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ACTS, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    // A browser that keeps nothing (a private window, a full disk) sends at once, as it would without scripts.
    asked.onerror = asked.onblocked = () => resolve(null);
  });
  return opened;
}

async function within(mode, act) {
  const db = await database();
  if (!db) return null;
  return new Promise((resolve, reject) => {
    const change = db.transaction(ACTS, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
    const asked = act(change.objectStore(ACTS));
    // Kept means: on the disk. The act is not called kept before the transaction is.
    change.oncomplete = () => resolve(asked.result ?? true);
    change.onabort = change.onerror = () => reject(change.error);
  });
}

const told = "BroadcastChannel" in globalThis ? new BroadcastChannel("bailiwick-acts") : null;
const tell = () => {
  document.dispatchEvent(new CustomEvent("acts"));
  told?.postMessage(self());
};

/** Calls back when acts were kept, sent or refused, in any window of this phone. */
export function whenActsChange(act) {
  document.addEventListener("acts", act);
  told?.addEventListener("message", (event) => { if (event.data === self()) act(); });
}

/** Keeps an act; false where this browser keeps nothing. */
export async function put(act) {
  const done = await within("readwrite", (store) => store.put(act)).catch(() => null);
  if (done) tell();
  return Boolean(done);
}

export async function take(id) {
  const act = await within("readonly", (store) => store.get(id)).catch(() => null);
  return act && act !== true ? act : null;
}

export async function remove(id) {
  await within("readwrite", (store) => store.delete(id)).catch(() => null);
  tell();
}

/** Every act, the oldest first. */
export async function all() {
  const acts = await within("readonly", (store) => store.getAll()).catch(() => null);
  return Array.isArray(acts) ? acts.sort((a, b) => a.made - b.made) : [];
}
