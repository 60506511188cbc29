//! Who read an incident.

use kernel::id::{IncidentId, MembershipId};
use kernel::{Audience, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::reads::{How, Reader};
use web::Ctx;

use crate::incidents;

/// How many the incident's own page names.
pub(super) const FEW: usize = 6;
/// How many are named at all; one person counts once for each way of reading.
const MOST: usize = 1000;

/// Somebody who read it, in one way.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReaderOut {
    /// Their membership.
    pub membership: MembershipId,
    /// Their name then.
    pub name: String,
    /// Their roles then.
    pub roles: String,
    /// On which side they stood.
    pub side: Audience,
    /// `page`, `api`, `file` or `export`.
    pub how: String,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// From where, the last time.
    pub address: String,
    /// How often.
    pub times: i64,
    #[serde(skip)]
    pub(super) way: &'static str,
}

impl From<Reader> for ReaderOut {
    fn from(reader: Reader) -> Self {
        Self {
            membership: reader.membership,
            name: reader.name,
            roles: reader.roles,
            side: reader.audience,
            how: reader.how.word().to_owned(),
            first: reader.first,
            last: reader.last,
            address: reader.address,
            times: reader.times,
            way: match reader.how {
                How::Page => "opened the page",
                How::Api => "read it with a token",
                How::File => "opened a photo or file",
                How::Export => "took it away in an export",
            },
        }
    }
}

pub(super) async fn readers(ctx: &Ctx, id: IncidentId, most: usize) -> Result<Vec<ReaderOut>> {
    let found = store::reads::readers(ctx.store(), ctx.who.organization, id.uuid(), most).await?;
    Ok(found.into_iter().map(ReaderOut::from).collect())
}

/// An incident within the plan, and who read it, for those who may read the journal about it.
pub(super) async fn list(ctx: &Ctx, id: IncidentId) -> Result<(String, Vec<ReaderOut>)> {
    let (incident, facts) = incidents::find(ctx, id).await?;
    ctx.plan.permit(web::journal::AUDIT, &facts)?;
    Ok((incidents::label(&incident), readers(ctx, id, MOST).await?))
}
