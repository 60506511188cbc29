//! Names of targets, as far as the reader may see them, and the lists to choose from.

use std::collections::HashMap;

use access::{Action, Permission, Reach, Resource, Target, permission};
use kernel::Result;
use kernel::page::PageSize;
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Listing, Table};
use store::{FromRow, Row, Store, Value};
use uuid::Uuid;
use web::Ctx;

use super::query;

const SITE: Permission = permission(Resource::Site, Action::View);
const CLIENT: Permission = permission(Resource::Client, Action::View);
const AREA: Permission = permission(Resource::Area, Action::View);
const TEAM: Permission = permission(Resource::Team, Action::View);
const CONTRACTOR: Permission = permission(Resource::Contractor, Action::View);

/// The most places a picker offers; beyond that it says that there are more.
const MOST: usize = 2000;

/// A place as a picker knows it.
struct Place {
    id: Uuid,
    name: String,
    group: String,
}

impl FromRow for Place {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, group: row.get(2)? })
    }
}

/// The names of the places that a reader may see, by id.
#[derive(Debug, Default)]
pub(crate) struct Names {
    organization: String,
    by_id: HashMap<Uuid, String>,
}

/// Where a role is held, as the reader may know it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TargetOut {
    /// `organization`, `area`, `team`, `client` or `site`.
    pub kind: Reach,
    /// What it is called; absent where the reader may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it is written in forms; absent where the reader may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

fn tables() -> [(Reach, Permission, &'static Table); 4] {
    [
        (Reach::Area, AREA, &query::AREAS),
        (Reach::Team, TEAM, &query::TEAMS),
        (Reach::Client, CLIENT, &query::CLIENTS),
        (Reach::Site, SITE, &query::SITES),
    ]
}

/// The tables a reader meets places in: a contractor's team goes by the contractor for those who see no teams.
fn readable(ctx: &Ctx) -> Vec<(Reach, Permission, &'static Table)> {
    let mut all = tables().to_vec();
    if !ctx.may(TEAM) {
        all.insert(2, (Reach::Team, CONTRACTOR, &query::CONTRACTORS));
    }
    all.retain(|(_, permission, _)| ctx.may(*permission));
    all
}

fn id_of(target: Target) -> Option<Uuid> {
    match target {
        Target::Organization => None,
        Target::Area(id) => Some(id.uuid()),
        Target::Team(id) => Some(id.uuid()),
        Target::Client(id) => Some(id.uuid()),
        Target::Site(id) => Some(id.uuid()),
    }
}

fn made(reach: Reach, id: Uuid) -> Option<Target> {
    super::stored(reach.number(), id)
}

impl Names {
    /// The names of these targets, within the reader's plan. Archived places keep their names.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn of(ctx: &Ctx, targets: impl IntoIterator<Item = Target>) -> Result<Self> {
        let targets: Vec<Target> = targets.into_iter().collect();
        let mut names = Self { organization: ctx.who.organization_name.clone(), by_id: HashMap::new() };
        for (reach, permission, table) in readable(ctx) {
            let mut ids: Vec<Uuid> =
                targets.iter().filter(|t| t.reach() == reach).filter_map(|t| id_of(*t)).collect();
            ids.sort_unstable();
            ids.dedup();
            for some in ids.chunks(200) {
                let values = some.iter().map(|id| Value::from(*id)).collect();
                let page = Listing::new(&ctx.plan, permission, table)?
                    .one_of("id", values)?
                    .rows(PageSize::of(Some(PageSize::MOST)))
                    .page::<Place>(ctx.store())
                    .await?;
                names.by_id.extend(page.items.into_iter().map(|place| (place.id, place.name)));
            }
        }
        Ok(names)
    }

    /// May the reader see this target?
    pub(crate) fn knows(&self, target: Target) -> bool {
        id_of(target).is_none_or(|id| self.by_id.contains_key(&id))
    }

    /// The name of a target, if the reader may see it.
    pub(crate) fn name(&self, target: Target) -> Option<&str> {
        match id_of(target) {
            None => Some(&self.organization),
            Some(id) => self.by_id.get(&id).map(String::as_str),
        }
    }

    /// The name of the place with this id, if the reader may see it.
    pub(crate) fn name_of(&self, id: Uuid) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    /// A target as the reader may know it.
    pub(crate) fn out(&self, target: Target) -> TargetOut {
        TargetOut {
            kind: target.reach(),
            name: self.name(target).map(str::to_owned),
            target: self.knows(target).then(|| super::word(target)),
        }
    }

    /// All targets in one plain sentence part: "sites Dock 4 and Gate 2, and 1 you cannot see".
    pub(crate) fn sentence(&self, targets: &[Target]) -> String {
        let mut parts = Vec::new();
        if targets.contains(&Target::Organization) {
            parts.push("the whole organization".to_owned());
        }
        for (reach, _, _) in tables() {
            let of: Vec<Target> = targets.iter().copied().filter(|t| t.reach() == reach).collect();
            if of.is_empty() {
                continue;
            }
            let mut known: Vec<&str> = of.iter().filter_map(|t| self.name(*t)).collect();
            known.sort_unstable();
            let hidden = of.len() - known.len();
            parts.push(listed(reach, &known, hidden));
        }
        if parts.is_empty() { "their own things only".to_owned() } else { parts.join("; ") }
    }
}

/// "site A", "sites A and B", "sites A, B and 2 you cannot see".
pub(crate) fn listed(reach: Reach, known: &[&str], hidden: usize) -> String {
    let mut words: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    if hidden > 0 {
        words.push(format!("{hidden} you cannot see"));
    }
    let noun = match (reach, known.len() + hidden) {
        (Reach::Area, 1) => "area",
        (Reach::Area, _) => "areas",
        (Reach::Team, 1) => "team",
        (Reach::Team, _) => "teams",
        (Reach::Client, 1) => "client",
        (Reach::Client, _) => "clients",
        (Reach::Site, 1) => "site",
        (Reach::Site, _) => "sites",
        (Reach::Organization | Reach::Own, _) => "",
    };
    format!("{noun} {}", joined(&words)).trim().to_owned()
}

/// "A", "A and B", "A, B and C".
pub(crate) fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// "A", "A or B", "A, B or C".
pub(crate) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// Does every place of the organization lie open to this plan?
pub(crate) fn sees_every_place(plan: &access::Plan) -> bool {
    tables().iter().all(|(_, permission, _)| plan.everywhere(*permission))
}

/// Something to choose from: how it is written, what it is called, what it stands under.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) word: String,
    pub(crate) name: String,
    pub(crate) group: String,
}

/// Which places a picker offers for a role of this reach.
const fn offered(reach: Reach) -> &'static [Reach] {
    match reach {
        Reach::Organization => &[Reach::Area, Reach::Team, Reach::Client, Reach::Site],
        Reach::Area => &[Reach::Area, Reach::Site],
        Reach::Team => &[Reach::Team, Reach::Site],
        Reach::Client => &[Reach::Client, Reach::Site],
        Reach::Site => &[Reach::Site],
        Reach::Own => &[],
    }
}

/// The places within the chooser's plan at which a role of this reach can be given, in groups by kind.
///
/// # Errors
/// The store's.
pub(crate) async fn offers(ctx: &Ctx, reach: Reach) -> Result<Vec<(Reach, Vec<Offer>)>> {
    let mut all = Vec::new();
    for (kind, permission, table) in readable(ctx) {
        if !offered(reach).contains(&kind) {
            continue;
        }
        all.push((kind, of_kind(ctx, kind, permission, table).await?));
    }
    Ok(all)
}

/// The clients within the chooser's plan.
///
/// # Errors
/// The store's.
pub(crate) async fn clients(ctx: &Ctx) -> Result<Vec<Offer>> {
    if !ctx.may(CLIENT) {
        return Ok(Vec::new());
    }
    of_kind(ctx, Reach::Client, CLIENT, &query::CLIENTS).await
}

async fn of_kind(
    ctx: &Ctx,
    kind: Reach,
    permission: Permission,
    table: &'static Table,
) -> Result<Vec<Offer>> {
    let mut found = Vec::new();
    Listing::new(&ctx.plan, permission, table)?
        .is("archived", 0)?
        .each(ctx.store(), |place: Place| {
            if found.len() < MOST
                && let Some(target) = made(kind, place.id)
            {
                found.push(Offer { word: super::word(target), name: place.name, group: place.group });
            }
            Ok(())
        })
        .await?;
    found.sort_by(|a, b| a.group.cmp(&b.group));
    Ok(found)
}

/// Is one of the sites among these a static one?
///
/// # Errors
/// The store's.
pub(crate) async fn any_static(
    store: &Store,
    organization: kernel::id::OrganizationId,
    targets: &[Target],
) -> Result<bool> {
    let sites: Vec<Uuid> =
        targets.iter().filter(|t| t.reach() == Reach::Site).filter_map(|t| id_of(*t)).collect();
    query::any_static(store, organization, &sites).await
}
