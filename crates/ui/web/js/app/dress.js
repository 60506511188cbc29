// What has to be done again whenever new elements came into the page. Each part must be safe to repeat.
const dressers = [];

export function whenDressed(act) {
  dressers.push(act);
}

export function dress(root) {
  for (const act of dressers) act(root);
}
