//! Targets of roles: how they are written, where they lie, and what that says of the person who holds them.

pub(crate) mod names;
mod query;

use access::{Hierarchy, Reach, Target};
use kernel::id::{AreaId, ClientId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Result};
use store::Store;
use uuid::Uuid;

/// Where the target lies: the word of its reach and, but for the organization, its id (`site:sit_…`). Forms and
/// invitations write it like that.
pub(crate) fn word(target: Target) -> String {
    target.to_string()
}

/// Reads what [`word`] wrote.
pub(crate) fn read(word: &str) -> Option<Target> {
    word.parse().ok()
}

/// The key a target is stored under, beside its reach.
pub(crate) fn key(target: Target, organization: OrganizationId) -> Uuid {
    match target {
        Target::Organization => organization.uuid(),
        Target::Area(id) => id.uuid(),
        Target::Team(id) => id.uuid(),
        Target::Client(id) => id.uuid(),
        Target::Site(id) => id.uuid(),
    }
}

/// A stored target.
pub(crate) fn stored(dimension: i64, id: Uuid) -> Option<Target> {
    Some(match Reach::try_from(dimension).ok()? {
        Reach::Organization => Target::Organization,
        Reach::Area => Target::Area(AreaId::from_uuid(id)),
        Reach::Team => Target::Team(TeamId::from_uuid(id)),
        Reach::Client => Target::Client(ClientId::from_uuid(id)),
        Reach::Site => Target::Site(SiteId::from_uuid(id)),
        Reach::Own => return None,
    })
}

/// Where the sites among some targets lie, and whose guests the teams are.
///
/// # Errors
/// The store's.
pub(crate) async fn hierarchy(
    store: &Store,
    organization: OrganizationId,
    targets: impl IntoIterator<Item = Target>,
) -> Result<Hierarchy> {
    let (mut sites, mut teams) = (Vec::new(), Vec::new());
    for target in targets {
        match target {
            Target::Site(id) => sites.push(id.uuid()),
            Target::Team(id) => teams.push(id.uuid()),
            _ => {}
        }
    }
    for ids in [&mut sites, &mut teams] {
        ids.sort_unstable();
        ids.dedup();
    }
    let mut found = Hierarchy::default();
    for (site, client, area) in query::places_of(store, organization, &sites).await? {
        found.client_of.insert(site, client);
        if let Some(area) = area {
            found.area_of.insert(site, area);
        }
    }
    found.client_of_team.extend(query::clients_of_teams(store, organization, &teams).await?);
    Ok(found)
}

/// The same within a request, with the organization's roles: for the questions about rights.
///
/// # Errors
/// The store's.
pub(crate) async fn around(ctx: &web::Ctx, targets: impl IntoIterator<Item = Target>) -> Result<Hierarchy> {
    let found = hierarchy(ctx.store(), ctx.who.organization, targets).await?;
    Ok(Hierarchy { roles: ctx.roles().await?, ..found })
}

/// Where a person stands, told from the targets of their roles. It decides who of the narrower administrators may
/// look after them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placement {
    /// Outsiders are kept to these. The first is the company they are listed under.
    pub(crate) clients: Vec<ClientId>,
    /// The one site, if it is one: whoever looks after a site looks after people of nothing but that site.
    pub(crate) site: Option<SiteId>,
    /// The one team.
    pub(crate) team: Option<TeamId>,
    /// The one area.
    pub(crate) area: Option<AreaId>,
}

/// Places somebody by all their targets. `named` are clients they belong to besides.
pub(crate) fn place(
    audience: Audience,
    targets: &[Target],
    named: &[ClientId],
    hierarchy: &Hierarchy,
) -> Placement {
    let mut placement = Placement::default();
    if audience != Audience::Staff {
        placement.clients.extend(named);
        for target in targets {
            match target {
                Target::Client(id) => placement.clients.push(*id),
                Target::Team(id) => placement
                    .clients
                    .extend(hierarchy.client_of_team.get(&id.uuid()).map(|c| ClientId::from_uuid(*c))),
                Target::Site(id) => placement
                    .clients
                    .extend(hierarchy.client_of.get(&id.uuid()).map(|c| ClientId::from_uuid(*c))),
                _ => {}
            }
        }
        let mut seen = Vec::new();
        placement.clients.retain(|client| {
            let fresh = !seen.contains(client);
            seen.push(*client);
            fresh
        });
    }
    let mut distinct: Vec<Target> = targets.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    match distinct.as_slice() {
        // Staff stand at no site: whoever looks after a client's site does not look after its guards.
        [Target::Site(id)] if audience != Audience::Staff => placement.site = Some(*id),
        [Target::Team(id)] => placement.team = Some(*id),
        [Target::Area(id)] => placement.area = Some(*id),
        _ => {}
    }
    // A contractor's people stand in the company's team, wherever they work.
    if audience == Audience::Contractor {
        let mut teams = distinct.iter().filter_map(|target| match target {
            Target::Team(id) => Some(*id),
            _ => None,
        });
        placement.team = match (teams.next(), teams.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
    }
    placement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        let targets = [
            Target::Organization,
            Target::Area(AreaId::new()),
            Target::Team(TeamId::new()),
            Target::Client(ClientId::new()),
            Target::Site(SiteId::new()),
        ];
        for target in targets {
            assert_eq!(read(&word(target)), Some(target));
            assert_eq!(
                stored(target.reach().number(), key(target, OrganizationId::new())).map(Target::reach),
                Some(target.reach())
            );
        }
        for wrong in ["", "site", "site:", "site:cli_00000000000000000000000000", "moon:x", "own"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn people_of_one_site_stand_there_and_belong_to_its_client() {
        let (site, other, client) = (SiteId::new(), SiteId::new(), ClientId::new());
        let mut hierarchy = Hierarchy::default();
        hierarchy.client_of.insert(site.uuid(), client.uuid());
        hierarchy.client_of.insert(other.uuid(), client.uuid());
        let one = place(Audience::Client, &[Target::Site(site), Target::Site(site)], &[], &hierarchy);
        assert_eq!((one.clients.as_slice(), one.site), (&[client][..], Some(site)));
        let two = place(Audience::Client, &[Target::Site(site), Target::Site(other)], &[], &hierarchy);
        assert_eq!((two.clients.as_slice(), two.site), (&[client][..], None));
        let staff = place(Audience::Staff, &[Target::Site(site)], &[], &hierarchy);
        assert_eq!(staff, Placement::default());
    }
}
