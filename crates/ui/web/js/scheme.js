// Runs before the first paint, so that a chosen scheme does not flash the other one.
try {
  const kept = localStorage.getItem("scheme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.scheme = kept;
} catch {
  // No storage, no choice: the device decides.
}
