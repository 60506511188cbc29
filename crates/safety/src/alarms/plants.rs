//! What the leak test plants of alarms: one that nobody has answered, one that is over.

use access::FieldClass::{Operational, People, Public};
use access::{Facts, Resource};
use kernel::id::{AlarmId, MembershipId};
use kernel::{Audience, Result};
use store::params;
use web::canary::{Bed, Planted};

use super::model::{Moment, State};
use super::query::{Doer, NewAlarm, happened, put};
use crate::sites::Ground;

const SOS: Resource = Resource::Sos;

/// Alarms of a corner, or of somebody's own.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    for closed in [false, true] {
        alarm(bed, closed);
    }
    Ok(())
}

fn alarm(bed: &mut Bed<'_>, closed: bool) {
    let author = bed.whose.map_or_else(MembershipId::new, |whose| whose.membership);
    let facts = Facts {
        team: Some(bed.team.uuid()),
        closed: Some(i64::from(closed)),
        author: Some(author.uuid()),
        ..bed.facts()
    };
    let stage = if closed { "closed" } else { "open" };
    let what = |field: &str| format!("{field} of an {stage} alarm");
    let caller = bed.word(&what("caller"), SOS, People, facts);
    let phone = bed.word(&what("telephone"), SOS, People, facts);
    let said = bed.word(&what("word"), SOS, People, facts);
    let note = bed.word(&what("helper's note"), SOS, People, facts);
    let answered = bed.word(&what("helper"), SOS, Public, facts);
    let closing = bed.word(&what("closing note"), SOS, Operational, facts);
    let (site, client) = (bed.site_name.to_owned(), bed.client_name.to_owned());
    bed.stands(&site, SOS, Public, facts);
    bed.stands(&client, SOS, Operational, facts);
    let ground = Ground {
        id: bed.site,
        name: site,
        zone: "UTC".into(),
        client: bed.client,
        client_name: client,
        area: facts.area,
        emergency: 0,
        point: None,
    };
    let id = AlarmId::new();
    put(
        &mut bed.batch,
        bed.organization,
        &NewAlarm {
            id,
            ground: &ground,
            area: facts.area,
            team: facts.team,
            author,
            author_name: &caller,
            side: bed.whose.map_or(Audience::Staff, |whose| whose.audience),
            phone: &phone,
            word: &said,
            position: None,
            raised_at: bed.now,
            now: bed.now,
            again_at: bed.now,
        },
    );
    let nobody = Doer { membership: None, name: "" };
    happened(&mut bed.batch, bed.organization, id, (Moment::Note, &note), nobody, bed.now);
    if closed {
        bed.batch.run(
            "update alarms set state = $2, closed = 1, answered_at = $3, answered_name = $4, closed_at = $3, closing = $5, \
               again_at = null where id = $1",
            params![id, State::Closed.number(), bed.now, answered, closing],
        );
    } else {
        bed.batch.run("update alarms set again_at = null where id = $1", params![id]);
    }
    bed.record(Planted::new(id.to_string(), format!("an {stage} alarm at {}", bed.label), SOS, facts));
}
