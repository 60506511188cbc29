//! What the leak test plants of shifts: one at each stage of being let out, a template, a ban.

use access::FieldClass::{Operational, People, Public};
use access::{Facts, Resource, Visibility};
use kernel::id::{ShiftId, ShiftTemplateId, SiteBanId};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::params;
use web::canary::{Bed, Canary, Place, Planted};

use super::model::{Draft, State};
use super::query::{Stamp, put};
use super::{ASSIGN, CREATE};
use crate::choices::WorkerChoice;
use crate::query::Place as Site;

const SHIFT: Resource = Resource::Shift;
/// A shift begins so long after it was planted and lasts as long, in microseconds: four hours.
const AHEAD: i64 = 14_400_000_000;

/// Shifts, templates and bans of a corner; or a published shift of somebody's own.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if let Some(whose) = bed.whose {
        return if whose.audience == Audience::Staff {
            shift(bed, Visibility::Submitted, true)
        } else {
            Ok(())
        };
    }
    for visibility in [Visibility::Draft, Visibility::Submitted, Visibility::Released] {
        for taken in [true, false] {
            shift(bed, visibility, taken)?;
        }
    }
    template(bed)?;
    ban(bed)
}

fn text<T: std::str::FromStr<Err = String>>(word: &str) -> Result<T> {
    word.parse().map_err(Error::internal)
}

fn shift(bed: &mut Bed<'_>, visibility: Visibility, taken: bool) -> Result<()> {
    let own = bed.whose.map(|whose| whose.membership.uuid());
    let facts = Facts {
        team: taken.then(|| bed.team.uuid()),
        visibility: Some(visibility.number()),
        closed: Some(i64::from(taken)),
        assignee: own,
        ..bed.facts()
    };
    let stage = match (own.is_some(), taken) {
        (true, _) => "own",
        (false, true) => "taken",
        (false, false) => "open",
    };
    let what = |field: &str| format!("{field} of a {stage} {visibility} shift");
    let (starts_at, ends_at) = (later(bed, 1)?, later(bed, 2)?);
    let draft = Draft {
        post: bed.word(&what("post"), SHIFT, Public, facts),
        starts_at,
        ends_at,
        break_minutes: 0,
        note: text(&bed.word(&what("note"), SHIFT, Operational, facts))?,
    };
    let planner = bed.word(&what("planner"), SHIFT, People, facts);
    let answer = bed.word(&what("answer"), SHIFT, Operational, facts);
    let called = bed.whose.map_or(bed.worker_name, |whose| whose.name).to_owned();
    if taken {
        bed.stands(&called, SHIFT, People, facts);
    }
    let (site, client) = (bed.site_name.to_owned(), bed.client_name.to_owned());
    bed.stands(&site, SHIFT, Public, facts);
    bed.stands(&client, SHIFT, Operational, facts);
    let id = ShiftId::new();
    let worker = taken.then(|| WorkerChoice {
        id: bed.worker,
        name: called,
        membership: bed.whose.map(|whose| whose.membership),
        team: facts.team,
    });
    let place = Site { name: site, client, zone: "UTC".into(), archived: false };
    let stamp = Stamp {
        id,
        facts: &facts,
        place: &place,
        worker: worker.as_ref(),
        author: None,
        author_name: &planner,
        now: bed.now,
    };
    put(&mut bed.batch, bed.organization, &stamp, &draft);
    let state = if visibility == Visibility::Draft { State::Draft } else { State::Published };
    bed.batch.run(
        "update shifts set state = $2, visibility = $3, assignee_id = $4, answer_note = $5 where id = $1",
        params![id, state.number(), visibility.number(), own, answer],
    );
    bed.record(Planted::new(
        id.to_string(),
        format!("a {stage} {visibility} shift at {}", bed.label),
        SHIFT,
        facts,
    ));
    Ok(())
}

fn later(bed: &Bed<'_>, times: i64) -> Result<kernel::Timestamp> {
    kernel::Timestamp::from_microsecond(bed.now.as_microsecond() + times * AHEAD).map_err(Error::internal)
}

/// Whoever plans at the site meets its templates.
fn template(bed: &mut Bed<'_>) -> Result<()> {
    let facts = bed.facts();
    let mut word = |what: &str| {
        let canary = Canary::new(format!("{what} of a template at {}", bed.label));
        bed.plant(canary.at_by(CREATE, Operational, facts))
    };
    let (name, post, note) = (word("name"), word("post"), word("note"));
    let lines = json!([{ "day": 0, "starts": "22:00", "ends": "06:00", "days": 1, "post": post,
        "break_minutes": 0, "worker": null, "note": note }]);
    let id = ShiftTemplateId::new();
    bed.batch.run(
        "insert into shift_templates (id, organization_id, client_id, site_id, area_id, site_name, name, search, lines, \
           created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id,
            bed.organization,
            bed.client,
            bed.site,
            bed.area,
            bed.site_name,
            name.as_str(),
            store::fold(&name),
            lines.to_string(),
            bed.now
        ],
    );
    let site = bed.site_name.to_owned();
    bed.also.push((site, Place { resource: SHIFT, class: Operational, facts, by: Some(CREATE) }));
    bed.record(Planted {
        class: Operational,
        by: Some(CREATE),
        paths: vec!["/shifts/templates"],
        ..Planted::new(id.to_string(), format!("a template at {}", bed.label), SHIFT, facts)
    });
    Ok(())
}

/// Whoever assigns at the site meets its bans; why somebody is banned, those who see people.
fn ban(bed: &mut Bed<'_>) -> Result<()> {
    let facts = bed.facts();
    let place = |class| Place { resource: SHIFT, class, facts, by: Some(ASSIGN) };
    let mut word = |what: &str| {
        let canary = Canary::new(format!("{what} of a ban at {}", bed.label));
        bed.plant(canary.at_by(ASSIGN, People, facts))
    };
    let (note, by) = (word("note"), word("author"));
    let id = SiteBanId::new();
    bed.batch.run(
        "insert into site_bans (id, organization_id, client_id, site_id, area_id, site_name, worker_id, worker_name, \
           note, banned_at, banned_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            id,
            bed.organization,
            bed.client,
            bed.site,
            bed.area,
            bed.site_name,
            bed.worker,
            bed.worker_name,
            note,
            bed.now,
            by
        ],
    );
    bed.also.push((bed.worker_name.to_owned(), place(People)));
    bed.also.push((bed.site_name.to_owned(), place(Operational)));
    bed.record(Planted {
        class: Operational,
        by: Some(ASSIGN),
        paths: vec!["/shifts/bans"],
        ..Planted::new(id.to_string(), format!("a ban at {}", bed.label), SHIFT, facts)
    });
    Ok(())
}
