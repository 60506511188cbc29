//! The scratch world: two organizations with records of every kind, every role's holder, and a canary in every field.
//! What is known of it here is what was planted, not what the database says.

use std::sync::Arc;

use access::{Facts, Feature, FieldClass, Reach, Resource, Role, Switch, Target, Visibility};
use access_oracle::{Member, Tenant};
use kernel::id::{AccountId, AreaId, ClientId, IncidentId, MembershipId, SiteId, TeamId, WorkerId};
use kernel::secret::Secret;
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Clock, Error, Portal, Result};
use people::setup::{NewMember, NewOrganization};
use places::setup::{AreaDraft, ClientDraft, SiteDraft, SiteKind, TeamDraft, TeamKind, WorkerDraft};
use reporting::setup::{NewIncident, NewPerson, Part};
use store::{Batch, Store};

use super::canary::{Canary, Place, Planted};

/// Somebody who will walk through every door that is theirs.
#[derive(Clone)]
pub(super) struct Reader {
    /// For the report: "Supervisor (supervisor)".
    pub(super) label: String,
    pub(super) member: Member,
    pub(super) email: String,
    pub(super) portals: Vec<Portal>,
    pub(super) session: Secret,
    pub(super) token: Secret,
    pub(super) account: AccountId,
    /// Where they stand: the facts of their account.
    pub(super) stands: Facts,
}

impl Reader {
    /// The canary that is their name.
    pub(super) fn called(&self) -> String {
        self.email.split('@').next().unwrap_or_default().to_owned()
    }
}

/// The keys of one place of work: its company, territory and group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    client: ClientId,
    site: SiteId,
    area: AreaId,
    team: TeamId,
}

/// One place of work with the company, territory and group around it.
#[derive(Clone, Debug)]
pub(super) struct Corner {
    pub(super) client: ClientId,
    pub(super) site: SiteId,
    pub(super) area: AreaId,
    pub(super) team: TeamId,
    /// What site and client are called.
    pub(super) names: (String, String),
    /// A worker of the team, and their name.
    pub(super) worker: (WorkerId, String),
    /// The incident there that was released.
    pub(super) released: IncidentId,
    pub(super) released_facts: Facts,
}

impl Corner {
    pub(super) fn around(&self) -> Around {
        Around { client: self.client, site: self.site, area: self.area, team: self.team }
    }
}

/// Everything that was planted.
pub(super) struct World {
    pub(super) tenant: Tenant,
    pub(super) readers: Vec<Reader>,
    pub(super) canaries: Vec<Canary>,
    pub(super) records: Vec<Planted>,
    number: i64,
}

/// What the scratch organization is to be like.
#[derive(Clone, Debug)]
pub(crate) struct Likeness {
    /// Whose settings these are, for the report.
    pub(crate) name: String,
    pub(crate) features: Vec<Feature>,
    pub(crate) switches: Vec<Switch>,
    /// Roles of the organization's own: key and text.
    pub(crate) roles: Vec<(String, String)>,
    /// Only holders of these walk; empty means every role.
    pub(crate) only: Vec<String>,
}

impl Likeness {
    /// Everything that can be turned on is on.
    pub(crate) fn everything() -> Self {
        Self {
            name: "everything on".into(),
            features: Feature::ALL.to_vec(),
            switches: Switch::ALL.to_vec(),
            roles: Vec::new(),
            only: Vec::new(),
        }
    }
}

fn name(text: &str) -> Result<Name> {
    text.parse().map_err(|why: String| Error::internal(format!("{text}: {why}")))
}

fn parsed<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T> {
    text.parse().map_err(|why: String| Error::internal(format!("{text}: {why}")))
}

/// The sorts of release an incident can stand at.
const RELEASES: [Visibility; 4] =
    [Visibility::Draft, Visibility::Held, Visibility::Submitted, Visibility::Released];

/// Plants into an empty database.
pub(super) struct Planter<'a> {
    pub(super) store: &'a Store,
    pub(super) clock: &'a Clock,
    /// How features plant their kinds of record.
    pub(super) plants: Vec<web::canary::Plant>,
}

impl Planter<'_> {
    /// An organization that nobody else's rights reach.
    pub(super) async fn organization(
        &self,
        label: &str,
        likeness: &Likeness,
    ) -> Result<(World, MembershipId)> {
        let new = NewOrganization {
            name: name(label)?,
            hue: 215,
            zone: "UTC".into(),
            features: likeness.features.clone(),
            switches: likeness.switches.clone(),
        };
        let canary = Canary::new(format!("name of the first administrator of {label}"));
        let email: EmailAddress = parsed(&format!("{}@verify.invalid", canary.word))?;
        let made =
            people::setup::organization(self.store, self.clock, &new, email, name(&canary.word)?, None)
                .await?;
        let tenant = Tenant {
            id: made.organization,
            features: likeness.features.clone(),
            switches: likeness.switches.clone(),
            areas: Vec::new(),
            teams: Vec::new(),
            clients: Vec::new(),
            sites: Vec::new(),
            members: Vec::new(),
            records: Vec::new(),
        };
        let administrator = made.administrator.membership;
        let facts = Facts::of(made.organization.uuid());
        let mut canary = canary.at(Resource::Account, FieldClass::Public, facts);
        canary.own = Some(administrator.uuid());
        let world = World {
            tenant,
            readers: Vec::new(),
            canaries: vec![canary],
            records: vec![Planted {
                own: Some(administrator.uuid()),
                ..Planted::new(
                    administrator.to_string(),
                    format!("the first administrator of {label}"),
                    Resource::Account,
                    facts,
                )
            }],
            number: 0,
        };
        Ok((world, administrator))
    }

    /// A client with a site in an area of its own, a team, a worker, an invitation, and incidents at every stage.
    pub(super) async fn corner(&self, world: &mut World, label: &str) -> Result<Corner> {
        let organization = world.tenant.id;
        let whole = Facts::of(organization.uuid());
        let now = self.clock.now();
        let mut batch = Batch::new();

        let area_name = Canary::new(format!("name of area {label}"));
        let area =
            places::setup::area(&mut batch, organization, &AreaDraft { name: name(&area_name.word)? }, now);
        let team_name = Canary::new(format!("name of team {label}"));
        let draft = TeamDraft { name: name(&team_name.word)?, kind: TeamKind::ALL[0] };
        let team = places::setup::team(&mut batch, organization, &draft, now);

        let client_name = Canary::new(format!("name of client {label}"));
        let contact = Canary::new(format!("contact of client {label}"));
        let client_address = Canary::new(format!("address of client {label}"));
        let client_notes = Canary::new(format!("notes about client {label}"));
        let mut draft = ClientDraft::new(name(&client_name.word)?);
        draft.contact_name = Some(name(&contact.word)?);
        draft.address = parsed(&client_address.word)?;
        draft.notes = parsed(&client_notes.word)?;
        let client = places::setup::client(&mut batch, organization, &draft, now);

        let site_name = Canary::new(format!("name of site {label}"));
        let site_address = Canary::new(format!("address of site {label}"));
        let code = Canary::new(format!("code of site {label}"));
        let instructions = Canary::new(format!("instructions of site {label}"));
        let mut draft = SiteDraft::new(client, name(&site_name.word)?, parsed("UTC")?);
        draft.area = Some(area);
        draft.kind = SiteKind::Static;
        draft.address = parsed(&site_address.word)?;
        draft.code = Some(parsed(&code.word)?);
        draft.instructions = parsed(&instructions.word)?;
        let site = places::setup::site(&mut batch, organization, &draft, now);
        self.store.commit(batch).await?;

        let corner = Around { client, site, area, team };
        let area_facts = Facts { area: Some(area.uuid()), ..whole };
        let team_facts = Facts { team: Some(team.uuid()), ..whole };
        let client_facts = Facts { client: Some(client.uuid()), ..whole };
        let site_facts =
            Facts { site: Some(site.uuid()), client: Some(client.uuid()), area: Some(area.uuid()), ..whole };
        use FieldClass::{Notes, Operational, Public};
        world.canaries.extend([
            // Whoever sees a site sees its territory's name, if they see how the organization works there.
            area_name.at(Resource::Area, Public, area_facts).at(Resource::Site, Operational, site_facts),
            contact.at(Resource::Client, Public, client_facts),
            client_address.at(Resource::Client, Public, client_facts),
            client_notes.at(Resource::Client, Notes, client_facts),
            site_address.at(Resource::Site, Public, site_facts),
            code.at(Resource::Site, Operational, site_facts),
            instructions.at(Resource::Site, Operational, site_facts),
        ]);
        let mut named = |id: String, what: &str, resource, facts| {
            world.records.push(Planted::new(id, format!("{what} {label}"), resource, facts));
        };
        named(area.to_string(), "area", Resource::Area, area_facts);
        named(team.to_string(), "team", Resource::Team, team_facts);
        named(client.to_string(), "client", Resource::Client, client_facts);
        named(site.to_string(), "site", Resource::Site, site_facts);

        let worker_facts = Facts { team: Some(team.uuid()), ..whole };
        let worker = self.worker(world, label, team, worker_facts).await?;
        let (mut site_name, mut client_name) = (
            site_name.at(Resource::Site, Public, site_facts),
            client_name.at(Resource::Client, Public, client_facts).at(Resource::Site, Public, site_facts),
        );
        let team_name =
            team_name.at(Resource::Team, Public, team_facts).at(Resource::Worker, Public, worker_facts);
        let mut released = None;
        for visibility in RELEASES {
            let (id, facts) = self
                .incident(world, label, corner, visibility, None, (&site_name.word, &client_name.word))
                .await?;
            site_name = site_name.at(Resource::Incident, Public, facts);
            client_name = client_name.at(Resource::Incident, Operational, facts);
            if visibility == Visibility::Released {
                released = Some((id, facts));
            }
        }
        let names = (site_name.word.clone(), client_name.word.clone());
        world.canaries.extend([site_name, client_name, team_name]);
        let (released, released_facts) = released.ok_or_else(|| Error::internal("nothing was released"))?;
        let corner = Corner { client, site, area, team, names, worker, released, released_facts };
        self.kinds(world, (&corner, label), None).await?;
        Ok(corner)
    }

    async fn worker(
        &self,
        world: &mut World,
        label: &str,
        team: TeamId,
        facts: Facts,
    ) -> Result<(WorkerId, String)> {
        use FieldClass::{Notes, Operational, Public};
        let worker = Canary::new(format!("name of worker {label}"));
        let number = Canary::new(format!("employee number of worker {label}"));
        let notes = Canary::new(format!("notes about worker {label}"));
        let mut draft = WorkerDraft::new(name(&worker.word)?);
        draft.team = Some(team);
        draft.employee_number = Some(parsed(&number.word)?);
        draft.notes = parsed(&notes.word)?;
        let mut batch = Batch::new();
        let id = places::setup::worker(&mut batch, world.tenant.id, &draft, self.clock.now());
        self.store.commit(batch).await?;
        let called = worker.word.clone();
        world.canaries.extend([
            worker.at(Resource::Worker, Public, facts),
            number.at(Resource::Worker, Operational, facts),
            notes.at(Resource::Worker, Notes, facts),
        ]);
        world.records.push(Planted::new(id.to_string(), format!("worker {label}"), Resource::Worker, facts));
        Ok((id, called))
    }

    /// An incident at a stage of its release, with a canary in every field.
    pub(super) async fn incident(
        &self,
        world: &mut World,
        label: &str,
        corner: Around,
        visibility: Visibility,
        author: Option<(MembershipId, &str)>,
        (site, client): (&str, &str),
    ) -> Result<(IncidentId, Facts)> {
        use FieldClass::{Location, Notes, Operational, People, Public};
        world.number += 1;
        let number = world.number;
        let what = format!("a {visibility} incident at {label}");
        let mut new =
            NewIncident::filed(number, (corner.client, client), (corner.site, site, "UTC"), self.clock.now());
        let facts = Facts {
            area: Some(corner.area.uuid()),
            team: Some(corner.team.uuid()),
            client: Some(corner.client.uuid()),
            site: Some(corner.site.uuid()),
            visibility: Some(visibility.number()),
            author_may_edit: Some(0),
            closed: Some(0),
            author: author.map(|(id, _)| id.uuid()),
            ..Facts::of(world.tenant.id.uuid())
        };
        let mut plant = |field: &str, class| {
            let canary = Canary::new(format!("{field} of {what}")).at(Resource::Incident, class, facts);
            let word = canary.word.clone();
            world.canaries.push(canary);
            word
        };
        new.title = plant("title", Operational);
        new.narrative = plant("narrative", Operational);
        new.place = plant("place", Operational);
        new.public_details = plant("public details", Public);
        new.kind = plant("type", Public);
        new.internal_notes = plant("internal notes", Notes);
        new.filed_by = plant("name of who typed", People);
        new.author_name = match author {
            Some((_, name)) => name.to_owned(),
            None => plant("author", People),
        };
        new.author = author.map(|(id, _)| id);
        let person = NewPerson {
            name: plant("person involved", People),
            part: Part::ALL[0],
            contact: plant("contact of a person involved", People),
            note: plant("note about a person involved", People),
        };
        let position =
            Canary::latitude(format!("position of {what}")).at(Resource::Incident, Location, facts);
        new.position = position.word.parse().ok().map(|latitude: f64| (latitude, 77.0));
        world.canaries.push(position);
        new.area = Some(corner.area);
        new.team = Some(corner.team);
        new.visibility = visibility;
        if visibility == Visibility::Released {
            let mut publisher = Canary::new(format!("publisher of {what}"));
            publisher = publisher.at(Resource::Incident, People, facts);
            new.released = Some((self.clock.now(), publisher.word.clone()));
            world.canaries.push(publisher);
        }
        let mut batch = Batch::new();
        reporting::setup::take_numbers(&mut batch, world.tenant.id, number - 1, 1);
        reporting::setup::insert_many(&mut batch, world.tenant.id, std::slice::from_ref(&new));
        reporting::setup::insert_people(&mut batch, world.tenant.id, &new, &[person]);
        self.store.commit(batch).await?;
        world.records.push(Planted::new(new.id.to_string(), what, Resource::Incident, facts));
        Ok((new.id, facts))
    }

    /// Somebody who holds a role where its reach ends, or nothing at all.
    pub(super) async fn reader(
        &self,
        world: &mut World,
        home: &Corner,
        role: Option<&Arc<Role>>,
        (audience, share_all): (Audience, bool),
    ) -> Result<()> {
        let organization = world.tenant.id;
        let mut label = role.map_or_else(
            || format!("somebody on the {audience} side without a role"),
            |role| format!("{} ({})", role.name, role.key),
        );
        if share_all {
            label.push_str(" with “share all”");
        }
        let canary = Canary::new(format!("name of {label}"));
        let email = format!("{}@verify.invalid", canary.word);
        let targets = match role.map(|role| role.reach) {
            Some(Reach::Organization) => vec![Target::Organization],
            Some(Reach::Area) => vec![Target::Area(home.area)],
            Some(Reach::Team) => vec![Target::Team(home.team)],
            Some(Reach::Client) => vec![Target::Client(home.client)],
            Some(Reach::Site) => vec![Target::Site(home.site)],
            Some(Reach::Own) | None => Vec::new(),
        };
        let outside = audience != Audience::Staff;
        let mut new = NewMember::new(organization, parsed(&email)?, name(&canary.word)?, "", targets.clone());
        new.clients = if outside { vec![home.client] } else { Vec::new() };
        new.share_all = share_all;
        new.live_clock_ins = outside;
        let made = people::scratch::holder(self.store, self.clock, &new, role, audience).await?;
        let assignments = made.assignment.into_iter().filter_map(|id| {
            Some(access::Assignment {
                id,
                role: role?.clone(),
                targets: targets.clone(),
                from: None,
                until: None,
                granted_by: None,
                granted_at: self.clock.now(),
            })
        });
        let member = Member {
            id: made.membership,
            audience,
            active: true,
            clients: new.clients.clone(),
            subcontractor: false,
            share_all,
            live_clock_ins: outside,
            assignments: assignments.collect(),
        };
        let whole = Facts::of(organization.uuid());
        let stands = match targets.as_slice() {
            [Target::Site(id)] if outside => Facts { site: Some(id.uuid()), ..whole },
            [Target::Team(id)] => Facts { team: Some(id.uuid()), ..whole },
            [Target::Area(id)] => Facts { area: Some(id.uuid()), ..whole },
            _ => whole,
        };
        let facts = Facts { client: outside.then(|| home.client.uuid()), ..stands };
        let mut canary = canary.at(Resource::Account, FieldClass::Public, facts);
        canary.own = Some(made.membership.uuid());
        let (session, token) = people::scratch::keys(self.store, self.clock, &made).await?;
        world.records.push(Planted {
            own: Some(made.membership.uuid()),
            within: if audience == Audience::Client {
                vec![(home.client.to_string(), "accounts")]
            } else {
                Vec::new()
            },
            ..Planted::new(
                made.membership.to_string(),
                format!("the membership of {label}"),
                Resource::Account,
                facts,
            )
        });
        if let Some(assignment) = made.assignment {
            let mut within = vec![(made.membership.to_string(), "roles")];
            if audience == Audience::Client
                && matches!(targets.as_slice(), [Target::Site(_) | Target::Client(_)])
            {
                within.push((home.site.to_string(), "clients"));
            }
            world.records.push(Planted {
                own: Some(made.membership.uuid()),
                within,
                ..Planted::new(
                    assignment.to_string(),
                    format!("what gives the role of {label}"),
                    Resource::Assignment,
                    facts,
                )
            });
        }
        world.readers.push(Reader {
            label,
            member,
            email,
            portals: role.map_or_else(Vec::new, |role| role.portals.clone()),
            session,
            token,
            account: made.account,
            stands: facts,
        });
        world.canaries.push(canary);
        Ok(())
    }
}

impl Planter<'_> {
    /// Names of people stand where somebody needs them: whom an incident can be given to, which accounts it will be
    /// published to. And the name of a company stands beside its people's.
    pub(super) fn name_people(world: &mut World, home: &Corner) {
        use access::{Action, permission};
        let assign = permission(Resource::Incident, Action::Assign);
        let publish = permission(Resource::Incident, Action::Publish);
        let incidents: Vec<Facts> = world
            .records
            .iter()
            .filter(|record| record.resource == Resource::Incident)
            .map(|record| record.facts)
            .collect();
        let mut people: Vec<(String, bool)> =
            vec![(world.canaries.first().map_or_else(String::new, |c| c.word.clone()), true)];
        people.extend(
            world.readers.iter().map(|reader| (reader.called(), reader.member.audience == Audience::Staff)),
        );
        for canary in &mut world.canaries {
            let Some((_, staff)) = people.iter().find(|(called, _)| *called == canary.word) else { continue };
            let verb = if *staff { assign } else { publish };
            canary.needed.extend(incidents.iter().map(|facts| (verb, *facts)));
        }
        let outside: Vec<Facts> = world
            .records
            .iter()
            .filter(|record| record.resource == Resource::Account && record.facts.client.is_some())
            .map(|record| record.facts)
            .collect();
        if let Some(company) = world.canaries.iter_mut().find(|canary| canary.word == home.names.1) {
            company.places.extend(outside.into_iter().map(|facts| Place {
                resource: Resource::Account,
                class: FieldClass::Public,
                facts,
                by: None,
            }));
        }
    }

    /// For everybody on staff an incident of their own, far from where they stand.
    pub(super) async fn own_incidents(&self, world: &mut World, far: &Corner) -> Result<()> {
        let staff: Vec<(MembershipId, String)> = world
            .readers
            .iter()
            .filter(|reader| reader.member.audience == Audience::Staff)
            .map(|reader| (reader.member.id, reader.called()))
            .collect();
        for (membership, called) in staff {
            let names = (far.names.0.as_str(), far.names.1.as_str());
            let author = Some((membership, called.as_str()));
            let (_, facts) = self
                .incident(world, "far away, one's own", far.around(), Visibility::Submitted, author, names)
                .await?;
            // The author's name and the names of the place stand on this one, too.
            for canary in &mut world.canaries {
                if canary.word == called {
                    canary.places.push(Place {
                        resource: Resource::Incident,
                        class: FieldClass::People,
                        facts,
                        by: None,
                    });
                } else if canary.word == far.names.0 {
                    canary.places.push(Place {
                        resource: Resource::Incident,
                        class: FieldClass::Public,
                        facts,
                        by: None,
                    });
                } else if canary.word == far.names.1 {
                    canary.places.push(Place {
                        resource: Resource::Incident,
                        class: FieldClass::Operational,
                        facts,
                        by: None,
                    });
                }
            }
        }
        Ok(())
    }
}
