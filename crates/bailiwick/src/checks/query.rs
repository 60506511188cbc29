//! SQL of leak tests.

use access::{FieldClass, Permit, Resource};
use kernel::id::AccessCheckId;
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::State;

pub(super) static CHECKS: Table = Table {
    resource: Resource::Audit,
    name: "access_checks",
    fields: &[
        field("id", "t.id", FieldClass::Operational),
        field("started_at", "t.started_at", FieldClass::Operational),
        field("started_by", "t.started_by", FieldClass::Operational),
        field("state", "t.state", FieldClass::Operational),
        field("done", "t.done", FieldClass::Operational),
        field("total", "t.total", FieldClass::Operational),
        field("finished_at", "t.finished_at", FieldClass::Operational),
        field("questions", "t.questions", FieldClass::Operational),
        field("leaks", "t.leaks", FieldClass::Operational),
        field("failure", "t.failure", FieldClass::Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "started",
        column: "started_at",
        text: false,
        descending: true,
        class: FieldClass::Operational,
    }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

/// A run that did not move for so long, in microseconds, has died with its process: half an hour.
const DEAD: i64 = 1_800_000_000;

/// Begins a run, unless one is under way in the organization.
pub(super) fn begin(batch: &mut Batch, permit: &Permit, id: AccessCheckId, by: &str, now: Timestamp) {
    batch.run(
        "update access_checks set state = $2, failure = 'The program was stopped meanwhile.', finished_at = $3 \
         where organization_id = $1 and state = 0 and started_at < $4",
        params![permit.organization(), State::Failed.number(), now, now.as_microsecond() - DEAD],
    );
    batch.guard(
        "insert into access_checks (id, organization_id, started_at, started_by) select $1, $2, $3, $4 \
         where not exists (select 1 from access_checks where organization_id = $2 and state = 0)",
        params![id, permit.organization(), now, by],
        Error::conflict("A leak test is under way already. Wait for it to end."),
    );
}

pub(super) fn progress(batch: &mut Batch, id: AccessCheckId, done: usize, total: usize) {
    batch.run(
        "update access_checks set done = $2, total = $3 where id = $1",
        params![id, i64::try_from(done).unwrap_or(i64::MAX), i64::try_from(total).unwrap_or(i64::MAX)],
    );
}

pub(super) fn end(
    batch: &mut Batch,
    id: AccessCheckId,
    state: State,
    (questions, leaks): (u64, usize),
    report: &str,
    now: Timestamp,
) {
    batch.run(
        "update access_checks set state = $2, questions = $3, leaks = $4, report = $5, finished_at = $6 where id = $1",
        params![
            id,
            state.number(),
            i64::try_from(questions).unwrap_or(i64::MAX),
            i64::try_from(leaks).unwrap_or(i64::MAX),
            report,
            now
        ],
    );
}

pub(super) fn fail(batch: &mut Batch, id: AccessCheckId, why: &str, now: Timestamp) {
    batch.run(
        "update access_checks set state = $2, failure = $3, finished_at = $4 where id = $1",
        params![id, State::Failed.number(), why, now],
    );
}

/// The signed report of a run that was found within the plan.
pub(super) async fn report(store: &Store, id: AccessCheckId) -> Result<String> {
    let (report,): (String,) =
        store.one("select report from access_checks where id = $1", params![id]).await?;
    Ok(report)
}
