//! What staff do in the scratch world before anybody walks: files are handed in, people invited, incidents given to
//! somebody and published. All through the doors, so that whatever a capability makes of it (messages, history,
//! thumbnails) is there to be looked at.

use access::{Facts, FieldClass, Resource, Visibility};
use http::Method;
use kernel::{Error, Result};
use serde_json::{Value, json};
use web::Door;

use super::ask::{Answer, Program};
use super::canary::{Canary, Place, Planted};
use super::world::{Corner, Planter, Reader, World};

/// Does all of it as somebody who may do everything.
pub(super) async fn all(
    program: &Program,
    planter: &Planter<'_>,
    world: &mut World,
    (home, far): (&Corner, &Corner),
    chief: &Reader,
) -> Result<()> {
    for corner in [home, far] {
        for class in [FieldClass::Public, FieldClass::Operational, FieldClass::People, FieldClass::Notes] {
            upload(program, world, corner, class, chief).await?;
        }
    }
    invite(program, world, home, chief).await?;
    publish(program, planter, world, home, chief).await?;
    let staff: Vec<_> = world.readers.iter().filter(|r| !r.portals.is_empty()).map(|r| r.member.id).collect();
    for membership in staff.into_iter().take(6) {
        // Some could not open it; then it is not given to them, which is as good an answer.
        post(
            program,
            chief,
            &format!("/incidents/{}/assignment", far.released),
            &json!({ "assignee": membership }),
        )
        .await?;
    }
    post(program, chief, &format!("/incidents/{}/assignment", far.released), &json!({ "assignee": "" }))
        .await?;
    Ok(())
}

async fn post(program: &Program, chief: &Reader, path: &str, body: &Value) -> Result<Answer> {
    let sent = Some(("application/json", body.to_string().into_bytes()));
    program.send(chief.keys(), Door::Api, Method::POST, path, sent).await
}

fn done(what: &str, answer: &Answer) -> Result<Value> {
    match answer.json() {
        Some(body) if answer.status < 300 => Ok(body),
        _ => Err(Error::internal(format!(
            "{what} failed: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.bytes)
        ))),
    }
}

/// A text file on the released incident, of one class.
async fn upload(
    program: &Program,
    world: &mut World,
    corner: &Corner,
    class: FieldClass,
    chief: &Reader,
) -> Result<()> {
    let facts = corner.released_facts;
    let inside =
        Canary::new(format!("content of a file of class {class}")).at(Resource::Incident, class, facts);
    // Outsiders get a neutral name: a name can name a person.
    let called = Canary::new(format!("name of a file of class {class}")).at(
        Resource::Incident,
        stricter(class),
        facts,
    );
    let line = "between";
    let body = format!(
        "--{line}\r\ncontent-disposition: form-data; name=\"class\"\r\n\r\n{class}\r\n\
         --{line}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{}.txt\"\r\n\
         content-type: text/plain\r\n\r\n{} and some more words\r\n--{line}--\r\n",
        called.word, inside.word
    );
    let kind = format!("multipart/form-data; boundary={line}");
    let path = format!("/incidents/{}/attachments", corner.released);
    let sent = Some((kind.as_str(), body.into_bytes()));
    let answer = program.send(chief.keys(), Door::Api, Method::POST, &path, sent).await?;
    let made = done("handing in a file", &answer)?;
    let ids: Vec<&str> = match &made {
        Value::Array(all) => all.iter().filter_map(|one| one.get("id")?.as_str()).collect(),
        one => one.get("id").and_then(Value::as_str).into_iter().collect(),
    };
    for id in ids {
        world.records.push(Planted {
            class,
            ..Planted::new(id, format!("a file of class {class}"), Resource::Incident, facts)
        });
    }
    world.canaries.extend([inside, called]);
    Ok(())
}

/// A file's name is for those who see both the file and how the organization works.
const fn stricter(class: FieldClass) -> FieldClass {
    match class {
        FieldClass::Public => FieldClass::Operational,
        other => other,
    }
}

/// Somebody is invited to the client's site.
async fn invite(program: &Program, world: &mut World, home: &Corner, chief: &Reader) -> Result<()> {
    let guest = Canary::new("name and address of somebody invited");
    let body = json!({
        "email": format!("{}@verify.invalid", guest.word), "name": guest.word, "role": "site_user",
        "targets": [format!("site:{}", home.site)],
    });
    let answer = post(program, chief, "/invitations", &body).await?;
    if answer.status == 422 || answer.status == 403 {
        // The pack of that role is off.
        return Ok(());
    }
    let made = done("inviting somebody", &answer)?;
    let facts = Facts {
        client: Some(home.client.uuid()),
        site: Some(home.site.uuid()),
        ..Facts::of(world.tenant.id.uuid())
    };
    if let Some(id) = made.get("id").or_else(|| made.pointer("/invitation/id")).and_then(Value::as_str) {
        world.records.push(Planted::new(id, "an invitation", Resource::Account, facts));
    }
    world.canaries.push(guest.at(Resource::Account, FieldClass::Public, facts));
    Ok(())
}

/// An incident is handed in at home and published.
async fn publish(
    program: &Program,
    planter: &Planter<'_>,
    world: &mut World,
    home: &Corner,
    chief: &Reader,
) -> Result<()> {
    let (canaries, records) = (world.canaries.len(), world.records.len());
    let names = (home.names.0.as_str(), home.names.1.as_str());
    let (id, before) = planter
        .incident(world, "home, published by staff", home.around(), Visibility::Submitted, None, names)
        .await?;
    let after = Facts { visibility: Some(Visibility::Released.number()), ..before };
    let answer =
        post(program, chief, &format!("/incidents/{id}/publication"), &json!({ "version": 1 })).await?;
    done("publishing an incident", &answer)?;
    for canary in world.canaries.iter_mut().skip(canaries) {
        for place in &mut canary.places {
            place.facts = after;
        }
    }
    for record in world.records.iter_mut().skip(records) {
        record.facts = after;
    }
    let chief = chief.called();
    for canary in &mut world.canaries {
        let (class, there) = if canary.word == names.0 {
            (FieldClass::Public, true)
        } else if canary.word == names.1 {
            (FieldClass::Operational, true)
        } else {
            // Who published it is told to those who see people.
            (FieldClass::People, canary.word == chief)
        };
        if there {
            canary.places.push(Place { resource: Resource::Incident, class, facts: after, by: None });
        }
    }
    Ok(())
}
