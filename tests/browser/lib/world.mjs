// What a demo world lacks for every page to have something to show: things that are under way. All of it is done through
// the forms of the portals, by people who may.
import { caller } from "./crawl.mjs";
import { password, people } from "./people.mjs";

export const organization = "Northwatch Security";

/** The first match of a pattern on a page. */
async function found(who, path, pattern) {
  const html = await (await who.get(path)).text();
  const hit = pattern.exec(html);
  if (!hit) throw new Error(`${who.email} does not find ${pattern} on ${path}`);
  return hit[1] ?? hit[0];
}

async function sent(who, path, fields) {
  const answer = await who.post(path, fields);
  if (answer.status >= 400) {
    const html = await answer.text();
    const said = html.replace(/^.*<main/s, "<main").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    throw new Error(`${who.email} is refused at ${path}: ${answer.status} ${said.slice(0, 400)}`);
  }
  return answer.headers.get("location");
}

/** A photo as a phone would send it: one grey pixel. */
const photo = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==", "base64");

/** The links of these shapes in the letters of the outbox. Letters are written behind the scenes: that takes a moment. */
async function links(admin, shapes) {
  const read = new Set();
  const held = new Map();
  for (let tries = 0; tries < 120 && held.size < shapes.length; tries += 1) {
    const list = await (await admin.get("/office/outbox")).text();
    for (const [, href] of list.matchAll(/href="(\/office\/outbox\/mai_[0-9a-z]+)"/g)) {
      if (read.has(href)) continue;
      read.add(href);
      const text = await (await admin.get(`${href}/letter`)).text();
      for (const shape of shapes) {
        const hit = shape.exec(text);
        if (hit && !held.has(shape)) held.set(shape, hit[0]);
      }
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  const missing = shapes.filter((shape) => !held.has(shape));
  if (missing.length > 0) throw new Error(`no letter with ${missing.join(", ")}`);
  return [...held.values()];
}

/** Fills the world, and gives the addresses to which only a letter, a preview or a form that was sent leads. */
export async function furnish(base) {
  const as = (role) => caller(base, people[role], password, organization);
  const [admin, master, officer, requester, contractor] = await Promise.all(
    ["customer_admin", "master_administrator", "officer", "basic_user", "guest_manager"].map(as),
  );
  const member = (email) => found(admin, `/office/members?q=${encodeURIComponent(email)}`, /\/office\/members\/(mem_[0-9a-z]+)/);
  const site = await found(admin, "/office/sites", /\/office\/sites\/(sit_[0-9a-z]+)/);

  // Somebody is invited, on both sides; somebody asks for access; somebody forgot a password.
  await sent(admin, "/office/invitations", { email: "newcomer@demo.example", name: "Nell Newcomer", role: "supervisor", targets: `site:${site}` });
  const own = await found(master, "/client/sites", /\/client\/sites\/(sit_[0-9a-z]+)/);
  await sent(master, "/client/invitations", { email: "neighbour@demo.example", name: "Ned Neighbour", role: "site_manager", targets: `site:${own}` });
  await sent(officer, "/field/ask", { path: "/office/incidents", note: "The morning report is mine to write." });
  await sent(requester, "/client/ask", { path: "/client/incidents", note: "We are told of incidents by phone only." });
  await sent(admin, "/forgot", { email: people.guard });

  // A campaign of access review and a worker of the client's own; a role given to many at once.
  const start = await (await master.get("/client/reviews/new")).text();
  const reviewers = [...start.matchAll(/name="reviewers" value="([^"]+)"/g)].map(([, id]) => ["reviewers", id]);
  await sent(master, "/client/reviews", [["name", "Who still needs it?"], ["scope", "everything"], ["due", "2031-01-31"], ...reviewers.slice(0, 2)]);
  await sent(master, "/client/workers", { name: "Wade Walker" });
  const many = ["officer", "call_center"].map(async (role) => ["people", await member(people[role])]);
  const runs = [await sent(admin, "/office/members/bulk", [["role", "guard"], ["targets", `site:${site}`], ["mode", "good"], ...await Promise.all(many)])];
  const neighbour = await found(master, "/client/members", /\/client\/members\/(mem_[0-9a-z]+)/);
  runs.push(await sent(master, "/client/members/bulk", [["role", "basic_user"], ["targets", `site:${own}`], ["mode", "good"], ["people", neighbour]]));

  // Photos hang on two incidents; one is given to somebody, who is mailed about it.
  for (const path of ["/office/incidents", "/field/incidents"]) {
    const who = path.startsWith("/office") ? admin : await as("supervisor");
    const incident = await found(who, path, /\/(inc_[0-9a-z]+)"/);
    const form = new FormData();
    form.set("class", "operational");
    form.set("files", new Blob([photo], { type: "image/png" }), "gate.png");
    const answer = await who.post(`/office/incidents/${incident}/attachments`, form);
    if (answer.status >= 400) throw new Error(`a photo is refused: ${answer.status}`);
  }
  const given = await found(admin, "/office/incidents/board", /\/office\/incidents\/(inc_[0-9a-z]+)/);
  const assignee = await found(admin, `/office/incidents/${given}/assignment`, /name="assignee" value="(mem_[0-9a-z]+)"/);
  await sent(admin, `/office/incidents/${given}/assignment`, { assignee });

  // What only an organization's own role or a chosen account shows to clients: the schedule, and who is on duty.
  await sent(admin, "/office/roles", {
    key: "client_planner", name: "Client planner", about: "Follows the schedule of the sites of their company.",
    audience: "client", portals: "client", reach: "client", may: "shift: view @ client", version: "",
  });
  const reader = await member(people.client_user);
  const client = await found(admin, "/office/clients?q=Meridian", /\/office\/clients\/(cli_[0-9a-z]+)/);
  await sent(admin, `/office/members/${reader}/roles`, { role: "client_planner", targets: `client:${client}` });
  const version = await found(admin, `/office/members/${reader}/edit`, /name="version" value="([^"]*)"/);
  const name = await found(admin, `/office/members/${reader}/edit`, /name="name" value="([^"]*)"/);
  await sent(admin, `/office/members/${reader}`, { name, live_clock_ins: "true", version });

  // Somebody looks through other eyes.
  const eyes = await as("admin");
  eyes.home = await sent(eyes, "/office/previews", { reason: "To see what clients see", role: "client_user", targets: `client:${client}` });

  return {
    eyes,
    runs,
    letters: await links(admin, [/\/invitation\/[\w-]+/, /\/reset\/[\w-]+/, /\/unsubscribe\/[\w.-]+/]),
  };
}
