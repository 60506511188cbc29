// Runs before the first paint: what needs scripts may show, and a chosen scheme does not flash the other one.
document.documentElement.dataset.scripts = "on";
try {
  const kept = localStorage.getItem("scheme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.scheme = kept;
} catch {
  // No storage, no choice: the device decides.
}
