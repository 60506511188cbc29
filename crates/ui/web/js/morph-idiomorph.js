// Morphs with idiomorph: what is the same stays the same node, so focus, selection and scroll survive.
export function morph(current, fresh) {
  Idiomorph.morph(current, fresh, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // A form with words that are not saved is the person's, not the server's.
      beforeNodeMorphed: (node) => !(node instanceof HTMLFormElement && node.dataset.dirty && !node.dataset.answered),
      // What the person opened stays open; what the head of the page decided about the scheme stays decided.
      beforeAttributeUpdated: (name, node) =>
        !(name === "open" && (node instanceof HTMLDetailsElement || node instanceof HTMLDialogElement)) &&
        !(name === "aria-busy" || name === "data-dirty"),
    },
  });
}
