// Runs before the first paint: what needs scripts may show, and a chosen scheme does not flash the other one.
document.documentElement.dataset.scripts = "on";
try {
  const kept = localStorage.getItem("scheme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.scheme = kept;
} catch {
  // No storage, no choice: the device decides.
}
// A page that is left before its change of scene is over ends it: nothing is wrong, and nobody needs to hear of it.
for (const turn of ["pageswap", "pagereveal"]) {
  addEventListener(turn, ({ viewTransition: scene }) => {
    for (const end of [scene?.ready, scene?.finished, scene?.updateCallbackDone]) end?.catch(() => {});
  });
}
