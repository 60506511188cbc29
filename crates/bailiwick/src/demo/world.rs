//! The demo world's places and people, from `world.toml` into the database. Not its incidents.

use std::collections::HashMap;

use access::{Feature, Roles, Switch, Target, by_key};
use kernel::geo::{Fence, Point};
use kernel::id::{AreaId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Clock, Error, Timestamp};
use people::setup::{Entry, NewMember, NewOrganization};
use places::setup::{
    AreaDraft, ClientDraft, ContractorDraft, ReportOptions, SiteDraft, SiteKind, TeamDraft, TeamKind,
    WorkerDraft,
};
use serde::Deserialize;
use store::{Batch, Store};

use super::dice::Dice;
use super::names;
use super::story::Setting;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct World {
    pub(crate) organization: Vec<Organization>,
}

/// A tenant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    pub(crate) name: String,
    hue: u16,
    zone: String,
    domain: String,
    features: Vec<Feature>,
    switches: Vec<Switch>,
    /// Of a hundred incidents, how many are here.
    pub(crate) share: u64,
    /// How many people work in the field here.
    workers: usize,
    areas: Vec<String>,
    teams: Vec<Team>,
    /// Roles of its own, written as the built-in ones are.
    #[serde(default)]
    roles: String,
    pub(crate) client: Vec<Client>,
    pub(crate) person: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    name: String,
    kind: String,
}

/// A company that buys service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub(crate) name: String,
    contact: String,
    email: String,
    phone: String,
    address: String,
    #[serde(default)]
    emergency: bool,
    /// Contractors that are its guests.
    #[serde(default)]
    guests: Vec<String>,
    pub(crate) sites: Vec<Site>,
}

/// A place of work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    pub(crate) name: String,
    code: String,
    pub(crate) setting: Setting,
    kind: String,
    area: String,
    zone: String,
    at: [f64; 2],
    fence: Drawn,
    address: String,
    #[serde(default)]
    approval: bool,
    #[serde(default)]
    editable: bool,
    #[serde(default)]
    daily: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Drawn {
    Circle(f64),
    Corners(Vec<[f64; 2]>),
}

/// Somebody with a sign-in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) targets: Vec<String>,
    /// Their address, where it is not that of the role.
    address: Option<String>,
    #[serde(default)]
    also: Vec<Also>,
    #[serde(default)]
    clients: Vec<String>,
    team: Option<String>,
    #[serde(default)]
    share_all: bool,
    #[serde(default)]
    live_clock_ins: bool,
    /// Saved, and not invited yet: nobody signs in as this.
    #[serde(default)]
    saved: bool,
}

/// A further role of the same person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    role: String,
    targets: Vec<String>,
}

impl Person {
    /// What they sign in with.
    pub(crate) fn email(&self) -> String {
        self.address.clone().unwrap_or_else(|| people::demo::email(&self.role))
    }
}

impl World {
    /// Reads the world of the program.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn open() -> Result<Self, Error> {
        toml::from_str(include_str!("world.toml")).map_err(Error::internal)
    }

    /// Makes everything but incidents.
    pub(crate) async fn build(&self, store: &Store, clock: &Clock, seed: u64) -> Result<(), Error> {
        // One password, so one hash: forty of them would be the longest part of making the world.
        let hash = people::setup::hash_password(people::demo::PASSWORD)?;
        for (place, organization) in self.organization.iter().enumerate() {
            let dice = Dice::of(seed, 1, place as u64);
            Builder { store, clock, hash: &hash, world: organization, dice, ids: Ids::default() }
                .build()
                .await?;
        }
        Ok(())
    }
}

/// Names to ids while an organization is made.
#[derive(Debug, Default)]
struct Ids {
    areas: HashMap<String, AreaId>,
    teams: HashMap<String, TeamId>,
    clients: HashMap<String, ClientId>,
    sites: HashMap<String, SiteId>,
}

struct Builder<'w> {
    store: &'w Store,
    clock: &'w Clock,
    hash: &'w str,
    world: &'w Organization,
    dice: Dice,
    ids: Ids,
}

impl Builder<'_> {
    async fn build(mut self) -> Result<(), Error> {
        let world = self.world;
        let first = world
            .person
            .iter()
            .find(|person| person.role == "administrator")
            .ok_or_else(|| Error::internal("an organization of the world has no administrator"))?;
        let made = people::setup::organization(
            self.store,
            self.clock,
            &NewOrganization {
                name: text(&world.name)?,
                hue: world.hue,
                zone: world.zone.clone(),
                features: world.features.clone(),
                switches: world.switches.clone(),
            },
            text(&first.email())?,
            text(&first.name)?,
            Some(self.hash.to_owned()),
        )
        .await?;
        self.places(made.organization).await?;
        people::setup::roles(self.store, self.clock, made.organization, &world.roles).await?;
        let mut field = Vec::new();
        for person in world.person.iter().filter(|person| person.role != "administrator") {
            let membership = self.person(made.organization, person).await?;
            if let Some(team) = &person.team {
                field.push((person.name.clone(), Some(membership), self.team(team)?, person.email()));
            }
        }
        self.officers(made.organization, &mut field).await?;
        self.workers(made.organization, field).await
    }

    async fn places(&mut self, organization: OrganizationId) -> Result<(), Error> {
        let now = self.clock.now();
        let mut batch = Batch::new();
        for name in &self.world.areas {
            let id = places::setup::area(&mut batch, organization, &AreaDraft { name: text(name)? }, now);
            self.ids.areas.insert(name.clone(), id);
        }
        for team in &self.world.teams {
            let kind: TeamKind = team.kind.parse().map_err(Error::internal)?;
            let draft = TeamDraft { name: text(&team.name)?, kind };
            self.ids
                .teams
                .insert(team.name.clone(), places::setup::team(&mut batch, organization, &draft, now));
        }
        for client in &self.world.client {
            let mut draft = ClientDraft::new(text(&client.name)?);
            draft.contact_name = Some(text(&client.contact)?);
            draft.contact_email = Some(text(&client.email)?);
            draft.phone = Some(text(&client.phone)?);
            draft.address = text(&client.address)?;
            draft.emergency_access = client.emergency;
            let id = places::setup::client(&mut batch, organization, &draft, now);
            self.ids.clients.insert(client.name.clone(), id);
            for guest in &client.guests {
                let draft = ContractorDraft {
                    name: text(guest)?,
                    contact_name: None,
                    contact_email: None,
                    phone: None,
                };
                let (_, team) = places::setup::contractor(&mut batch, organization, Some(id), &draft, now);
                self.ids.teams.insert(guest.clone(), team);
            }
            for site in &client.sites {
                let draft = self.site(id, site)?;
                let id = places::setup::site(&mut batch, organization, &draft, now);
                self.ids.sites.insert(site.name.clone(), id);
            }
        }
        self.store.commit(batch).await?;
        Ok(())
    }

    fn site(&self, client: ClientId, site: &Site) -> Result<SiteDraft, Error> {
        let point =
            |[latitude, longitude]: [f64; 2]| Point::new(latitude, longitude).map_err(Error::internal);
        let mut draft = SiteDraft::new(client, text(&site.name)?, text(&site.zone)?);
        draft.area = self.ids.areas.get(&site.area).copied();
        draft.kind = text::<SiteKind>(&site.kind)?;
        draft.code = Some(text(&site.code)?);
        draft.address = text(&site.address)?;
        draft.position = Some(point(site.at)?);
        draft.fence = Some(
            match &site.fence {
                Drawn::Circle(metres) => Fence::circle(point(site.at)?, *metres),
                Drawn::Corners(corners) => {
                    Fence::corners(corners.iter().copied().map(point).collect::<Result<_, _>>()?)
                }
            }
            .map_err(Error::internal)?,
        );
        draft.instructions = text(&format!(
            "Report to the post at {name} fifteen minutes before the shift.\n\
             Walk the whole perimeter once in the first hour and once in the last.\n\
             Doors are tried by hand, not by eye. Note every open door as an incident.\n\
             In an emergency call 911 first, then the control room.",
            name = site.name
        ))?;
        draft.reports = ReportOptions {
            approval_required: site.approval,
            editable_by_author: site.editable,
            send_daily_report: site.daily,
        };
        Ok(draft)
    }

    /// A target by its words.
    fn target(&self, words: &str) -> Result<Target, Error> {
        let unknown = || Error::internal(format_args!("the demo world has no {words}"));
        let (kind, name) = words.split_once(':').unwrap_or((words, ""));
        let ids = &self.ids;
        Ok(match kind {
            "organization" => Target::Organization,
            "area" => Target::Area(*ids.areas.get(name).ok_or_else(unknown)?),
            "team" => Target::Team(*ids.teams.get(name).ok_or_else(unknown)?),
            "client" => Target::Client(*ids.clients.get(name).ok_or_else(unknown)?),
            "site" => Target::Site(*ids.sites.get(name).ok_or_else(unknown)?),
            _ => return Err(unknown()),
        })
    }

    fn team(&self, name: &str) -> Result<TeamId, Error> {
        let unknown = || Error::internal(format_args!("the demo world has no team {name}"));
        self.ids.teams.get(name).copied().ok_or_else(unknown)
    }

    async fn person(&self, organization: OrganizationId, person: &Person) -> Result<MembershipId, Error> {
        let also = person.also.iter().map(|also| (also.role.as_str(), &also.targets));
        let mut last = None;
        for (role, targets) in [(person.role.as_str(), &person.targets)].into_iter().chain(also) {
            let targets = targets.iter().map(|words| self.target(words)).collect::<Result<Vec<_>, _>>()?;
            let mut new =
                NewMember::new(organization, text(&person.email())?, text(&person.name)?, role, targets);
            new.clients =
                person.clients.iter().filter_map(|name| self.ids.clients.get(name).copied()).collect();
            new.share_all = person.share_all;
            new.live_clock_ins = person.live_clock_ins;
            if person.saved {
                new.entry = Entry::Saved;
            } else {
                new.password_hash = Some(self.hash.to_owned());
            }
            last = Some(people::setup::member(self.store, self.clock, &new).await?.membership);
        }
        last.ok_or_else(|| Error::internal("nobody was made"))
    }

    /// Officers beside those with a role's own sign-in, so that every site has people who report.
    async fn officers(
        &mut self,
        organization: OrganizationId,
        field: &mut Vec<(String, Option<MembershipId>, TeamId, String)>,
    ) -> Result<(), Error> {
        let sites: Vec<String> =
            self.world.client.iter().flat_map(|client| &client.sites).map(|site| site.name.clone()).collect();
        // Two for each site, each of them at up to four.
        let officers = names::people(&mut self.dice, sites.len().div_ceil(2).max(2));
        let teams: Vec<&Team> = self.world.teams.iter().filter(|team| team.kind == "department").collect();
        for (at, name) in officers.iter().enumerate() {
            let mine = (0..4).filter_map(|step| sites.get((at * 2 + step) % sites.len()));
            let mut targets: Vec<Target> =
                mine.map(|site| self.target(&format!("site:{site}"))).collect::<Result<_, _>>()?;
            targets.sort_unstable();
            targets.dedup();
            let email = format!("{}@{}", names::mailbox(name), self.world.domain);
            let mut new = NewMember::new(organization, text(&email)?, text(name)?, "officer", targets);
            new.password_hash = Some(self.hash.to_owned());
            let member = people::setup::member(self.store, self.clock, &new).await?;
            let team = teams.get(at % teams.len().max(1)).map(|team| self.team(&team.name)).transpose()?;
            if let Some(team) = team {
                field.push((name.clone(), Some(member.membership), team, email));
            }
        }
        Ok(())
    }

    /// Workers: everybody with a team, and others without a sign-in.
    async fn workers(
        &mut self,
        organization: OrganizationId,
        mut field: Vec<(String, Option<MembershipId>, TeamId, String)>,
    ) -> Result<(), Error> {
        let more = self.world.workers.saturating_sub(field.len());
        let teams: Vec<&Team> = self.world.teams.iter().collect();
        for name in names::people(&mut self.dice, more) {
            if let Some(team) = self.dice.pick(&teams) {
                field.push((name, None, self.team(&team.name)?, String::new()));
            }
        }
        let now: Timestamp = self.clock.now();
        let mut batch = Batch::new();
        for (at, (name, membership, team, email)) in field.into_iter().enumerate() {
            let mut draft = WorkerDraft::new(text(&name)?);
            draft.team = Some(team);
            draft.membership = membership;
            draft.email = if email.is_empty() { None } else { Some(text(&email)?) };
            draft.phone = Some(text(&format!("+1 973 555 {:04}", 2000 + at))?);
            draft.employee_number = Some(text(&format!("{}", 10_400 + at * 7))?);
            places::setup::worker(&mut batch, organization, &draft, now);
        }
        self.store.commit(batch).await?;
        Ok(())
    }
}

/// Reads one of the file's texts; the file is part of the program, so a mistake is ours.
fn text<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|why| Error::internal(format_args!("{text}: {why}")))
}

/// One line of the table of sign-ins.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) role: String,
    pub(crate) email: String,
    pub(crate) place: String,
    pub(crate) about: String,
}

impl World {
    /// Everybody with a sign-in of their own, in the order of the file.
    pub(crate) fn sign_ins(&self) -> Vec<SignIn> {
        self.organization
            .iter()
            .flat_map(|organization| organization.person.iter().map(move |person| (organization, person)))
            .filter(|(_, person)| !person.saved)
            .map(|(organization, person)| {
                let own = organization.roles.parse::<Roles>().map(|roles| roles.0).unwrap_or_default();
                let own = own.iter().find(|role| role.key == person.role);
                let role = own.or_else(|| by_key(&person.role).map(|role| &**role));
                let targets: Vec<&str> = person
                    .also
                    .iter()
                    .flat_map(|also| &also.targets)
                    .chain(&person.targets)
                    .map(String::as_str)
                    .collect();
                SignIn {
                    role: role.map_or_else(|| person.role.clone(), |role| role.name.clone()),
                    email: person.email(),
                    place: place(organization, &targets, &person.clients),
                    about: role.map_or_else(String::new, |role| role.about.clone()),
                }
            })
            .collect()
    }
}

/// Where somebody's roles are held, in few words.
fn place(organization: &Organization, targets: &[&str], clients: &[String]) -> String {
    let mut names: Vec<&str> = targets
        .iter()
        .map(|words| words.split_once(':').map_or(organization.name.as_str(), |(_, name)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => clients.join(", "),
        [one] => (*one).to_owned(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_role_has_somebody() {
        let world = World::open().unwrap();
        let first = world.organization.first().unwrap();
        for role in access::built_in() {
            let holders: Vec<&Person> =
                first.person.iter().filter(|p| p.role == role.key && p.address.is_none()).collect();
            assert_eq!(holders.len(), 1, "{}", role.key);
            assert_eq!(holders[0].email(), people::demo::email(&role.key));
        }
        let sites: usize = first.client.iter().map(|client| client.sites.len()).sum();
        assert!((20..=30).contains(&sites), "{sites}");
        assert_eq!(world.organization.iter().map(|o| o.share).sum::<u64>(), 100);
    }
}
