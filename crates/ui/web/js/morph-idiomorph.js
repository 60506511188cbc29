export const morph = (from, to) => Idiomorph.morph(from, to);
