//! What the leak test plants of access review: a campaign with one grant of somebody at the corner's site.

use access::FieldClass::{Operational, Public};
use access::{Facts, Resource};
use kernel::Result;
use kernel::id::{AssignmentId, MembershipId, ReviewId, ReviewItemId};
use store::params;
use web::canary::{Bed, Planted};

use super::model::{Decision, Scope};

/// So long until the end of the campaign, in microseconds: ten days.
const DUE: i64 = 864_000_000_000;

/// Whoever sees the grant sees the campaign.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if bed.whose.is_some() {
        return Ok(());
    }
    let facts = Facts {
        client: Some(bed.client.uuid()),
        site: Some(bed.site.uuid()),
        ..Facts::of(bed.organization.uuid())
    };
    let mut word = |what: &str, class| bed.word(what, Resource::Assignment, class, facts);
    let (name, note) = (word("name of a review", Public), word("note of a review", Public));
    let creator = word("who began a review", Operational);
    let member = word("whose grant is under review", Public);
    let (giver, decider) =
        (word("who gave a reviewed grant", Operational), word("who decided on a grant", Operational));
    let reason = word("reason of a decision on a grant", Public);
    let id = ReviewId::new();
    bed.batch.run(
        "insert into access_reviews (id, organization_id, name, note, scope, scope_word, unused_days, state, due_at, \
           created_at, created_by, created_name) values ($1, $2, $3, $4, $5, '', 90, 0, $6, $7, $8, $9)",
        params![
            id,
            bed.organization,
            name,
            note,
            Scope::Everything.number(),
            bed.now.as_microsecond() + DUE,
            bed.now,
            MembershipId::new(),
            creator
        ],
    );
    bed.batch.run(
        "insert into access_review_items (id, organization_id, review_id, assignment_id, membership_id, member_name, \
           search, audience, client_id, site_id, role_key, role_name, targets, granted_by_name, granted_at, proposed, \
           is_proposed, decision, decided_at, decided_name, reason) \
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, 'site_user', 'Site User', $10, $11, $12, '', 0, $13, $12, $14, \
           $15)",
        params![
            ReviewItemId::new(),
            bed.organization,
            id,
            AssignmentId::new(),
            MembershipId::new(),
            member.as_str(),
            store::fold(&member),
            bed.client,
            bed.site,
            format!("site:{}", bed.site),
            giver,
            bed.now,
            Decision::Confirmed.number(),
            decider,
            reason
        ],
    );
    bed.record(Planted::new(
        id.to_string(),
        format!("a review at {}", bed.label),
        Resource::Assignment,
        facts,
    ));
    Ok(())
}
