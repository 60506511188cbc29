//! SQL of campaigns, and nothing but SQL.

use std::collections::HashMap;

use access::{FieldClass, Permit, Resource};
use kernel::id::{AssignmentId, MembershipId, OrganizationId, ReviewId, ReviewItemId};
use kernel::text::EmailAddress;
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, Value, params};

use super::model::{Decision, Draft, ReviewerOut};
use super::snapshot::Snapped;

const OPEN: FieldClass = FieldClass::Public;
/// Outsiders are not told the names of staff.
const STAFF: FieldClass = FieldClass::Operational;

pub(super) static REVIEWS: Table = Table {
    resource: Resource::Assignment,
    name: "access_reviews",
    fields: &[
        field("id", "t.id", OPEN),
        field("name", "t.name", OPEN),
        field("note", "t.note", OPEN),
        field("scope", "t.scope", OPEN),
        field("scope_word", "t.scope_word", OPEN),
        field("unused_days", "t.unused_days", OPEN),
        field("closed", "t.state", OPEN),
        field("due", "t.due_at", OPEN),
        field("created_at", "t.created_at", OPEN),
        field("created_by", "t.created_name", STAFF),
        field("creator", "t.created_by", OPEN),
        field("closed_at", "t.closed_at", OPEN),
        field("closed_by", "t.closed_name", STAFF),
        field("closed_as", "t.closed_roles", STAFF),
        field("closing_note", "t.closing_note", STAFF),
        field("version", "t.version", OPEN),
        field("seal", "t.seal", OPEN),
    ],
    joins: "",
    orders: &[Order { name: "created", column: "created_at", text: false, descending: true, class: OPEN }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

/// Is the grant still held? 1 or 0; without a join, so that filters and counts may ask.
const THERE: &str = "cast(case when exists (select 1 from assignments a where a.id = t.assignment_id) then 1 else 0 end as bigint)";

pub(super) static ITEMS: Table = Table {
    resource: Resource::Assignment,
    name: "access_review_items",
    fields: &[
        field("id", "t.id", OPEN),
        field("review", "t.review_id", OPEN),
        field("assignment", "t.assignment_id", OPEN),
        field("member", "t.membership_id", OPEN),
        field("member_name", "t.member_name", OPEN),
        field("audience", "t.audience", OPEN),
        field("role", "t.role_key", OPEN),
        field("targets", "t.targets", OPEN),
        field("role_name", "t.role_name", OPEN),
        field("from", "t.from_at", OPEN),
        field("until", "t.until_at", OPEN),
        field("given_at", "t.granted_at", OPEN),
        field("used_at", "t.used_at", OPEN),
        field("decision", "t.decision", OPEN),
        field("decided_at", "t.decided_at", OPEN),
        field("reason", "t.reason", OPEN),
        field("proposed", "t.proposed", OPEN),
        field("there", THERE, OPEN),
        field("given_by", "t.granted_by_name", STAFF),
        field("decided_by", "t.decided_name", STAFF),
        field("organization", "t.organization_id", OPEN),
        field("client", "t.client_id", OPEN),
        field("site", "t.site_id", OPEN),
        field("team", "t.team_id", OPEN),
        field("area", "t.area_id", OPEN),
        field("is_proposed", "t.is_proposed", OPEN),
    ],
    joins: "",
    orders: &[Order { name: "member", column: "search", text: true, descending: false, class: OPEN }],
    search: &[("t.search", OPEN)],
    keys: Keys::PLACED,
    visibility_in_index: false,
};

pub(super) fn insert(batch: &mut Batch, ctx: &web::Ctx, id: ReviewId, draft: &Draft) {
    batch.run(
        "insert into access_reviews (id, organization_id, name, note, scope, scope_word, unused_days, state, due_at, \
           created_at, created_by, created_name) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)",
        params![
            id,
            ctx.who.organization,
            &draft.name,
            &draft.note,
            draft.about.scope().number(),
            draft.about.word(),
            draft.unused_days,
            draft.due,
            ctx.now(),
            ctx.who.membership,
            ctx.who.name.as_str()
        ],
    );
}

/// Who decides, from now on.
pub(super) fn set_reviewers(
    batch: &mut Batch,
    organization: OrganizationId,
    id: ReviewId,
    reviewers: &[(MembershipId, String)],
    reminded: Option<Timestamp>,
) {
    for (member, name) in reviewers {
        batch.run(
            "insert into access_review_reviewers (organization_id, review_id, membership_id, name, reminded_at) \
             values ($1, $2, $3, $4, $5) on conflict do nothing",
            params![organization, id, *member, name.as_str(), reminded],
        );
    }
}

pub(super) fn drop_reviewers(
    batch: &mut Batch,
    organization: OrganizationId,
    id: ReviewId,
    gone: &[MembershipId],
) {
    for member in gone {
        batch.run(
            "delete from access_review_reviewers where organization_id = $1 and review_id = $2 and membership_id = $3",
            params![organization, id, *member],
        );
    }
}

/// Rows of one statement.
const TOGETHER: usize = 40;

pub(super) fn insert_items(batch: &mut Batch, organization: OrganizationId, id: ReviewId, items: &[Snapped]) {
    for rows in items.chunks(TOGETHER) {
        let mut values: Vec<Value> = Vec::new();
        let mut places = Vec::new();
        for item in rows {
            let from = values.len();
            values.extend(params![
                ReviewItemId::new(),
                organization,
                id,
                item.assignment,
                item.member,
                item.member_name.as_str(),
                store::fold(&format!("{} {}", item.member_name, item.role_name)),
                item.audience.number(),
                item.facts.client,
                item.facts.site,
                item.facts.team,
                item.facts.area,
                item.role.as_str(),
                item.role_name.as_str(),
                item.targets.join(" "),
                item.from,
                item.until,
                item.granted_by_name.as_str(),
                item.granted_at,
                item.used_at,
                item.proposed.as_str(),
                i64::from(!item.proposed.is_empty())
            ]);
            let numbers: Vec<String> = (from + 1..=values.len()).map(|n| format!("${n}")).collect();
            places.push(format!("({})", numbers.join(", ")));
        }
        batch.run(
            format!(
                "insert into access_review_items (id, organization_id, review_id, assignment_id, membership_id, \
                   member_name, search, audience, client_id, site_id, team_id, area_id, role_key, role_name, targets, \
                   from_at, until_at, granted_by_name, granted_at, used_at, proposed, is_proposed) values {}",
                places.join(", ")
            ),
            values,
        );
    }
}

pub(super) async fn reviewers(
    store: &Store,
    organization: OrganizationId,
    id: ReviewId,
) -> Result<Vec<ReviewerOut>> {
    store
        .all(
            "select membership_id, name, reminded_at from access_review_reviewers \
             where organization_id = $1 and review_id = $2 order by name, membership_id",
            params![organization, id],
        )
        .await
}

/// The campaigns among these in which somebody was asked to decide.
pub(super) async fn asked_of(
    store: &Store,
    organization: OrganizationId,
    member: MembershipId,
) -> Result<Vec<(ReviewId,)>> {
    store
        .all(
            "select review_id from access_review_reviewers where organization_id = $1 and membership_id = $2",
            params![organization, member],
        )
        .await
}

/// Nobody decides in a campaign that was closed; a decision makes what others have read of it stale.
pub(super) fn guard_running(batch: &mut Batch, organization: OrganizationId, id: ReviewId) {
    batch.guard(
        "update access_reviews set version = version + 1 where organization_id = $1 and id = $2 and state = 0",
        params![organization, id],
        Error::conflict("This campaign was closed."),
    );
}

/// A decision on a grant.
pub(super) struct Decided<'a> {
    pub(super) decision: Decision,
    pub(super) at: Timestamp,
    pub(super) by: MembershipId,
    pub(super) name: &'a str,
    pub(super) reason: &'a str,
}

pub(super) fn decide(batch: &mut Batch, permit: &Permit, item: ReviewItemId, decided: &Decided<'_>) {
    batch.guard(
        "update access_review_items set decision = $3, decided_at = $4, decided_by = $5, decided_name = $6, reason = $7 \
         where organization_id = $1 and id = $2 and decision <> 2",
        params![
            permit.organization(),
            item,
            decided.decision.number(),
            decided.at,
            decided.by,
            decided.name,
            decided.reason
        ],
        Error::conflict("Somebody revoked this just now."),
    );
}

/// What nobody decided on, once a campaign ends: gone meanwhile, or left undecided.
pub(super) fn settle(batch: &mut Batch, organization: OrganizationId, id: ReviewId) {
    batch.run(
        "update access_review_items set decision = case when exists \
           (select 1 from assignments a where a.id = access_review_items.assignment_id) then 4 else 3 end \
         where organization_id = $1 and review_id = $2 and decision = 0",
        params![organization, id],
    );
}

/// The end of a campaign.
pub(super) struct Closing<'a> {
    pub(super) at: Timestamp,
    pub(super) by: MembershipId,
    pub(super) name: &'a str,
    pub(super) roles: &'a str,
    pub(super) note: &'a str,
    pub(super) seal: [u8; 32],
}

pub(super) fn close(
    batch: &mut Batch,
    organization: OrganizationId,
    id: ReviewId,
    version: i64,
    end: &Closing<'_>,
) {
    batch.guard(
        "update access_reviews set state = 1, closed_at = $4, closed_by = $5, closed_name = $6, closed_roles = $7, \
           closing_note = $8, seal = $9, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3 and state = 0",
        params![organization, id, version, end.at, end.by, end.name, end.roles, end.note, end.seal],
        Error::Stale,
    );
}

/// What a seal covers, in a fixed order: grant, decision, when, by whom, why.
pub(super) type Sealed =
    (ReviewItemId, AssignmentId, i64, Option<Timestamp>, Option<MembershipId>, String, i64);

/// Every grant of a campaign as it will stand once it is closed. The last number says whether it is still held.
pub(super) async fn sealed(store: &Store, organization: OrganizationId, id: ReviewId) -> Result<Vec<Sealed>> {
    store
        .all(
            "select t.id, t.assignment_id, t.decision, t.decided_at, t.decided_by, t.reason, \
               cast(case when a.id is null then 0 else 1 end as bigint) \
             from access_review_items t left join assignments a on a.id = t.assignment_id \
             where t.organization_id = $1 and t.review_id = $2 order by t.id",
            params![organization, id],
        )
        .await
}

pub(super) fn reminded(
    batch: &mut Batch,
    organization: OrganizationId,
    id: ReviewId,
    member: MembershipId,
    at: Timestamp,
) {
    batch.run(
        "update access_review_reviewers set reminded_at = $4 \
         where organization_id = $1 and review_id = $2 and membership_id = $3",
        params![organization, id, member, at],
    );
}

/// Where and under which name a member gets mail, if they may sign in.
pub(super) async fn mailbox(
    store: &Store,
    organization: OrganizationId,
    member: MembershipId,
) -> Result<Option<EmailAddress>> {
    let found: Option<(String,)> = store
        .first(
            "select a.email from memberships m join accounts a on a.id = m.account_id \
             where m.organization_id = $1 and m.id = $2 and m.active = 1 and m.entry = 2 and a.archived_at is null",
            params![organization, member],
        )
        .await?;
    Ok(found.and_then(|(email,)| email.parse().ok()))
}

/// Campaigns that run and are due before an instant, with what a letter about them says.
pub(super) async fn due(store: &Store, before: Timestamp) -> Result<Vec<(OrganizationId, ReviewId)>> {
    store
        .all(
            "select organization_id, id from access_reviews where state = 0 and due_at < $1 order by due_at, id",
            params![before],
        )
        .await
}

/// What a letter says of a campaign: organization's name and hue and zone, the campaign's name, its day, the asker's name.
pub(super) async fn letter(
    store: &Store,
    organization: OrganizationId,
    id: ReviewId,
) -> Result<(String, i64, String, String, Timestamp, String)> {
    store
        .one(
            "select o.name, o.hue, o.zone, r.name, r.due_at, r.created_name from access_reviews r \
             join organizations o on o.id = r.organization_id where r.organization_id = $1 and r.id = $2",
            params![organization, id],
        )
        .await
}

/// When people last came through which door.
pub(super) async fn uses(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
) -> Result<HashMap<MembershipId, Vec<(i64, Timestamp)>>> {
    let mut found: HashMap<MembershipId, Vec<(i64, Timestamp)>> = HashMap::new();
    for some in members.chunks(200) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let mut values = params![organization];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let rows: Vec<(MembershipId, i64, Timestamp)> = store
            .all(
                &format!(
                    "select membership_id, door, used_at from door_uses \
                     where organization_id = $1 and membership_id in ({})",
                    places.join(", ")
                ),
                values,
            )
            .await?;
        for (member, door, at) in rows {
            found.entry(member).or_default().push((door, at));
        }
    }
    Ok(found)
}

/// What people that were found within the plan still hold: sessions, tokens, roles in force or to come.
pub(super) async fn still_holding(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
    now: Timestamp,
) -> Result<HashMap<MembershipId, (i64, i64, i64, i64)>> {
    let mut found = HashMap::new();
    for some in members.chunks(200) {
        let places: Vec<String> = (3..some.len() + 3).map(|n| format!("${n}")).collect();
        let mut values = params![organization, now];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let rows: Vec<(MembershipId, i64, i64, i64, i64)> = store
            .all(
                &format!(
                    "select m.id, \
                       (select count(*) from sessions s where s.membership_id = m.id and s.revoked_at is null and s.expires_at > $2), \
                       (select count(*) from api_tokens t where t.membership_id = m.id and t.revoked_at is null and t.expires_at > $2), \
                       (select count(*) from assignments g where g.membership_id = m.id and (g.from_at is null or g.from_at <= $2) \
                          and (g.until_at is null or g.until_at > $2)), \
                       (select count(*) from assignments g where g.membership_id = m.id and g.from_at > $2) \
                     from memberships m where m.organization_id = $1 and m.id in ({})",
                    places.join(", ")
                ),
                values,
            )
            .await?;
        found.extend(
            rows.into_iter().map(|(id, sessions, tokens, now, later)| (id, (sessions, tokens, now, later))),
        );
    }
    Ok(found)
}

/// The memberships that are the login of a worker who was put away.
pub(super) async fn logins_of_archived_workers(
    store: &Store,
    organization: OrganizationId,
) -> Result<Vec<(MembershipId,)>> {
    store
        .all(
            "select w.membership_id from workers w join memberships m on m.id = w.membership_id \
             where w.organization_id = $1 and w.archived = 1 and m.active = 1 order by w.archived_at desc limit 1000",
            params![organization],
        )
        .await
}

/// The active memberships of people whose sign-in is archived.
pub(super) async fn archived_accounts(
    store: &Store,
    organization: OrganizationId,
) -> Result<Vec<(MembershipId,)>> {
    store
        .all(
            "select m.id from memberships m join accounts a on a.id = m.account_id \
             where m.organization_id = $1 and m.active = 1 and a.archived_at is not null \
             order by a.archived_at desc limit 1000",
            params![organization],
        )
        .await
}
