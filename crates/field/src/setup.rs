//! What the program's own doors put in place without a request: the rounds of the demo world.

use access::{Facts, Visibility};
use jiff::Span;
use kernel::geo::Point;
use kernel::id::{CheckpointId, CheckpointReportId, MembershipId, OrganizationId, SiteId, TourId};
use kernel::{Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::checkpoints::model::Draft;
use crate::checkpoints::query::{New, put};
use crate::query::Place;
use crate::rhythm::{self, Plan};
use crate::tours;
use crate::walks::setup::{
    Frame, Made, Method, Moment, Position, Scan, Seen, Stop, insert_scan, set_sum, stops, sum,
};
use crate::walks::{NewWalk, State, begin};

struct Site {
    id: SiteId,
    client: Uuid,
    area: Option<Uuid>,
    middle: Option<Point>,
    place: Place,
    approval: bool,
}

impl FromRow for Site {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let degrees: (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
        let middle =
            degrees.0.zip(degrees.1).and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok());
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            area: row.get(2)?,
            middle,
            place: Place { name: row.get(5)?, client: row.get(6)?, zone: row.get(7)?, archived: false },
            approval: row.get::<i64>(8)? == 1,
        })
    }
}

/// Somebody whose role puts them at a site.
struct Hand {
    membership: MembershipId,
    name: String,
    team: Option<Uuid>,
}

impl FromRow for Hand {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { membership: row.get(0)?, name: row.get(1)?, team: row.get(2)? })
    }
}

/// Name, instructions, question, and how far it is from the middle of its site, in degrees.
const PLACES: [(&str, &str, &str, (f64, f64)); 6] = [
    ("Main gate", "Check that the gate is locked and the seal is whole.", "", (0.0004, 0.0002)),
    ("Loading dock", "Look behind the trailers.", "How many trailers stand there?", (0.0002, 0.0006)),
    (
        "Pump room",
        "Read the gauge. Above 6 bar, call the office.",
        "What does the gauge say?",
        (-0.0002, 0.0005),
    ),
    ("Roof door", "", "", (-0.0004, 0.0001)),
    ("Parking level 2", "Walk to the far end.", "", (-0.0003, -0.0004)),
    ("Reception", "Sign the key book.", "", (0.0001, -0.0003)),
];

/// Gives the first sites of an organization that does guarding their checkpoints, tours and the walks of the last day.
///
/// # Errors
/// The store's.
pub async fn rounds(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<usize> {
    let sites: Vec<Site> = store
        .all(
            "select s.id, s.client_id, s.area_id, s.latitude, s.longitude, s.name, c.name, s.zone, s.approval_required \
             from sites s join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.archived = 0 and s.kind in (0, 1) \
               and exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key in ('officer', 'guard')) \
             order by exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key = 'supervisor') desc, s.name limit 12",
            params![organization],
        )
        .await?;
    let mut made = 0;
    for (number, site) in sites.iter().enumerate() {
        let mut batch = Batch::new();
        let stops = checkpoints(&mut batch, organization, site, number, now);
        let led = tours(&mut batch, organization, site, &stops, now);
        store.commit(batch).await?;
        let hands: Vec<Hand> = store
            .all(
                "select w.membership_id, w.name, w.team_id from workers w where w.organization_id = $1 and w.archived = 0 \
                   and exists (select 1 from assignments a join assignment_targets t on t.assignment_id = a.id \
                     where a.membership_id = w.membership_id and t.target_id = $2 and t.dimension = 4 \
                       and a.role_key in ('officer', 'guard')) \
                 order by w.name limit 6",
                params![organization, site.id],
            )
            .await?;
        walks(store, organization, site, &led, &hands, (number, now)).await?;
        made += 1;
    }
    Ok(made)
}

fn facts(organization: OrganizationId, site: &Site) -> Facts {
    Facts {
        client: Some(site.client),
        site: Some(site.id.uuid()),
        area: site.area,
        ..Facts::of(organization.uuid())
    }
}

fn checkpoints(
    batch: &mut Batch,
    organization: OrganizationId,
    site: &Site,
    number: usize,
    now: Timestamp,
) -> Vec<CheckpointId> {
    let facts = facts(organization, site);
    let mut made = Vec::new();
    for (place, (name, instructions, question, aside)) in (1..).zip(PLACES.iter().take(4 + number % 3)) {
        let Ok(name) = name.parse() else { continue };
        let position = site
            .middle
            .and_then(|middle| Point::new(middle.latitude() + aside.0, middle.longitude() + aside.1).ok());
        let draft = Draft {
            name,
            instructions: instructions.parse().unwrap_or_default(),
            question: (*question).to_owned(),
            place: Some(place),
            position,
            radius_m: 25.0,
        };
        let code = kernel::text::spoken_reference(8);
        let id = CheckpointId::new();
        put(batch, organization, &New { id, facts: &facts, draft: &draft, code: &code, now });
        made.push(id);
    }
    made
}

/// The tours of a site: every two hours at night, and once in the morning.
fn tours(
    batch: &mut Batch,
    organization: OrganizationId,
    site: &Site,
    stops: &[CheckpointId],
    now: Timestamp,
) -> Vec<(TourId, tours::model::Draft)> {
    let facts = facts(organization, site);
    let plans = [
        ("Night round", true, Plan::interval("20:00", "06:00", "120").unwrap_or_default()),
        ("Opening round", false, Plan::windows("06:30-08:00\n17:00-18:30").unwrap_or_default()),
        ("Alarm check", false, Plan::Free),
    ];
    let mut made = Vec::new();
    for (name, ordered, plan) in plans {
        let Ok(name) = name.parse() else { continue };
        let instructions = "Bring the key book and a torch.".parse().unwrap_or_default();
        let draft =
            tours::model::Draft { name, instructions, ordered, plan, most_minutes: 90, least_seconds: 30 };
        let id = TourId::new();
        tours::query::put(batch, organization, id, &facts, &draft, now);
        tours::query::put_stops(batch, organization, id, stops);
        made.push((id, draft));
    }
    made
}

/// The walks of the last day: most as they should be, one window in seven missed, some incomplete, late or too fast.
async fn walks(
    store: &Store,
    organization: OrganizationId,
    site: &Site,
    made: &[(TourId, tours::model::Draft)],
    hands: &[Hand],
    (number, now): (usize, Timestamp),
) -> Result<()> {
    let zone = rhythm::zone(&site.place.zone);
    let mut turn = number;
    for (tour, draft) in made {
        let since = now - Span::new().hours(30);
        for window in draft.plan.between(since, now - Span::new().minutes(10), &zone)? {
            turn += 1;
            let over = window.until <= now;
            let hand = hands.get(turn % hands.len().max(1)).filter(|_| turn % 7 != 3 || !over);
            let late = if turn % 11 == 5 { 100 } else { 12 };
            let began = (window.from + Span::new().minutes(late)).min(now);
            let facts = Facts {
                team: hand.and_then(|hand| hand.team),
                assignee: hand.map(|hand| hand.membership.uuid()),
                ..facts(organization, site)
            };
            let id = CheckpointReportId::new();
            let word = id.to_string();
            let visibility = match (hand.is_some(), site.approval) {
                (true, _) | (false, true) => Visibility::Held,
                (false, false) => Visibility::Released,
            };
            let mut batch = Batch::new();
            begin(
                &mut batch,
                organization,
                &NewWalk {
                    id,
                    facts: &facts,
                    place: &site.place,
                    tour: Some(*tour),
                    tour_name: draft.name.as_str(),
                    ordered: draft.ordered,
                    least_seconds: draft.least_seconds,
                    due: Some((window.from, window.until, true)),
                    walked: hand.map(|_| (began, began + Span::new().minutes(draft.most_minutes))),
                    walker: hand.map_or(("", ""), |hand| (hand.name.as_str(), "Officer")),
                    word: &word,
                    visibility,
                    now,
                },
            );
            store.commit(batch).await?;
            if let Some(hand) = hand {
                scanned(store, organization, (id, site), hand, (&window, draft), (began, turn, now)).await?;
            }
        }
    }
    Ok(())
}

async fn scanned(
    store: &Store,
    organization: OrganizationId,
    (id, site): (CheckpointReportId, &Site),
    hand: &Hand,
    (window, draft): (&rhythm::Window, &tours::model::Draft),
    (began, turn, now): (Timestamp, usize, Timestamp),
) -> Result<()> {
    let rows = stops(store, organization, id).await?;
    let left_out = usize::from(turn % 5 == 2);
    let pace = if turn % 9 == 4 { 12 } else { 210 };
    let mut batch = Batch::new();
    let (mut seen, mut at) = (Vec::new(), began);
    for (place, stop) in rows.iter().enumerate().take(rows.len().saturating_sub(left_out)) {
        at += Span::new().seconds(if place == 1 { pace } else { 210 });
        if at > now {
            break;
        }
        let method = if place == 3 { Method::Typed } else { Method::Code };
        let off = f64::from(u8::try_from((turn * 7 + place * 5) % 19).unwrap_or(0));
        let point =
            stop.latitude.zip(stop.longitude).and_then(|(lat, lon)| Point::new(lat + off * 1e-5, lon).ok());
        let position = point.map(|point| Position { point, accuracy_m: Some(4.0 + off / 2.0) });
        let place_of = stop.latitude.zip(stop.longitude).and_then(|(lat, lon)| Point::new(lat, lon).ok());
        let (distance_m, near) = match (position, place_of) {
            (Some(position), Some(place)) => {
                let (distance, near) = position.against(place, stop.radius_m);
                (Some(distance), near)
            }
            _ => (None, None),
        };
        let answer = if stop.question.is_empty() { "" } else { ["4", "5.2 bar", "3", "none"][turn % 4] };
        let scan = Scan {
            key: Uuid::new_v4().to_string(),
            moment: Moment { at, device_at: Some(at), skew_seconds: 0 },
            position,
            answer: answer.to_owned(),
            device: "Phone".to_owned(),
        };
        insert_scan(
            &mut batch,
            organization,
            &scan,
            &Made {
                report: id,
                checkpoint: stop.checkpoint,
                name: &stop.name,
                membership: Some(hand.membership),
                by: &hand.name,
                method,
                distance_m,
                near,
                key: &scan.key,
                now: at,
            },
        );
        seen.push(Seen { checkpoint: stop.checkpoint.uuid(), at, method, near });
    }
    let planned: Vec<Stop> =
        rows.iter().map(|row| Stop { checkpoint: row.checkpoint.uuid(), position: row.position }).collect();
    let frame = Frame {
        due_until: Some(window.until),
        started_at: began,
        stopped_at: None,
        closes_at: began + Span::new().minutes(draft.most_minutes),
        least_seconds: draft.least_seconds,
        now,
    };
    let sum = sum(&planned, &seen, &frame);
    let ended = (sum.state != State::Walking).then_some(if site.approval {
        Visibility::Held
    } else {
        Visibility::Released
    });
    set_sum(&mut batch, organization, (id, 1), &sum, ended, now);
    store.commit(batch).await.map(|_| ())
}
