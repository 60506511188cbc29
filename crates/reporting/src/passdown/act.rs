//! What can be done with passdown notes.

use access::{Facts, Resource};
use kernel::id::{PassdownId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{NOTES, NoteFilter, NoteForm, NoteOut, NoteWhole, ReadForm};
use super::query::{self, New};
use super::{ACKNOWLEDGE, CREATE, DELETE, VIEW};
use crate::{readings, sites};

/// A note has one edition.
const ONLY: i64 = 1;

pub(super) async fn list(ctx: &Ctx, filter: &NoteFilter) -> Result<Page<NoteOut>> {
    ctx.require(VIEW)?;
    let mut listing =
        Listing::new(&ctx.plan, VIEW, &NOTES)?.is("archived", i64::from(filter.archived))?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    let mut page: Page<NoteOut> =
        listing.after(filter.cursor.as_deref()).rows(PageSize::of(filter.limit)).page(ctx.store()).await?;
    mark(ctx, &mut page.items).await?;
    Ok(page)
}

/// Puts the asker's own marks on notes.
async fn mark(ctx: &Ctx, notes: &mut [NoteOut]) -> Result<()> {
    let ids: Vec<_> = notes.iter().map(|n| n.id.uuid()).collect();
    let mine = readings::mine(ctx, &ids).await?;
    for note in notes {
        note.read_at = mine.get(&note.id.uuid()).map(|found| found.1);
    }
    Ok(())
}

pub(super) async fn find(ctx: &Ctx, id: PassdownId) -> Result<(NoteOut, Facts)> {
    let (mut note, facts): (NoteOut, Facts) =
        listing::find(ctx.store(), &ctx.plan, VIEW, &NOTES, id.uuid()).await?;
    mark(ctx, std::slice::from_mut(&mut note)).await?;
    Ok((note, facts))
}

/// A note, with who has read it for those who run the site, and for whoever wrote it who has.
pub(super) async fn whole(ctx: &Ctx, id: PassdownId) -> Result<(NoteWhole, Facts)> {
    let (note, facts) = find(ctx, id).await?;
    let runs = ctx.plan.check(DELETE, &facts);
    let (mut read, mut missing) = (Vec::new(), Vec::new());
    if runs || note.author_id == ctx.who.membership {
        read = readings::of(ctx, id.uuid()).await?;
    }
    if runs && !note.archived {
        missing = readings::missing(ctx, (ACKNOWLEDGE, DELETE), &facts, ONLY, &read).await?;
    }
    Ok((NoteWhole { note, readings: read, missing }, facts))
}

pub(super) async fn create(ctx: &Ctx, form: &NoteForm) -> Result<NoteWhole> {
    ctx.require(CREATE)?;
    let place = sites::chosen(ctx, CREATE, &form.site).await?;
    let facts = Facts { author: Some(ctx.who.membership.uuid()), ..place.facts };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    let (body, written_at) = form.parse(ctx.now())?;
    let id = PassdownId::new();
    let mut batch = Batch::new();
    let author = (ctx.who.membership, ctx.who.name.as_str());
    query::insert(
        &mut batch,
        &permit,
        &New { id, place: &place, body: &body, author, written_at, now: ctx.now() },
    );
    let detail = json!({ "after": form });
    ctx.journal(&mut batch, "create", Resource::Passdown, Some(id), &place.name, &detail);
    ctx.commit_new(batch, &format!("/passdown/{id}")).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Archives a note that no longer holds, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: PassdownId, archived: bool) -> Result<NoteWhole> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived != archived {
        let mut batch = Batch::new();
        query::set_archived(&mut batch, &permit, id, before.version, archived);
        let verb = if archived { "archive" } else { "restore" };
        ctx.journal(&mut batch, verb, Resource::Passdown, Some(id), &before.label(), &json!({}));
        ctx.commit(batch).await?;
    }
    Ok(whole(ctx, id).await?.0)
}

/// "I have read it."
pub(super) async fn acknowledge(ctx: &Ctx, id: PassdownId, form: &ReadForm) -> Result<NoteOut> {
    let (note, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(ACKNOWLEDGE, &facts)?;
    if note.author_id == ctx.who.membership {
        return Err(Error::conflict("this is your own note"));
    }
    let at = readings::said_at(&form.at, ctx.now()).map_err(|e| Error::field("at", e))?;
    let mut batch = Batch::new();
    readings::put(ctx, &mut batch, &permit, id.uuid(), ONLY, at);
    let detail = json!({ "at": at });
    ctx.journal(&mut batch, "acknowledge", Resource::Passdown, Some(id), &note.label(), &detail);
    ctx.commit_new(batch, "/passdown").await?;
    Ok(find(ctx, id).await?.0)
}
