//! SQL of timesheets, and nothing but SQL. Lines are made from rows of shifts and attendance as they stand in the
//! store, in the batch of what makes them.

use access::{Feature, Permit, Visibility};
use kernel::id::{MembershipId, OrganizationId, ShiftId, TimeEntryId, TimesheetId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, params};
use uuid::Uuid;

use super::model::{Basis, Hours, State, Verb};
use super::view::ChangeOut;

/// The words between a shift's row and the organization's subscription.
const SUBSCRIBED: &str = "exists (select 1 from organization_features f where f.organization_id = {t}.organization_id \
     and f.feature = {n})";

fn subscribed(alias: &str) -> String {
    SUBSCRIBED.replace("{t}", alias).replace("{n}", &Feature::Timesheets.number().to_string())
}

/// Makes, completes or brings up to date the line of an attendance that is over. The planned hours come from its
/// shift, unless an earlier attendance of that shift has taken them. What was decided, or written by hand, stays; the
/// clocked hours beside it always say what the punches say.
pub(crate) fn line_of_entry(
    batch: &mut Batch,
    organization: OrganizationId,
    entry: TimeEntryId,
    now: Timestamp,
) {
    // Somebody whose punches come late was taken for missing: the attendance joins the line of the shift.
    batch.run(
        "update timesheets set entry_id = $2 where organization_id = $1 and entry_id is null and shift_id = \
           (select e.shift_id from time_entries e where e.organization_id = $1 and e.id = $2 and e.state = 3) \
           and worker_id = (select e.worker_id from time_entries e where e.organization_id = $1 and e.id = $2) \
           and not exists (select 1 from timesheets o where o.organization_id = $1 and o.entry_id = $2)",
        params![organization, entry],
    );
    batch.taken(Error::Stale);
    batch.run(
        format!(
            "insert into timesheets (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
               zone, post, worker_id, worker_name, assignee_id, shift_id, entry_id, starts_at, planned_starts_at, \
               planned_ends_at, planned_break_minutes, basis, state, visibility, search, search_people, created_at, \
               updated_at) \
             select $3, e.organization_id, e.client_id, e.site_id, e.area_id, e.team_id, e.client_name, e.site_name, \
               e.zone, coalesce(s.post, ''), e.worker_id, e.worker_name, e.assignee_id, s.id, e.id, \
               coalesce(s.starts_at, e.started_at), s.starts_at, s.ends_at, s.break_minutes, 0, 0, $4, e.search, \
               e.search_people, $5, $5 \
             from time_entries e left join shifts s on s.organization_id = e.organization_id and s.id = e.shift_id \
               and s.state in (1, 2) and s.archived = 0 and s.worker_id = e.worker_id and not exists \
               (select 1 from timesheets o where o.organization_id = e.organization_id and o.shift_id = s.id) \
             where e.organization_id = $1 and e.id = $2 and e.state = 3 and {} and not exists \
               (select 1 from timesheets o where o.organization_id = e.organization_id and o.entry_id = e.id)",
            subscribed("e")
        ),
        params![organization, entry, TimesheetId::new(), Visibility::Held.number(), now],
    );
    // Another node made it a moment ago: look again.
    batch.taken(Error::Stale);
    batch.run(
        "update timesheets set \
           actual_starts_at = (select e.started_at from time_entries e where e.id = $2), \
           actual_ends_at = (select e.ended_at from time_entries e where e.id = $2), \
           actual_break_minutes = (select e.break_minutes from time_entries e where e.id = $2), \
           updated_at = $3, version = version + 1 \
         where organization_id = $1 and entry_id = $2 \
           and exists (select 1 from time_entries e where e.organization_id = $1 and e.id = $2 and e.state = 3)",
        params![organization, entry, now],
    );
    batch.run(
        "update timesheets set paid_starts_at = actual_starts_at, paid_ends_at = actual_ends_at, \
           paid_break_minutes = actual_break_minutes, basis = $3, visibility = $4 \
         where organization_id = $1 and entry_id = $2 and state = 0 and basis in (0, 1)",
        params![organization, entry, Basis::Clocked.number(), Visibility::Submitted.number()],
    );
}

/// Published shifts with a worker that ended between two instants and have no line yet; not those whose worker is
/// still clocked in.
pub(crate) async fn due(
    store: &Store,
    after: Timestamp,
    until: Timestamp,
    most: i64,
) -> Result<Vec<(ShiftId, OrganizationId)>> {
    store
        .all(
            &format!(
                "select s.id, s.organization_id from shifts s \
                 where s.sheet_at is null and s.worker_id is not null and s.ends_at > $1 and s.ends_at <= $2 \
                   and s.archived = 0 and s.state in (1, 2) and {} \
                   and not exists (select 1 from time_entries e where e.organization_id = s.organization_id \
                     and e.shift_id = s.id and e.state <> 3) \
                 order by s.ends_at limit $3",
                subscribed("s")
            ),
            params![after, until, most],
        )
        .await
}

/// Makes the line of a shift to which nobody came, and marks the shift as looked at; one node does.
pub(crate) fn line_of_shift(batch: &mut Batch, organization: OrganizationId, shift: ShiftId, now: Timestamp) {
    batch.guard(
        "update shifts set sheet_at = $3 where organization_id = $1 and id = $2 and sheet_at is null",
        params![organization, shift, now],
        Error::Stale,
    );
    batch.run(
        "insert into timesheets (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
           zone, post, worker_id, worker_name, assignee_id, shift_id, starts_at, planned_starts_at, planned_ends_at, \
           planned_break_minutes, basis, state, visibility, search, search_people, created_at, updated_at) \
         select $3, s.organization_id, s.client_id, s.site_id, s.area_id, s.team_id, s.client_name, s.site_name, \
           s.zone, s.post, s.worker_id, s.worker_name, s.assignee_id, s.id, s.starts_at, s.starts_at, s.ends_at, \
           s.break_minutes, 0, 0, $4, s.search, s.search_people, $5, $5 \
         from shifts s where s.organization_id = $1 and s.id = $2 and s.worker_id is not null and s.archived = 0 \
           and s.state in (1, 2) and not exists \
           (select 1 from timesheets o where o.organization_id = s.organization_id and o.shift_id = s.id)",
        params![organization, shift, TimesheetId::new(), Visibility::Held.number(), now],
    );
    batch.taken(Error::Stale);
}

/// What is done to a line, by whom.
pub(super) struct Done<'a> {
    pub(super) sheet: TimesheetId,
    pub(super) by: (MembershipId, &'a str, &'a str),
    pub(super) verb: Verb,
    pub(super) note: &'a str,
    pub(super) before: Option<Hours>,
    pub(super) after: Option<Hours>,
    pub(super) now: Timestamp,
}

pub(super) fn insert_change(batch: &mut Batch, permit: &Permit, done: &Done<'_>) {
    let (membership, by, role) = done.by;
    batch.run(
        "insert into timesheet_changes (id, organization_id, timesheet_id, at, membership_id, by_name, by_role, verb, \
           note, starts_before, ends_before, break_before, starts_after, ends_after, break_after) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            Uuid::now_v7(),
            permit.organization(),
            done.sheet,
            done.now,
            membership,
            by,
            role,
            done.verb.number(),
            done.note,
            done.before.map(|h| h.starts_at),
            done.before.map(|h| h.ends_at),
            done.before.map(|h| h.break_minutes),
            done.after.map(|h| h.starts_at),
            done.after.map(|h| h.ends_at),
            done.after.map(|h| h.break_minutes)
        ],
    );
}

/// What was done to a line that was found within the plan, oldest first.
pub(super) async fn changes(
    store: &Store,
    organization: OrganizationId,
    sheet: TimesheetId,
) -> Result<Vec<ChangeOut>> {
    store
        .all(
            "select at, by_name, by_role, verb, note, starts_before, ends_before, break_before, starts_after, \
               ends_after, break_after \
             from timesheet_changes where organization_id = $1 and timesheet_id = $2 order by at, id",
            params![organization, sheet],
        )
        .await
}

/// How visible a line is that stands so.
pub(super) const fn visibility(state: State, held: bool) -> Visibility {
    match (state, held) {
        (State::Approved, _) => Visibility::Released,
        (_, true) => Visibility::Held,
        _ => Visibility::Submitted,
    }
}
