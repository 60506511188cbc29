//! Asking and answering.

use access::Resource;
use kernel::id::{AccessRequestId, MembershipId};
use kernel::page::{Page, PageSize};
use kernel::text::{EmailAddress, Line};
use kernel::{Error, FieldErrors, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{AnswerForm, AskForm, Mine, RequestFilter, RequestOut, State};
use super::query::{self, New, REQUESTS};
use crate::explain::{self, Found, Why};
use crate::grants::GIVE;
use crate::letters::{self, Sender};

/// So many requests a person makes in a day.
const MOST_A_DAY: i64 = 10;
const DAY: i64 = 86_400_000_000;
/// So many of those who can grant are written to.
const MOST_LETTERS: usize = 10;

/// One's own requests.
pub(super) async fn mine(ctx: &Ctx) -> Result<Vec<Mine>> {
    query::mine(ctx.store(), ctx.who.organization, ctx.who.membership).await
}

/// Files a request. What it names is not looked up: hidden and absent are asked for alike.
pub(super) async fn ask(ctx: &Ctx, form: &AskForm) -> Result<()> {
    let mut errors = FieldErrors::default();
    let path = errors.take("path", form.path.parse::<Line<300>>());
    let note = errors.take("note", form.note.parse::<Line<500>>());
    errors.check()?;
    let (Some(path), Some(note)) = (path, note) else {
        return Err(Error::internal("a checked form lacks a field"));
    };
    let (organization, me, now) = (ctx.who.organization, ctx.who.membership, ctx.now());
    let made = query::made_since(ctx.store(), organization, me, now.as_microsecond() - DAY).await?;
    if made >= MOST_A_DAY {
        return Err(Error::conflict(
            "You asked for access often today. Wait for an answer, or until tomorrow.",
        ));
    }
    let facts = query::placed(ctx.store(), organization, me).await?;
    let id = AccessRequestId::new();
    let mut batch = Batch::new();
    let roles = ctx.role_names();
    query::insert(
        &mut batch,
        organization,
        &New {
            id,
            membership: me,
            name: &ctx.who.name,
            roles: &roles,
            facts,
            path: path.as_str(),
            note: note.as_str(),
            now,
        },
    );
    let mut granters: Vec<MembershipId> = ctx
        .app
        .crowd(organization)
        .await?
        .iter()
        .filter(|(membership, plan)| **membership != me && plan.check(GIVE, &facts))
        .map(|(membership, _)| *membership)
        .collect();
    granters.sort_unstable();
    granters.truncate(MOST_LETTERS);
    let said = format!("{} asks to see {}: {}", ctx.who.name, path, note);
    for address in query::addresses(ctx.store(), organization, &granters).await? {
        let to: EmailAddress = address.parse().map_err(Error::internal)?;
        letters::access_asked(
            &mut batch,
            &ctx.app,
            sender(ctx),
            &to,
            &said,
            &format!("/office/requests/{id}"),
            now,
        );
    }
    let detail = json!({ "request": id, "address": path.as_str(), "note": note.as_str() });
    ctx.journal(&mut batch, "ask_access", Resource::Account, Some(me), &ctx.who.name, &detail);
    ctx.commit(batch).await.map(|_| ())
}

fn sender(ctx: &Ctx) -> Sender<'_> {
    Sender { organization: Some(ctx.who.organization), name: &ctx.who.organization_name, hue: ctx.who.hue }
}

/// The requests that one may answer.
pub(super) async fn list(ctx: &Ctx, filter: &RequestFilter) -> Result<Page<RequestOut>> {
    ctx.require(GIVE)?;
    let state: State = match filter.state.as_str() {
        "" => State::Open,
        word => word.parse().map_err(Error::BadRequest)?,
    };
    Listing::new(&ctx.plan, GIVE, &REQUESTS)?
        .is("state", state.number())?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// A request, and what stands between the asker and what they named; none where the answerer finds no such record.
pub(super) async fn show(ctx: &Ctx, id: AccessRequestId) -> Result<(RequestOut, Option<(String, Why)>)> {
    let (request, _) =
        listing::find::<RequestOut>(ctx.store(), &ctx.plan, GIVE, &REQUESTS, id.uuid()).await?;
    let between = between(ctx, &request).await?;
    Ok((request, between))
}

async fn between(ctx: &Ctx, request: &RequestOut) -> Result<Option<(String, Why)>> {
    let Some(found) = record(ctx, &request.path).await? else { return Ok(None) };
    match explain::between(ctx, &found, request.membership).await {
        Ok(why) => Ok(Some((found.label.clone(), why))),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The record that an address names, within the plan of whoever answers.
async fn record<'a>(ctx: &'a Ctx, path: &str) -> Result<Option<Found<'a>>> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    for part in path.split('/').filter(|part| explain::sought(&ctx.app, part).is_some()) {
        match explain::find(&ctx.app, &ctx.plan, part).await {
            Ok(found) => return Ok(Some(found)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// Answers a request. Granting does not give anything by itself: what stands in between is changed where it belongs,
/// with its own questions; then the asker is told. A record they still cannot see cannot be granted.
pub(super) async fn answer(ctx: &Ctx, id: AccessRequestId, form: &AnswerForm) -> Result<()> {
    let (request, between) = show(ctx, id).await?;
    let permit = ctx.plan.permit(GIVE, &request.facts)?;
    let mut errors = FieldErrors::default();
    let state = errors.take(
        "decision",
        form.decision
            .parse::<State>()
            .and_then(|state| if state == State::Open { Err("choose".into()) } else { Ok(state) }),
    );
    let note = errors.take("note", Line::<500>::optional(form.note.as_str()));
    errors.check()?;
    let (Some(state), Some(note)) = (state, note) else {
        return Err(Error::internal("a checked form lacks a field"));
    };
    let version = web::input::version(&form.version)?;
    if request.membership == ctx.who.membership {
        return Err(Error::forbidden("Nobody answers their own request. Ask another administrator."));
    }
    let note = note.as_ref().map_or("", |note| note.as_str());
    if state == State::Granted {
        match &between {
            Some((_, why)) if !why.member.sees => {
                return Err(Error::conflict(format!(
                    "{} still cannot see it. Change what stands in between first, then say that it is granted.",
                    request.name
                )));
            }
            None if note.is_empty() => {
                return Err(Error::field(
                    "note",
                    "there is no such record that you may see; say what you granted",
                ));
            }
            _ => {}
        }
    }
    let now = ctx.now();
    let mut batch = Batch::new();
    query::decide(&mut batch, &permit, id, version, (state, &ctx.who.name, note, now));
    let granted = state == State::Granted;
    for address in query::addresses(ctx.store(), ctx.who.organization, &[request.membership]).await? {
        let to: EmailAddress = address.parse().map_err(Error::internal)?;
        letters::access_answered(&mut batch, &ctx.app, sender(ctx), &to, (granted, &request.path, note), now);
    }
    let detail = json!({ "request": id, "address": request.path, "answer": note });
    let action = if granted { "grant_access" } else { "decline_access" };
    ctx.journal(&mut batch, action, Resource::Account, Some(request.membership), &request.name, &detail);
    ctx.commit(batch).await.map(|_| ())
}
