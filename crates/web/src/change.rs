//! Changes of rights as values: what is to be done is prepared by the same verb that does it, so that it can be shown
//! as a difference first, done at once, done later under the rights its scheduler holds then, and undone.
//!
//! An area says with its route which kind of change the route makes ([`crate::Route::changes`]); nothing here knows
//! any of them.

mod query;

use std::future::Future;
use std::pin::Pin;

use access::{Authority, Facts, Permission, Plan, Resource};
use kernel::id::{ApiTokenId, ChangeId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::Batch;
use store::between::{Between, between};
use store::listing::Table;

use crate::app::App;
use crate::context::Ctx;

/// A future that a kind of change answers with.
pub type Preparing<'a> = Pin<Box<dyn Future<Output = Result<Prepared>> + Send + 'a>>;

/// A kind of change.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its stable word.
    pub word: &'static str,
    /// Asks every question about the change that a form says, under the rights of the context, and stores nothing.
    pub prepare: for<'a> fn(&'a Ctx, &'a Value) -> Preparing<'a>,
}

/// A change that may be made.
#[derive(Debug, Default)]
pub struct Prepared {
    /// What it is, in a line: "Role Night desk: changed".
    pub title: String,
    /// The record it is about, by its public id. Who does not see the record does not see the change.
    pub about: Option<String>,
    /// What to store. Its guards hold it to the rights it was decided on.
    pub batch: Batch,
    /// What each person concerned holds before and after, where it is people that change.
    pub pairs: Vec<(Authority, Authority)>,
    /// Those of them who are no members yet, by the name they are to have.
    pub newcomers: Vec<(MembershipId, String)>,
    /// What becomes of records, where it is a record that changes and everybody keeps what they hold.
    pub turned: Vec<Turned>,
    /// From when the difference shows, where that is later than now.
    pub from: Option<Timestamp>,
    /// The change that takes it back, as kind and form.
    pub inverse: Option<(&'static str, Value)>,
}

/// A record that is released, taken back or moved.
#[derive(Clone, Debug)]
pub struct Turned {
    /// What it is.
    pub resource: Resource,
    /// What whoever asked knows it by.
    pub label: String,
    /// What is decided on now.
    pub before: Facts,
    /// What is decided on then.
    pub after: Facts,
    /// It stands for records that are still to come, and is not counted among those that are there.
    pub to_come: bool,
}

/// A list whose records a difference counts.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Its rows.
    pub table: &'static Table,
    /// Who sees them.
    pub view: Permission,
    /// The field by which one is named.
    pub field: &'static str,
}

/// What appears or vanishes of one kind of record.
#[derive(Clone, Debug)]
pub struct Count {
    /// The kind.
    pub counted: Counted,
    /// What the person sees and did not see.
    pub appears: Between,
    /// What the person saw and does not see.
    pub vanishes: Between,
}

/// The most records that are counted; beyond, it says that there are more.
pub const MOST_COUNTED: usize = 1000;

/// Counts, for one person, the records that appear and vanish, of those `asker` may see.
///
/// # Errors
/// The store's.
pub async fn count(app: &App, asker: &Plan, before: &Plan, after: &Plan) -> Result<Vec<Count>> {
    let mut counts = Vec::new();
    for counted in &app.counted {
        let Counted { table, view, field } = *counted;
        if before.visibility_key(table.resource) == after.visibility_key(table.resource) {
            continue;
        }
        let appears = between(&app.store, (before, after, asker), view, table, field, MOST_COUNTED).await?;
        let vanishes = between(&app.store, (after, before, asker), view, table, field, MOST_COUNTED).await?;
        if appears.count + vanishes.count > 0 {
            counts.push(Count { counted: *counted, appears, vanishes });
        }
    }
    Ok(counts)
}

/// Somebody as they are before they are there: a member who holds nothing.
#[must_use]
pub fn nobody_yet(after: &Authority) -> Authority {
    Authority { active: false, assignments: Vec::new(), ..after.clone() }
}

impl App {
    /// The kind of change of a word.
    #[must_use]
    pub fn change(&self, word: &str) -> Option<Kind> {
        self.changes.iter().find(|kind| kind.word == word).copied()
    }
}

/// What a change says, as its kind writes it.
///
/// # Errors
/// A message at `form`.
pub fn said<T: DeserializeOwned>(form: &Value) -> Result<T> {
    T::deserialize(form).map_err(|why| Error::field("form", format!("this cannot be read: {why}")))
}

/// Remembers in a batch that a change was made, so that it can be looked up and undone.
pub fn remember(ctx: &Ctx, kind: Kind, form: &Value, prepared: &mut Prepared) {
    query::insert(ctx, (kind.word, form), prepared, true);
}

/// Makes a change that was prepared, and remembers it.
///
/// # Errors
/// Those of its guards, or the store's.
pub async fn commit(ctx: &Ctx, kind: Kind, form: &Value, mut prepared: Prepared) -> Result<()> {
    remember(ctx, kind, form, &mut prepared);
    ctx.commit(prepared.batch).await.map(|_| ())
}

/// Keeps a change to be looked at. What cannot be done is refused here, as it would be when done.
///
/// # Errors
/// Those of the kind, or the store's.
pub async fn propose(ctx: &Ctx, kind: Kind, form: &Value) -> Result<(ChangeId, Prepared)> {
    let mut prepared = (kind.prepare)(ctx, form).await?;
    // What it would store is not stored.
    prepared.batch = Batch::new();
    let id = query::insert(ctx, (kind.word, form), &mut prepared, false);
    let batch = std::mem::take(&mut prepared.batch);
    ctx.commit_new(batch, &format!("/changes/{id}")).await?;
    Ok((id, prepared))
}

/// Proposes a change from a form's second button, and goes where it is shown.
///
/// # Errors
/// As [`propose`].
pub async fn look(ctx: &Ctx, kind: Kind, form: &Value) -> Result<crate::Reply> {
    let (id, _) = propose(ctx, kind, form).await?;
    Ok(ctx.go(&format!("/changes/{id}")))
}

impl Ctx {
    /// A context in which the program acts for somebody who asked for it earlier: with the rights they hold now, and
    /// no more than the token they asked with.
    ///
    /// # Errors
    /// [`kernel::Error::SignedOut`] when they may not sign in any more; or the store's.
    pub async fn on_behalf(
        app: &App,
        organization: OrganizationId,
        membership: MembershipId,
        token: Option<ApiTokenId>,
        now: Timestamp,
    ) -> Result<Self> {
        crate::identity::on_behalf(app, organization, membership, token, now).await
    }
}
