//! Settling a walk: what its scans say is written, and where it is over, who may see it and who hears of it.

use access::{Resource, Visibility};
use jobs::events::NewEvent;
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Result, Timestamp};
use store::{Batch, Store};

use super::evidence::{Frame, Seen, Stop, Sum, sum};
use super::mail;
use super::model::State;
use super::query::{self, Walk};

/// Notes what happened to a walk, for those who may want a message about it.
pub(super) fn note(
    batch: &mut Batch,
    organization: OrganizationId,
    record: uuid::Uuid,
    (exceptions, visibility): (bool, Visibility),
    by: Option<MembershipId>,
    at: Timestamp,
) {
    let mut topics = vec![mail::ENDED.topic];
    if exceptions {
        topics.push(mail::EXCEPTION.topic);
    }
    for topic in topics {
        jobs::events::note(
            batch,
            &NewEvent {
                organization,
                topic,
                resource: Resource::CheckpointReport.word(),
                record,
                visibility: Some(visibility.number()),
                detail: "{}",
                caused_by: by,
                at,
            },
        );
    }
}

/// Writes how a walk stands with these scans; they need no order.
#[expect(clippy::too_many_arguments, reason = "three callers, and each argument is a thing of its own")]
pub(super) async fn settle(
    store: &Store,
    batch: &mut Batch,
    organization: OrganizationId,
    walk: &Walk,
    stops: &[Stop],
    mut seen: Vec<Seen>,
    by: Option<MembershipId>,
    now: Timestamp,
) -> Result<Sum> {
    seen.sort_by_key(|one| one.at);
    let frame = Frame {
        due_until: walk.due_until,
        started_at: walk.started_at,
        stopped_at: walk.stopped_at,
        closes_at: walk.closes_at,
        least_seconds: walk.least_seconds,
        now,
    };
    let sum = sum(stops, &seen, &frame);
    let ends = walk.state == State::Walking && sum.state != State::Walking;
    let visibility = if ends {
        // What was said about reports when it ended counts; a later change of the rule hides nothing and frees nothing.
        let asks = query::approval(store, organization, walk.site).await?;
        Some(if asks { Visibility::Held } else { Visibility::Released })
    } else {
        None
    };
    query::set_sum(batch, organization, (walk.id, walk.version), &sum, visibility, now);
    if let Some(visibility) = visibility {
        note(batch, organization, walk.id.uuid(), (sum.exceptions != 0, visibility), by, now);
    }
    Ok(sum)
}
