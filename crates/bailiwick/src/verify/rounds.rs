//! Interference: hidden things change, and nobody from whom they are hidden may notice. And messages.

use std::collections::HashMap;
use std::sync::Arc;

use access::{FieldClass, Resource, Visibility};
use access_oracle::naive;
use http::Method;
use kernel::{Error, Result};
use serde_json::{Value, json};
use web::Door;

use super::Depth;
use super::canary::{Canary, Planted, right_for, shows};
use super::report::{Check, Leak};
use super::walk::{Ground, Trip, Walk, Walker, asked};
use super::world::{Corner, Likeness, Planter, Reader};

type Faces = Vec<HashMap<(Door, String), [u8; 32]>>;

/// Everything that changes, one after the other; after each, everybody from whom it is hidden asks all again.
pub(super) async fn all(
    walk: &mut Walk,
    planter: &Planter<'_>,
    faces: &mut Faces,
    progress: &(dyn Fn(usize, usize, &str) + Send + Sync),
) -> Result<()> {
    let (ground, home, chief, trip) = walk.parts();
    let home = home.clone();
    let chief = chief.cloned();

    // Another client with everything that goes with it, here and next door.
    let (canaries, records) = grow(ground)?;
    let world = &mut Arc::get_mut(ground).ok_or_else(busy)?.world;
    planter.corner(world, "elsewhere").await?;
    let (mut neighbour, _) = planter.organization("Another Neighbour", &Likeness::everything()).await?;
    planter.corner(&mut neighbour, "next door but one").await?;
    again(
        ground,
        (planter, trip),
        faces,
        "a client, a site, an area, a team, a worker and incidents elsewhere",
        |ground, reader| unaware(ground, reader, canaries, records),
    )
    .await?;
    progress(1, 4, "records elsewhere");

    // What is not let out yet, where they stand.
    let all = [Visibility::Draft, Visibility::Held, Visibility::Submitted];
    for some in all.chunks(if ground.depth == Depth::Quick { all.len() } else { 1 }) {
        let (canaries, records) = grow(ground)?;
        let world = &mut Arc::get_mut(ground).ok_or_else(busy)?.world;
        let names = (home.names.0.as_str(), home.names.1.as_str());
        for visibility in some {
            planter.incident(world, "home, later", home.around(), *visibility, None, names).await?;
        }
        let how: Vec<String> = some.iter().map(ToString::to_string).collect();
        let what = format!("one more {} incident at their own site", how.join(", "));
        again(ground, (planter, trip), faces, &what, |ground, reader| {
            unaware(ground, reader, canaries, records)
        })
        .await?;
    }
    // One more of each kind that features plant, where they stand.
    let (canaries, records) = grow(ground)?;
    let world = &mut Arc::get_mut(ground).ok_or_else(busy)?.world;
    planter.kinds(world, (&home, "home, later"), None).await?;
    again(
        ground,
        (planter, trip),
        faces,
        "one more of each kind of record at their own site",
        |ground, reader| unaware(ground, reader, canaries, records),
    )
    .await?;
    progress(2, 4, "incidents that are not let out");

    // Hidden parts of what they do see.
    let Some(chief) = chief else { return Ok(()) };
    let parts: [(FieldClass, &[&str]); 2] =
        [(FieldClass::Notes, &["internal_notes"]), (FieldClass::Operational, &["title", "narrative"])];
    for (class, fields) in parts {
        let canaries: Vec<Canary> = fields
            .iter()
            .map(|field| Canary::new(format!("new {field} of a released incident at home")))
            .map(|canary| canary.at(Resource::Incident, class, home.released_facts))
            .collect();
        let words: Vec<(&str, Value)> =
            fields.iter().zip(&canaries).map(|(field, canary)| (*field, json!(canary.word))).collect();
        edit(ground, &chief, &home, &words).await?;
        Arc::get_mut(ground).ok_or_else(busy)?.world.canaries.extend(canaries);
        let what = format!("the {} of an incident they may read", fields.join(" and "));
        again(ground, (planter, trip), faces, &what, |ground, reader| blind(ground, reader, &home, class))
            .await?;
    }
    let people = json!([{ "name": Canary::new("somebody").word, "part": "witness" }]);
    edit(ground, &chief, &home, &[("people", people)]).await?;
    again(
        ground,
        (planter, trip),
        faces,
        "the people involved in an incident they may read",
        |ground, reader| blind(ground, reader, &home, FieldClass::People),
    )
    .await?;
    progress(3, 4, "hidden parts of incidents");
    Ok(())
}

fn busy() -> Error {
    Error::internal("the ground is still walked on")
}

/// How much there was before something was planted.
fn grow(ground: &Arc<Ground>) -> Result<(usize, usize)> {
    Ok((ground.world.canaries.len(), ground.world.records.len()))
}

/// Is everything planted since then hidden from this reader?
fn unaware(ground: &Ground, reader: &Reader, canaries: usize, records: usize) -> bool {
    let fresh: &[Canary] = ground.world.canaries.get(canaries..).unwrap_or_default();
    let new: &[Planted] = ground.world.records.get(records..).unwrap_or_default();
    let now = ground.clock.now();
    let told = |record: &Planted| {
        record.told.iter().any(|place| shows(place, &ground.world.tenant, &reader.member, now))
    };
    // Whoever reads the journal reads that something was made.
    !fresh
        .iter()
        .any(|canary| right_for(canary, &ground.world.tenant, &reader.member, now, &ground.world.records))
        && !new.iter().any(|record| ground.knows(reader, record) || told(record))
        && !keeps_books(ground, reader)
}

fn keeps_books(ground: &Ground, reader: &Reader) -> bool {
    super::may_anywhere(&ground.world, reader, "audit.view", ground.clock.now())
}

/// Are both this part of the released incident and the way staff work with it hidden from this reader? Whoever sees
/// the latter sees that there is a new version.
fn blind(ground: &Ground, reader: &Reader, home: &Corner, class: FieldClass) -> bool {
    let (tenant, now, facts) = (&ground.world.tenant, ground.clock.now(), &home.released_facts);
    ![class, FieldClass::Operational]
        .into_iter()
        .any(|class| naive::shows(tenant, &reader.member, now, Resource::Incident, class, facts))
        && !keeps_books(ground, reader)
}

/// Changes parts of the released incident the way staff do.
async fn edit(ground: &Ground, chief: &Reader, home: &Corner, parts: &[(&str, Value)]) -> Result<()> {
    let path = format!("/incidents/{}", home.released);
    let found = ground.program.get(chief.keys(), Door::Api, &path).await?;
    let failed = |status: u16, body: &[u8]| {
        Error::internal(format!(
            "a hidden part could not be changed: {status} {}",
            String::from_utf8_lossy(body)
        ))
    };
    let now = found.json().ok_or_else(|| failed(found.status, &found.bytes))?;
    let mut body = serde_json::Map::new();
    for field in [
        "kind",
        "severity",
        "title",
        "narrative",
        "public_details",
        "internal_notes",
        "place",
        "occurred_at",
        "version",
    ] {
        if let Some(value) = now.get(field) {
            body.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(site) = now.get("site_id").or_else(|| now.pointer("/site/id")) {
        body.insert("site".to_owned(), site.clone());
    }
    for (field, value) in parts {
        body.insert((*field).to_owned(), value.clone());
    }
    let sent = Some(("application/json", Value::Object(body).to_string().into_bytes()));
    let answer = ground.program.send(chief.keys(), Door::Api, Method::PUT, &path, sent).await?;
    if answer.status >= 300 { Err(failed(answer.status, &answer.bytes)) } else { Ok(()) }
}

/// Everybody for whom nothing should have changed asks all their questions again.
async fn again(
    ground: &Arc<Ground>,
    (planter, trip): (&Planter<'_>, &mut Trip),
    faces: &mut Faces,
    what: &str,
    hidden_from: impl Fn(&Ground, &Reader) -> bool,
) -> Result<()> {
    for (reader, before) in ground.world.readers.iter().zip(faces.iter_mut()) {
        let unmoved = hidden_from(ground, reader);
        let walker = Walker { reader, rights: ground.rights(reader) };
        for ((door, path), face) in before.iter_mut() {
            let answer = ground.program.get(reader.keys(), *door, path).await?;
            trip.questions += 1;
            let now = answer.face(&[]);
            let question = asked(&Method::GET, *door, path);
            ground.look(trip, &walker, &question, &answer.words(), Check::Words, path);
            if now != *face && unmoved {
                // An answer that is never twice the same tells nothing. The write makes kept answers unusable.
                super::query::nudge(planter.store).await?;
                let once_more = ground.program.get(reader.keys(), *door, path).await?;
                if once_more.face(&[]) == now {
                    trip.leak(Leak {
                        check: Check::Interference,
                        reader: reader.label.clone(),
                        question,
                        what: what.to_owned(),
                        excerpt: String::new(),
                    });
                }
            }
            *face = now;
        }
    }
    Ok(())
}

/// Messages to readers hold nothing that the reader may not read.
pub(super) async fn mails(walk: &mut Walk, planter: &Planter<'_>) -> Result<()> {
    let (ground, _, _, trip) = walk.parts();
    for (recipient, subject, html, plain, why) in super::query::mails(planter.store).await? {
        let Some(reader) = ground.world.readers.iter().find(|reader| reader.email == recipient) else {
            continue;
        };
        trip.questions += 1;
        let walker = Walker { reader, rights: ground.rights(reader) };
        let words = [subject.as_str(), &html, &plain, &why].join("\n");
        ground.look(trip, &walker, &format!("message “{subject}”"), words.as_bytes(), Check::Mail, "");
    }
    Ok(())
}
