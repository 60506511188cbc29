//! A world: two organizations with everything that bears on who may do what, as rows, the way a database holds it.

use access::{Assignment, Authority, Facts, Feature, Hierarchy, Plan, Switch};
use kernel::id::{AreaId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Timestamp};
use uuid::Uuid;

/// Two organizations at an instant.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// The instant.
    pub now: Timestamp,
    /// The organizations. Nothing of one may show in the other.
    pub tenants: Vec<Tenant>,
}

/// One organization.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Which one.
    pub id: OrganizationId,
    /// Its live features.
    pub features: Vec<Feature>,
    /// Its switches that are on.
    pub switches: Vec<Switch>,
    /// Its territories.
    pub areas: Vec<AreaId>,
    /// Its groups of workers.
    pub teams: Vec<TeamId>,
    /// The companies that buy from it.
    pub clients: Vec<ClientId>,
    /// Its places of work.
    pub sites: Vec<Place>,
    /// Its people.
    pub members: Vec<Member>,
    /// Its records, of no particular resource: each is tried with every permission.
    pub records: Vec<Record>,
}

/// A site as it lies now. Records remember an earlier client.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which one.
    pub id: SiteId,
    /// Whose it is now.
    pub client: ClientId,
    /// Where it lies.
    pub area: Option<AreaId>,
}

/// One membership.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which one.
    pub id: MembershipId,
    /// Its side.
    pub audience: Audience,
    /// Not deactivated.
    pub active: bool,
    /// The clients it belongs to.
    pub clients: Vec<ClientId>,
    /// A contractor of the organization itself.
    pub subcontractor: bool,
    /// See `Authority`.
    pub share_all: bool,
    /// See `Authority`.
    pub live_clock_ins: bool,
    /// What was given.
    pub assignments: Vec<Assignment>,
}

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which one.
    pub id: Uuid,
    /// What decisions see of it.
    pub facts: Facts,
    /// When it happened, microseconds since 1970; several may share an instant.
    pub at: i64,
}

impl Tenant {
    /// What `access` needs to know of a member.
    #[must_use]
    pub fn authority(&self, member: &Member) -> Authority {
        Authority {
            organization: self.id,
            membership: member.id,
            audience: member.audience,
            active: member.active,
            clients: member.clients.clone(),
            subcontractor: member.subcontractor,
            share_all: member.share_all,
            live_clock_ins: member.live_clock_ins,
            assignments: member.assignments.clone(),
            switches: self.switches.iter().copied().collect(),
            features: self.features.iter().copied().collect(),
            epoch: 1,
        }
    }

    /// A member's plan.
    #[must_use]
    pub fn plan(&self, member: &Member, now: Timestamp) -> Plan {
        self.authority(member).compile(now)
    }

    /// Where the sites lie now.
    #[must_use]
    pub fn hierarchy(&self) -> Hierarchy {
        Hierarchy {
            client_of: self.sites.iter().map(|s| (s.id.uuid(), s.client.uuid())).collect(),
            area_of: self.sites.iter().filter_map(|s| Some((s.id.uuid(), s.area?.uuid()))).collect(),
            client_of_team: self
                .teams
                .iter()
                .zip(&self.clients)
                .map(|(team, client)| (team.uuid(), client.uuid()))
                .collect(),
            ..Hierarchy::default()
        }
    }
}

impl World {
    /// Every member with its tenant.
    pub fn members(&self) -> impl Iterator<Item = (&Tenant, &Member)> {
        self.tenants.iter().flat_map(|tenant| tenant.members.iter().map(move |member| (tenant, member)))
    }

    /// The records of a tenant, and a few of the other one, which nobody here may meet.
    pub fn around(&self, tenant: &Tenant) -> impl Iterator<Item = &Record> {
        let id = tenant.id;
        self.tenants.iter().flat_map(move |t| t.records.iter().take(if t.id == id { usize::MAX } else { 2 }))
    }

    /// Every record, of whatever tenant.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.tenants.iter().flat_map(|tenant| tenant.records.iter())
    }
}
