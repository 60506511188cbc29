// The demo world's people: one for each built-in role, all with one password that is good for nothing else.
export const password = "bailiwick demo";

/** Address by role key. */
export const people = new Proxy({}, { get: (_, role) => `${String(role).replaceAll("_", "-")}@demo.example` });
