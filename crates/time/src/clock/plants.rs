//! What the leak test plants of attendance: somebody at work, somebody who went home, with punches and a correction.

use access::FieldClass::{Location, Operational, People, Public};
use access::{Facts, Resource};
use kernel::id::TimeEntryId;
use kernel::{Audience, Error, Result, Timestamp};
use store::params;
use uuid::Uuid;
use web::canary::{Bed, Place, Planted};

use super::model::{Kind, Standing};

const ENTRY: Resource = Resource::TimeEntry;
/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// Attendance of a corner's worker; or of somebody's own.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    match bed.whose {
        None => {
            entry(bed, Standing::Working)?;
            entry(bed, Standing::Done)
        }
        Some(whose) if whose.audience == Audience::Staff => entry(bed, Standing::Done),
        Some(_) => Ok(()),
    }
}

fn entry(bed: &mut Bed<'_>, standing: Standing) -> Result<()> {
    let own = bed.whose.map(|whose| whose.membership.uuid());
    let facts = Facts { team: Some(bed.team.uuid()), assignee: own, ..bed.facts() };
    let what = |field: &str| match own {
        Some(_) => format!("{field} of one's own attendance"),
        None => format!("{field} of an attendance that is {standing}"),
    };
    let note = bed.word(&what("note"), ENTRY, Operational, facts);
    let called = bed.whose.map_or(bed.worker_name, |whose| whose.name).to_owned();
    let (site, client) = (bed.site_name.to_owned(), bed.client_name.to_owned());
    bed.stands(&called, ENTRY, People, facts);
    bed.stands(&site, ENTRY, Public, facts);
    bed.stands(&client, ENTRY, Operational, facts);
    // Being at work opens no board.
    let live = Facts { assignee: None, ..facts };
    let on_board = standing == Standing::Working;
    if on_board {
        bed.stands(&called, Resource::LiveBoard, People, live);
        bed.stands(&site, Resource::LiveBoard, Public, live);
    }
    let at = |hours: i64| {
        Timestamp::from_microsecond(bed.now.as_microsecond() - hours * HOUR).map_err(Error::internal)
    };
    let (came, left) = (at(3)?, at(1)?);
    let left = (standing == Standing::Done).then_some(left);
    let id = TimeEntryId::new();
    bed.batch.run(
        "insert into time_entries (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
           zone, worker_id, worker_name, assignee_id, attendance, started_at, ended_at, state, note, search, \
           search_people, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'UTC', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $13, $13)",
        params![
            id,
            bed.organization,
            bed.client,
            bed.site,
            bed.area,
            bed.team,
            client.as_str(),
            site.as_str(),
            bed.worker,
            called.as_str(),
            own,
            id.to_string(),
            came,
            left,
            standing.number(),
            note,
            store::fold(&format!("{site} {client}")),
            store::fold(&called)
        ],
    );
    for (kind, at) in [(Kind::In, Some(came)), (Kind::Out, left)] {
        let Some(at) = at else { continue };
        let latitude = bed.latitude(&what("position of a punch"), ENTRY, Location, facts);
        let by = bed.word(&what("who punched"), ENTRY, People, facts);
        let reason = bed.word(&what("reason of a punch"), ENTRY, Operational, facts);
        let device = bed.word(&what("device of a punch"), ENTRY, Operational, facts);
        bed.batch.run(
            "insert into punches (id, organization_id, entry_id, membership_id, by_name, kind, at, device_at, server_at, \
               source, latitude, longitude, inside, reason, device, key) \
             values ($1, $2, $3, $4, $5, $6, $7, $7, $7, 0, $8, 77.0, 0, $9, $10, $11)",
            params![
                Uuid::now_v7(),
                bed.organization,
                id,
                own,
                by,
                kind.number(),
                at,
                latitude,
                reason,
                device,
                Uuid::new_v4().to_string()
            ],
        );
    }
    if let Some(left) = left {
        correction(bed, id, facts, (came, left));
    }
    let stage = if own.is_some() { "somebody's own".to_owned() } else { standing.to_string() };
    let told = Place { resource: Resource::LiveBoard, class: Public, facts: live, by: None };
    bed.record(Planted {
        told: if on_board { vec![told] } else { Vec::new() },
        ..Planted::new(id.to_string(), format!("an attendance, {stage}, at {}", bed.label), ENTRY, facts)
    });
    Ok(())
}

fn correction(bed: &mut Bed<'_>, id: TimeEntryId, facts: Facts, (came, left): (Timestamp, Timestamp)) {
    let by = bed.word("who corrected an attendance", ENTRY, People, facts);
    let role = bed.word("role of who corrected an attendance", ENTRY, People, facts);
    let note = bed.word("note of a correction", ENTRY, Operational, facts);
    bed.batch.run(
        "insert into time_corrections (id, organization_id, entry_id, at, by_name, by_role, note, started_before, \
           ended_before, break_before, started_after, ended_after, break_after) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $8, $9, 5)",
        params![Uuid::now_v7(), bed.organization, id, bed.now, by, role, note, came, left],
    );
}
