//! The leak test that a customer can run: a scratch organization with a canary in every field, walked through every
//! door by a holder of every role, and held against a second evaluator that knows nothing of plans and SQL.
//!
//! | check | how a leak shows |
//! |---|---|
//! | words | a canary in an answer (body or header) to somebody who may not read that part of that record |
//! | existence | a hidden id answered otherwise than an id that was never given, for any method |
//! | search | looking for a hidden word answered otherwise than looking for one that is nowhere |
//! | interference | an answer that changed although only hidden things did: counts, orders, page ends, numbers |
//! | mail | a canary in a message to somebody who may not read it |
//!
//! The questions are read off the route table, so a capability that is added is walked without a word here.

mod ask;
mod canary;
mod deeds;
mod ids;
mod plants;
mod query;
mod report;
mod rounds;
mod routes;
mod scratch;
#[cfg(test)]
mod tests;
mod walk;
mod world;

use std::sync::Arc;

use access::{Role, Roles};
use access_oracle::naive;
use kernel::{Audience, Clock};
use store::Settings;

use crate::cli::Refusal;
pub(crate) use query::likeness;
pub(crate) use report::{Report, Signed, signed, to_html};
pub(crate) use world::Likeness;

/// How much is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Every record, every word.
    Whole,
    /// Some of each kind; for looking after a change.
    Quick,
}

/// One run: makes a scratch world of this likeness, walks it, throws it away.
pub(crate) async fn run(
    settings: &Settings,
    features: &[web::Feature],
    likeness: &Likeness,
    depth: Depth,
    progress: &(dyn Fn(usize, usize, &str) + Send + Sync),
) -> Result<Report, Refusal> {
    let scratch = scratch::Scratch::like(settings).await?;
    let outcome = inside(&scratch, features, likeness, depth, progress).await;
    let gone = scratch.gone().await;
    let report = outcome?;
    gone?;
    Ok(report)
}

async fn inside(
    scratch: &scratch::Scratch,
    features: &[web::Feature],
    likeness: &Likeness,
    depth: Depth,
    progress: &(dyn Fn(usize, usize, &str) + Send + Sync),
) -> Result<Report, Refusal> {
    let clock = Clock::fixed(Clock::system().now());
    let app = web::App::new(
        scratch.store.clone(),
        scratch.files.clone(),
        clock.clone(),
        web::Config {
            public_url: "http://verify.invalid".into(),
            demo: false,
            tiles_url: None,
            behind_proxy: false,
        },
        features.to_vec(),
    );
    let engine = format!("{:?}", app.store.engine());
    let planter = world::Planter { store: &scratch.store, clock: &clock, plants: plants::plants(features) };
    let (mut neighbour, _) = planter.organization("Next Door", &Likeness::everything()).await?;
    planter.corner(&mut neighbour, "next door").await?;
    let (mut world, _) = planter.organization("Scratch", likeness).await?;
    let home = planter.corner(&mut world, "home").await?;
    let far = planter.corner(&mut world, "far away").await?;
    for (role, share_all) in roles(&planter, &world, likeness).await? {
        planter.reader(&mut world, &home, Some(&role), (role.audience, share_all)).await?;
    }
    for audience in [Audience::Staff, Audience::Client, Audience::Contractor] {
        planter.reader(&mut world, &home, None, (audience, false)).await?;
    }
    planter.own_incidents(&mut world, &far).await?;
    planter.own_kinds(&mut world, &far).await?;
    let program = ask::Program(web::mount::router(app.clone()));
    let chief = chief(&world, clock.now()).cloned();
    if let Some(chief) = &chief {
        deeds::all(&program, &planter, &mut world, (&home, &far), chief).await?;
    }
    world::Planter::name_people(&mut world, &home);
    let mut walk = walk::Walk::new(
        (program, engine),
        &clock,
        features,
        depth,
        likeness,
        (world, neighbour, home, chief),
    )
    .await?;
    walk.all(&planter, progress).await?;
    Ok(walk.report())
}

/// Every role somebody could hold in the scratch organization, and once more with "share all" for clients.
async fn roles(
    planter: &world::Planter<'_>,
    world: &world::World,
    likeness: &Likeness,
) -> Result<Vec<(Arc<Role>, bool)>, Refusal> {
    let mut all: Vec<(Arc<Role>, bool)> = Vec::new();
    let mut add = |role: Arc<Role>| {
        if !likeness.only.is_empty() && !likeness.only.contains(&role.key) {
            return;
        }
        if role.audience == Audience::Client {
            all.push((role.clone(), true));
        }
        all.push((role, false));
    };
    access::built_in().iter().cloned().for_each(&mut add);
    for (key, written) in &likeness.roles {
        let role = written.parse::<Roles>().ok().and_then(|mut roles| roles.0.pop());
        // A role that cannot be read grants nothing, here as there.
        let Some(role) = role else { continue };
        people::scratch::role(planter.store, planter.clock, world.tenant.id, key, written).await?;
        add(Arc::new(Role { key: key.clone(), ..role }));
    }
    Ok(all)
}

/// Somebody who may do everything that staff do, if there is one in this likeness.
fn chief(world: &world::World, now: kernel::Timestamp) -> Option<&world::Reader> {
    const ALL: [&str; 6] = [
        "incident.edit",
        "incident.publish",
        "incident.notes",
        "incident.assign",
        "site.view",
        "account.invite",
    ];
    world.readers.iter().find(|reader| ALL.iter().all(|word| may_anywhere(world, reader, word, now)))
}

/// May this reader do this to a record of the organization as a whole?
fn may_anywhere(world: &world::World, reader: &world::Reader, word: &str, now: kernel::Timestamp) -> bool {
    let whole = access::Facts::of(world.tenant.id.uuid());
    word.parse().is_ok_and(|permission| naive::may(&world.tenant, &reader.member, now, permission, &whole))
}
