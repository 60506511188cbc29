export const morph = (from, to) => from.replaceWith(to);
