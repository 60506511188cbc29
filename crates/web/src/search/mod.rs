//! The search: one question over everything that features let be found, each within the asker's plan.
//!
//! A feature says at the route of a list how its records are found ([`Search`]); the search folds over those, so
//! that it knows no area and no second way to a record. What a list hides is not found, and what it masks is neither
//! found by nor shown. A list that the asker may not enter is passed over in silence.

mod page;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use kernel::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Icon;

use crate::context::{Ctx, Door};
use crate::input::Query;
use crate::route::{Feature, Findable, Nav, Route};
use crate::{Answer, frame, mount};

/// The most hits of one kind.
const MOST_OF_A_KIND: usize = 6;
/// How many rows a list is asked for, so that the best of them can be put first.
pub const ROWS: u16 = 30;
/// The fewest characters that are looked for; one letter is in everything.
const FEWEST: usize = 2;
/// The most characters that are looked for.
const MOST: usize = 200;

/// How one kind of record is found.
#[derive(Clone, Copy)]
pub struct Search {
    /// The kind's word in JSON: `site`.
    pub kind: &'static str,
    /// What a heading calls them: "Sites".
    pub label: &'static str,
    /// Their icon.
    pub icon: fn() -> Icon,
    /// Finds at most [`ROWS`] of them, through the list's own act function. [`Error::NotFound`] says that the asker
    /// may not enter the list.
    pub find: fn(Ctx, String) -> Finding,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Hits on their way.
pub type Finding = Pin<Box<dyn Future<Output = Result<Vec<Hit>>> + Send>>;

/// A record that was found, of what the asker sees of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is called.
    pub label: String,
    /// More words: client, site, number.
    pub hint: String,
    /// Its page, below the door.
    pub path: String,
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// Words or a number, 2 to 200 characters.
    pub q: String,
    /// Only this kind, such as `site`.
    pub kind: String,
    /// `palette`: the hits alone, for the palette of a portal.
    #[schemars(skip)]
    pub part: String,
}

/// What was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FoundOut {
    /// What was looked for.
    pub q: String,
    /// By kind; kinds with nothing found are left out.
    pub kinds: Vec<KindOut>,
}

/// The hits of one kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KindOut {
    /// The kind's word: `site`.
    pub kind: &'static str,
    /// "Sites".
    pub label: &'static str,
    /// The best of them.
    pub hits: Vec<HitOut>,
    /// There are more; their list finds all.
    pub more: bool,
    /// Where all of them are found.
    pub list: String,
    #[serde(skip)]
    icon: fn() -> Icon,
}

/// A record that was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HitOut {
    /// What it is called.
    pub label: String,
    /// More words: client, site, number.
    pub hint: String,
    /// Where it is.
    pub href: String,
}

/// What the search adds to the program.
#[must_use]
pub fn feature() -> Feature {
    Feature {
        name: "search",
        routes,
        open: None,
        // The other portals have a box above every page.
        nav: &[Nav {
            label: "Search",
            path: PATH,
            icon: ui::icon::search,
            doors: &[Door::Portal(kernel::Portal::Field)],
            any_of: &[],
            place: 90,
        }],
    }
}

/// Where it is asked, below the door.
pub(crate) const PATH: &str = "/search";

fn routes() -> Vec<Route> {
    vec![
        Route::get(PATH, search)
            .says("Find records of every kind by words or number")
            .asks::<Asked>()
            .gives::<FoundOut>(),
    ]
}

async fn search(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let found = find(&ctx, &asked).await?;
    let pages = if asked.kind.is_empty() { frame::pages(&ctx, &asked.q) } else { Vec::new() };
    ctx.show(&found, |found| {
        if asked.part == "palette" {
            page::hits(&ctx, found)
        } else {
            page::whole(&ctx, &asked, &pages, found)
        }
    })
}

/// Finds within the plan, kind by kind.
async fn find(ctx: &Ctx, asked: &Asked) -> Result<FoundOut> {
    let q = asked.q.trim().to_owned();
    if q.chars().count() > MOST {
        return Err(Error::BadRequest(format!("look for at most {MOST} characters")));
    }
    let known = |f: &&Findable| f.doors.contains(&ctx.door);
    if !asked.kind.is_empty() && !ctx.app.findable.iter().filter(known).any(|f| f.search.kind == asked.kind) {
        return Err(Error::BadRequest(format!("there is no kind {} to look for", asked.kind)));
    }
    let mut kinds = Vec::new();
    if q.chars().count() >= FEWEST {
        for findable in ctx.app.findable.iter().filter(known) {
            let search = &findable.search;
            if !asked.kind.is_empty() && search.kind != asked.kind {
                continue;
            }
            match (search.find)(ctx.clone(), q.clone()).await {
                Ok(hits) if hits.is_empty() => {}
                Ok(hits) => kinds.push(best(ctx, &q, findable, hits)),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(FoundOut { q, kinds })
}

/// The best hits of a kind: those whose name begins with what was typed, then those with a word that does.
fn best(ctx: &Ctx, q: &str, findable: &Findable, mut hits: Vec<Hit>) -> KindOut {
    let wanted = store::fold(q);
    hits.sort_by_cached_key(|hit| {
        // A name that begins so is worth more than a site or client that does.
        let (label, hint) = (rank(&wanted, &store::fold(&hit.label)), rank(&wanted, &store::fold(&hit.hint)));
        (label.min(hint + 3), label)
    });
    let more = hits.len() > MOST_OF_A_KIND;
    hits.truncate(MOST_OF_A_KIND);
    KindOut {
        kind: findable.search.kind,
        label: findable.search.label,
        hits: hits
            .into_iter()
            .map(|hit| HitOut { label: hit.label, hint: hit.hint, href: ctx.href(&hit.path) })
            .collect(),
        more,
        list: ctx.href(&format!("{}?q={}", findable.path, mount::encode(q))),
        icon: findable.search.icon,
    }
}

fn rank(wanted: &str, label: &str) -> u8 {
    if label == wanted {
        0
    } else if label.starts_with(wanted) {
        1
    } else if label.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(wanted)) {
        2
    } else if label.contains(wanted) {
        3
    } else {
        4
    }
}

/// May a portal offer the search? Where the program has it and there is something to find.
pub(crate) fn offered(ctx: &Ctx) -> bool {
    matches!(ctx.door, Door::Portal(kernel::Portal::Office | kernel::Portal::Client))
        && ctx.app.features.iter().any(|feature| feature.name == "search")
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn what_begins_with_the_words_comes_first() {
        let labels = ["pier 12", "12", "harbour", "12 pier", "area b12"];
        let mut ranked = labels;
        ranked.sort_by_key(|label| rank("12", label));
        assert_eq!(ranked, ["12", "12 pier", "pier 12", "area b12", "harbour"]);
    }
}
