//! What the program's own doors put in place without a request: the schedule of the demo world.

use access::{Facts, Visibility};
use jiff::Span;
use kernel::id::{MembershipId, OrganizationId, ShiftId, SiteId, TimeEntryId, TimesheetId, WorkerId};
use kernel::{Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::choices::WorkerChoice;
use crate::query::Place;
use crate::shifts::query::{Stamp, put};
use crate::shifts::setup::{Draft, State};
use crate::timesheets::query as timesheets;
use crate::week::{self, Week};

struct Site {
    id: SiteId,
    client: Uuid,
    area: Option<Uuid>,
    place: Place,
}

impl FromRow for Site {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            area: row.get(2)?,
            place: Place { name: row.get(3)?, client: row.get(4)?, zone: row.get(5)?, archived: false },
        })
    }
}

/// Somebody who can be given a shift, and the site their role names.
#[derive(Clone)]
struct Hand {
    id: WorkerId,
    name: String,
    membership: Option<MembershipId>,
    team: Option<Uuid>,
    site: Option<SiteId>,
}

impl FromRow for Hand {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            membership: row.get(2)?,
            team: row.get(3)?,
            site: row.get(4)?,
        })
    }
}

/// The posts and hours of a day: begin, end, how many days later it ends.
const DAY: [(&str, i8, i8, i64); 3] = [("Early", 6, 14, 0), ("Late", 14, 22, 0), ("Night", 22, 6, 1)];

/// Plans last week, this week and the next for the first sites of an organization that does guarding.
///
/// # Errors
/// The store's.
pub async fn schedule(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<usize> {
    let sites: Vec<Site> = store
        .all(
            "select s.id, s.client_id, s.area_id, s.name, c.name, s.zone from sites s \
             join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.archived = 0 and s.kind in (0, 1) \
               and exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key in ('officer', 'guard')) \
             order by exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key = 'supervisor') desc, s.name limit 12",
            params![organization],
        )
        .await?;
    let hands: Vec<Hand> = store
        .all(
            "select w.id, w.name, w.membership_id, w.team_id, \
               (select t.target_id from assignments a join assignment_targets t on t.assignment_id = a.id \
                 where a.membership_id = w.membership_id and t.dimension = 4 \
                 order by a.granted_at, t.target_id limit 1) \
             from workers w where w.organization_id = $1 and w.archived = 0 and w.client_id is null order by w.name",
            params![organization],
        )
        .await?;
    let mut made = 0;
    for (place, site) in sites.iter().enumerate() {
        let zone = week::zone(&site.place.zone);
        let this = Week::at(now, &zone);
        let mut batch = Batch::new();
        // Those whose role names the site come first; the others fill up.
        let mut crew: Vec<&Hand> = hands.iter().filter(|h| h.site == Some(site.id)).collect();
        crew.extend(hands.iter().filter(|h| h.site.is_none()).skip(place * 3).take(3));
        if crew.is_empty() {
            continue;
        }
        for (ahead, week) in [(-1, this.moved(-1)), (0, this), (1, this.moved(1))] {
            for (number, day) in week.days().into_iter().enumerate() {
                for (turn, (post, from, until, later)) in DAY.iter().enumerate() {
                    let (starts_at, _) = week::instant(day.at(*from, 0, 0, 0), &zone)?;
                    let last = day.saturating_add(Span::new().days(*later));
                    let (ends_at, _) = week::instant(last.at(*until, 0, 0, 0), &zone)?;
                    let turns = number + turn + place;
                    let hand =
                        crew.get((number / 2 + turn) % crew.len()).filter(|_| turns % 7 != 3 || ahead < 0);
                    let worker = hand.map(|h| WorkerChoice {
                        id: h.id,
                        name: h.name.clone(),
                        membership: h.membership,
                        team: h.team,
                    });
                    let id = ShiftId::new();
                    let facts = Facts {
                        client: Some(site.client),
                        site: Some(site.id.uuid()),
                        area: site.area,
                        ..Facts::of(organization.uuid())
                    };
                    let stamp = Stamp {
                        id,
                        facts: &facts,
                        place: &site.place,
                        worker: worker.as_ref(),
                        author: None,
                        author_name: "The office",
                        now,
                    };
                    let draft = Draft {
                        post: (*post).to_owned(),
                        starts_at,
                        ends_at,
                        break_minutes: 30,
                        note: "Sign the key book when you arrive.".parse().unwrap_or_default(),
                    };
                    put(&mut batch, organization, &stamp, &draft);
                    if ahead < 1 {
                        let state = match (worker.is_some(), starts_at < now, turns % 4) {
                            (true, true, _) | (true, false, 0) => State::Confirmed,
                            _ => State::Published,
                        };
                        let known = worker.as_ref().and_then(|w| w.membership);
                        let shared =
                            if place % 2 == 0 { Visibility::Released } else { Visibility::Submitted };
                        batch.run(
                            "update shifts set state = $2, visibility = $3, assignee_id = $4, published_at = $5, \
                               reminded_at = $5 where id = $1",
                            params![id, state.number(), shared.number(), known, now],
                        );
                    }
                    if let Some(hand) = hand.filter(|_| ahead < 1 && starts_at < now) {
                        attend(&mut batch, organization, site, hand, (id, starts_at, ends_at), turns, now);
                    }
                    made += 1;
                }
            }
        }
        store.commit(batch).await?;
    }
    sheets(store, organization, now).await?;
    Ok(made)
}

/// The lines of the hours that were: of last week most are approved, some still wait, one was rejected. Those of this
/// week wait.
async fn sheets(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<()> {
    let entries: Vec<(TimeEntryId,)> = store
        .all("select id from time_entries where organization_id = $1 and state = 3", params![organization])
        .await?;
    for some in entries.chunks(200) {
        let mut batch = Batch::new();
        for (entry,) in some {
            timesheets::line_of_entry(&mut batch, organization, *entry, now);
        }
        store.commit(batch).await?;
    }
    let due = timesheets::due(store, now - Span::new().hours(14 * 24), now, 1_000).await?;
    let mut batch = Batch::new();
    for (shift, _) in due.iter().filter(|(_, of)| *of == organization) {
        timesheets::line_of_shift(&mut batch, organization, *shift, now);
    }
    store.commit(batch).await?;
    let lines: Vec<(TimesheetId,)> = store
        .all(
            "select id from timesheets where organization_id = $1 and basis = 1 and starts_at < $2 order by starts_at, id",
            params![organization, now - Span::new().hours(4 * 24)],
        )
        .await?;
    let mut batch = Batch::new();
    for (number, (line,)) in lines.iter().enumerate() {
        let (state, visibility, note) = match number % 12 {
            7 if number < 12 => {
                (2, Visibility::Held, "The key book shows that the shift ended an hour earlier.")
            }
            3 | 8 => continue,
            _ => (1, Visibility::Released, ""),
        };
        batch.run(
            "update timesheets set state = $2, visibility = $3, note = $4, decided_at = $5, decided_by = 'The office', \
               decided_role = 'The office', version = version + 1 where id = $1",
            params![*line, state, visibility.number(), note, now],
        );
    }
    store.commit(batch).await?;
    Ok(())
}

/// What was clocked on a shift of the past: most as planned, some late, a few not at all, one away from the site.
fn attend(
    batch: &mut Batch,
    organization: OrganizationId,
    site: &Site,
    hand: &Hand,
    (shift, starts_at, ends_at): (ShiftId, Timestamp, Timestamp),
    turns: usize,
    now: Timestamp,
) {
    if turns % 11 == 5 {
        return;
    }
    let late = i64::try_from(turns % 5).unwrap_or(0) * 4 - 3;
    let came = (starts_at + Span::new().minutes(late)).min(now);
    let left = ends_at + Span::new().minutes(i64::try_from(turns % 4).unwrap_or(0) * 3 - 2);
    let over = left <= now;
    let (entry, outside) = (TimeEntryId::new(), turns % 13 == 4);
    batch.run(
        "insert into time_entries (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
           zone, worker_id, worker_name, assignee_id, shift_id, shift_starts_at, shift_ends_at, attendance, started_at, \
           ended_at, break_minutes, state, outside, search, search_people, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
           $23, $17, $17)",
        params![
            entry,
            organization,
            site.client,
            site.id,
            site.area,
            hand.team,
            site.place.client.as_str(),
            site.place.name.as_str(),
            site.place.zone.as_str(),
            hand.id,
            hand.name.as_str(),
            hand.membership,
            shift,
            starts_at,
            ends_at,
            entry.to_string(),
            came,
            over.then_some(left),
            if over { 30 } else { 0 },
            if over { 3 } else { 1 },
            i64::from(outside),
            store::fold(&format!("{} {}", site.place.name, site.place.client)),
            store::fold(&hand.name)
        ],
    );
    let reason = if outside { "The gate was closed; waited at the road." } else { "" };
    let marks = [(0, Some(came)), (3, over.then_some(left))];
    for (kind, at) in marks.into_iter().filter_map(|(kind, at)| at.map(|at| (kind, at))) {
        batch.run(
            "insert into punches (id, organization_id, entry_id, membership_id, by_name, kind, at, device_at, server_at, \
               source, inside, reason, device, key) values ($1, $2, $3, $4, $5, $6, $7, $7, $7, 0, $8, $9, $10, $11)",
            params![
                Uuid::now_v7(),
                organization,
                entry,
                hand.membership,
                hand.name.as_str(),
                kind,
                at,
                i64::from(!outside),
                reason,
                "Phone",
                Uuid::new_v4().to_string()
            ],
        );
    }
}
