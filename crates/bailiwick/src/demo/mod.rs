//! `bailiwick demo`: a believable world that follows from a seed.

mod dice;
mod incidents;
mod names;
mod query;
mod story;
mod world;

use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, Error, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Store};

use self::incidents::{Cast, Stretch};
use self::world::World;
use crate::cli::Refusal;
use crate::say;
use crate::settings::Settings;

/// Incidents made and stored with one commit.
const STEP: u64 = 10_000;

/// From so many on, the disk is not synced at every step: what a crash undoes is made again by the next run.
const MANY: u64 = 10_000;

/// What the world is to be.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// How many incidents there are in the end
    #[arg(long, default_value_t = 1500, value_name = "NUMBER")]
    incidents: u64,
    /// What the world follows from; the same seed gives the same world
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The instant that the world takes for now, such as 2026-11-23T08:00:00Z
    #[arg(long, value_name = "INSTANT")]
    now: Option<Timestamp>,
    /// Serve the world afterwards; its sign-in page lists its people
    #[arg(long)]
    pub(crate) serve: bool,
}

/// What is noted of the world in the database.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Note {
    /// Places and people are whole.
    peopled: bool,
    /// People have done what they do: roles given and taken, a review started.
    #[serde(default)]
    lived: bool,
    /// The stretches of incidents, whole or under way.
    stretches: Vec<Noted>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Noted {
    seed: u64,
    until: i64,
    count: u64,
}

/// Makes the world, or what of it is missing.
pub(crate) async fn make(store: &Store, settings: &Settings, wish: &Wish) -> Result<(), Refusal> {
    let world = World::open()?;
    let mut note = match query::note(store).await? {
        Some(text) => serde_json::from_str(&text).map_err(|why| why.to_string())?,
        None if crate::query::organizations(store).await?.is_empty() => Note::default(),
        None => {
            return Err(Refusal(
                "this database holds organizations of its own; a demo world is made in an empty one \
                 (name another with --data-dir or --database-url)"
                    .into(),
            ));
        }
    };
    let clock = match wish.now {
        Some(now) => Clock::fixed(now),
        None => Clock::system(),
    };
    if !note.peopled {
        if !crate::query::organizations(store).await?.is_empty() {
            return Err(Refusal(
                "making the demo world was interrupted at its beginning; remove the data directory (or the \
                 database) and start again"
                    .into(),
            ));
        }
        save(store, &note).await?;
        world.build(store, &clock, wish.seed).await?;
        note.peopled = true;
        save(store, &note).await?;
    }
    let there: u64 = note.stretches.iter().map(|stretch| stretch.count).sum();
    if wish.incidents > there {
        let count = wish.incidents - there;
        note.stretches.push(Noted { seed: wish.seed, until: clock.now().as_microsecond(), count });
        save(store, &note).await?;
    }
    let many = wish.incidents.saturating_sub(there) >= MANY;
    if many {
        store.hurry(true).await?;
    }
    let told = tell(store, &world, &note).await;
    if many {
        store.hurry(false).await?;
    }
    told?;
    if !note.lived {
        live(store, &clock, settings).await?;
        note.lived = true;
        save(store, &note).await?;
    }
    Ok(())
}

/// Lets the first organization's administrators do what they do, the way of requests.
async fn live(store: &Store, clock: &Clock, settings: &Settings) -> Result<(), Refusal> {
    let app = web::App::new(
        store.clone(),
        store::files::Files::open(&settings.files, crate::settings::keys())?,
        clock.clone(),
        web::Config {
            public_url: settings.public_url.clone(),
            demo: true,
            tiles_url: None,
            behind_proxy: false,
        },
        crate::features(),
    );
    for (organization, _) in crate::query::organizations(store).await? {
        people::setup::age(store, clock, organization).await?;
        people::demo::live(&app, organization).await?;
        timekeeping::setup::schedule(store, organization, clock.now()).await?;
        field::setup::rounds(store, organization, clock.now()).await?;
        safety::setup::alarms(store, organization, clock.now()).await?;
    }
    Ok(())
}

async fn save(store: &Store, note: &Note) -> Result<(), Refusal> {
    let mut batch = Batch::new();
    query::set_note(&mut batch, &serde_json::to_string(note).map_err(|why| why.to_string())?);
    store.commit(batch).await?;
    Ok(())
}

/// Stores every incident of every stretch that is not there yet.
async fn tell(store: &Store, world: &World, note: &Note) -> Result<(), Refusal> {
    let style =
        ProgressStyle::with_template("incidents {wide_bar} {human_pos}/{human_len}, {per_sec}, {eta} left");
    let total = note.stretches.iter().map(|stretch| stretch.count).sum();
    let bar = ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let organizations = crate::query::organizations(store).await?;
    for (place, organization) in (0u64..).zip(&world.organization) {
        let found = organizations.iter().find(|(_, name)| *name == organization.name);
        let Some((id, _)) = found else {
            // People may have renamed it since; then its stories are told to their end.
            continue;
        };
        let cast = Arc::new(Cast::load(store, *id, organization).await?);
        let last = reporting::setup::last_number(store, *id).await?;
        if last == 0 {
            let mut batch = Batch::new();
            reporting::setup::add_types(&mut batch, *id, cast.kinds());
            store.commit(batch).await?;
        }
        let mut first = 0;
        for noted in &note.stretches {
            let share = organization.share;
            let count = noted.count * share / 100 + u64::from(place == 0) * rest(world, noted.count);
            let stretch = Stretch { seed: noted.seed, place, first, count, until: noted.until };
            stretch_on(store, &cast, stretch, u64::try_from(last).unwrap_or(0), &bar).await?;
            first += count;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// What dividing by shares leaves over; the first organization gets it.
fn rest(world: &World, count: u64) -> u64 {
    count - world.organization.iter().map(|organization| count * organization.share / 100).sum::<u64>()
}

/// Stores what is missing of a stretch. The next incidents are made while the last ones are stored.
async fn stretch_on(
    store: &Store,
    cast: &Arc<Cast>,
    stretch: Stretch,
    last: u64,
    bar: &ProgressBar,
) -> Result<(), Refusal> {
    // Numbers follow the stretches, so the last number says how far this one came. What people filed in between
    // counts as told: a world that lives is not filled up behind their backs.
    let done = last.saturating_sub(stretch.first).min(stretch.count);
    bar.inc(done);
    let (sender, mut made) = tokio::sync::mpsc::channel(2);
    let teller = Arc::clone(cast);
    let telling = tokio::task::spawn_blocking(move || -> Result<(), Error> {
        let mut from = done;
        while from < stretch.count {
            let until = (from + STEP).min(stretch.count);
            let some = (from..until)
                .map(|place| {
                    let number = i64::try_from(stretch.first + place + 1).map_err(Error::internal)?;
                    teller.incident(&stretch, place, number)
                })
                .collect::<Result<Vec<_>, Error>>()?;
            let batch = incidents::batch(&teller, &stretch, from, &some);
            if sender.blocking_send((batch, until - from)).is_err() {
                return Ok(());
            }
            from = until;
        }
        Ok(())
    });
    while let Some((batch, count)) = made.recv().await {
        store.commit(batch).await?;
        bar.inc(count);
    }
    telling.await.map_err(Error::internal)??;
    Ok(())
}

/// Prints who can sign in.
pub(crate) fn print_sign_ins(url: &str) -> Result<(), Refusal> {
    let sign_ins = World::open()?.sign_ins();
    let width = |pick: fn(&world::SignIn) -> &str| {
        sign_ins.iter().map(|one| pick(one).chars().count()).max().unwrap_or(0)
    };
    let (role, email, place) = (width(|s| &s.role), width(|s| &s.email), width(|s| &s.place));
    say::line(format_args!("{:role$}  {:email$}  {:place$}  {}", "ROLE", "E-MAIL", "WHERE", "WHAT THEY MAY"));
    for one in &sign_ins {
        say::line(format_args!(
            "{:role$}  {:email$}  {:place$}  {}",
            one.role, one.email, one.place, one.about
        ));
    }
    say::line("");
    say::line(format_args!("Everybody's password: {}", people::demo::PASSWORD));
    say::line(format_args!("Sign in at {url}"));
    Ok(())
}
