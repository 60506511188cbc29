//! Places and workers without HTTP: for the command line, imports and the demo world. Nobody is asked for permission
//! here; whoever runs the program may do this. What is stored is what a form would have stored.
//!
//! Everything goes into a batch of the caller's, so that a world is made in few commits. A name that is taken undoes
//! the batch with a message at `name`.

use kernel::Timestamp;
use kernel::id::{AreaId, ClientId, ContractorId, OrganizationId, SiteId, TeamId, WorkerId};
use store::{Batch, Slot};

pub use crate::areas::model::AreaDraft;
pub use crate::clients::model::ClientDraft;
pub use crate::contractors::{ContractorDraft, ContractorKind};
pub use crate::sites::model::{ReportOptions, SiteDraft, SiteKind, Zone};
pub use crate::teams::model::{TeamDraft, TeamKind};
pub use crate::workers::model::WorkerDraft;
use crate::{areas, clients, contractors, sites, teams, workers};

/// Adds a client.
pub fn client(
    batch: &mut Batch,
    organization: OrganizationId,
    draft: &ClientDraft,
    now: Timestamp,
) -> ClientId {
    let id = ClientId::new();
    clients::query::put(batch, organization, id, draft, draft.name.as_str(), now);
    id
}

/// Adds an area.
pub fn area(batch: &mut Batch, organization: OrganizationId, draft: &AreaDraft, now: Timestamp) -> AreaId {
    let id = AreaId::new();
    areas::query::put(batch, organization, id, draft, draft.name.as_str(), now);
    id
}

/// Adds a team.
pub fn team(batch: &mut Batch, organization: OrganizationId, draft: &TeamDraft, now: Timestamp) -> TeamId {
    let id = TeamId::new();
    teams::query::put(batch, organization, id, draft, draft.name.as_str(), now);
    id
}

/// Adds a contractor with a team of its own, called like it: a guest of a client, or without one a subcontractor.
pub fn contractor(
    batch: &mut Batch,
    organization: OrganizationId,
    client: Option<ClientId>,
    draft: &ContractorDraft,
    now: Timestamp,
) -> (ContractorId, TeamId) {
    let (id, team) = (ContractorId::new(), TeamId::new());
    let kind = if client.is_some() { ContractorKind::Guest } else { ContractorKind::Subcontractor };
    let team_name = draft.name.as_str();
    let new = contractors::query::New { id, team, team_name, kind, client, draft, now };
    contractors::query::put(batch, organization, &new);
    (id, team)
}

/// Adds a site. Its client and area must be there or in the batch before it.
pub fn site(batch: &mut Batch, organization: OrganizationId, draft: &SiteDraft, now: Timestamp) -> SiteId {
    let id = SiteId::new();
    sites::query::put(batch, organization, id, draft, draft.name.as_str(), now);
    id
}

/// Adds a site unless its client has one of this name: an import that is run again adds nothing twice. Whether it
/// was new is what the slot touched.
pub fn site_if_new(
    batch: &mut Batch,
    organization: OrganizationId,
    draft: &SiteDraft,
    now: Timestamp,
) -> (SiteId, Slot) {
    let id = SiteId::new();
    (id, sites::query::put_new(batch, organization, id, draft, now))
}

/// Adds a worker. Team, client and membership must be there or in the batch before them.
pub fn worker(
    batch: &mut Batch,
    organization: OrganizationId,
    draft: &WorkerDraft,
    now: Timestamp,
) -> WorkerId {
    let id = WorkerId::new();
    workers::query::put(batch, organization, id, draft, now);
    id
}
