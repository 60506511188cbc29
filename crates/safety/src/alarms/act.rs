//! Reading alarms, answering them, closing them.

use access::{Facts, FieldClass, Permission, Resource};
use kernel::id::{AlarmId, MembershipId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{AlarmFilter, Moment, NoteForm, State};
use super::query::{self, Doer};
use super::view::{ALARMS, AlarmOut, AlarmWhole, CardOut, MomentOut};
use super::{ACKNOWLEDGE, CLOSE, VIEW, mail};

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(ctx: &'a Ctx, permission: Permission, filter: &AlarmFilter) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &ALARMS)?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    match filter.state.as_str() {
        "" => Ok(listing),
        "open" => {
            listing.one_of("state", vec![State::Raised.number().into(), State::Acknowledged.number().into()])
        }
        word => {
            let state: State = word.parse().map_err(|e| Error::BadRequest(format!("state: {e}")))?;
            listing.is("state", state.number())
        }
    }
}

pub(super) async fn list(ctx: &Ctx, filter: &AlarmFilter) -> Result<Page<AlarmOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// The asker's latest alarms, for whoever raises them: with an own reach that is all they see.
pub(super) async fn latest(ctx: &Ctx) -> Result<Vec<AlarmOut>> {
    if !ctx.may(VIEW) {
        return Ok(Vec::new());
    }
    let page: Page<AlarmOut> =
        Listing::new(&ctx.plan, VIEW, &ALARMS)?.rows(PageSize::of(Some(5))).page(ctx.store()).await?;
    Ok(page.items)
}

pub(super) async fn find(ctx: &Ctx, id: AlarmId) -> Result<(AlarmOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &ALARMS, id.uuid()).await
}

/// Is the asker somebody who answers this alarm?
fn answers(ctx: &Ctx, facts: &Facts) -> bool {
    ctx.plan.check(ACKNOWLEDGE, facts) && ctx.plan.shows(Resource::Sos, FieldClass::People, facts)
}

/// An alarm with its course. Whoever answers alarms is shown the caller's emergency card while it lasts, and that is
/// written down (ROLES.md: MyProtektor).
pub(super) async fn whole(ctx: &Ctx, id: AlarmId) -> Result<(AlarmWhole, Facts)> {
    let (alarm, facts) = find(ctx, id).await?;
    let org = ctx.who.organization;
    let mut course = query::course(ctx.store(), org, id).await?;
    let card = if alarm.is_open() && answers(ctx, &facts) {
        opened(ctx, &alarm, &facts, &course).await?
    } else {
        None
    };
    if card.is_some() {
        course = query::course(ctx.store(), org, id).await?;
    }
    let all = ctx.plan.shows(Resource::Sos, FieldClass::People, &facts);
    let course =
        course.into_iter().filter_map(|(moment, by)| told(moment, all, by == Some(ctx.who.membership)));
    Ok((AlarmWhole { alarm, course: course.collect(), card }, facts))
}

/// What the asker reads of the course: all of it, or, as the caller, their own words and who answered and closed it.
fn told(moment: MomentOut, all: bool, own: bool) -> Option<MomentOut> {
    let answer = moment.kind == Moment::Acknowledged;
    if all || own || answer {
        return Some(moment);
    }
    match moment.kind {
        Moment::CalledAgain => Some(moment),
        Moment::Closed => Some(MomentOut { by: None, note: None, ..moment }),
        _ => None,
    }
}

async fn opened(
    ctx: &Ctx,
    alarm: &AlarmOut,
    facts: &Facts,
    course: &[(MomentOut, Option<MembershipId>)],
) -> Result<Option<CardOut>> {
    // A preview opens nobody's card: its asker is not the one who answers.
    let Some(caller) = facts.author.filter(|_| ctx.preview.is_none()) else { return Ok(None) };
    let (org, me) = (ctx.who.organization, ctx.who.membership);
    let Some(card) = query::card(ctx.store(), org, MembershipId::from_uuid(caller)).await? else {
        return Ok(None);
    };
    if card.is_empty() {
        return Ok(None);
    }
    let before = course.iter().any(|(moment, by)| moment.kind == Moment::CardOpened && *by == Some(me));
    if !before {
        let mut batch = Batch::new();
        let by = Doer { membership: Some(me), name: &ctx.who.name };
        query::happened(&mut batch, org, alarm.id, (Moment::CardOpened, ""), by, ctx.now());
        ctx.journal(
            &mut batch,
            "open_emergency_card",
            Resource::Sos,
            Some(alarm.id),
            &alarm.label(),
            &json!({}),
        );
        ctx.commit(batch).await?;
    }
    Ok(Some(card))
}

/// Answers an alarm by name. Who comes second reads who was first.
pub(super) async fn acknowledge(ctx: &Ctx, id: AlarmId) -> Result<AlarmWhole> {
    let (alarm, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(ACKNOWLEDGE, &facts)?;
    answered_already(&alarm)?;
    let mut batch = Batch::new();
    let by = Doer { membership: Some(ctx.who.membership), name: &ctx.who.name };
    query::answer(&mut batch, &permit, id, by, ctx.now());
    query::happened(&mut batch, ctx.who.organization, id, (Moment::Acknowledged, ""), by, ctx.now());
    mail::note(ctx, &mut batch, &mail::ANSWERED, id);
    ctx.journal(&mut batch, "acknowledge", Resource::Sos, Some(id), &alarm.label(), &json!({}));
    match ctx.commit(batch).await {
        Ok(_) => {}
        Err(Error::Stale) => {
            // Two pressed at once: the other was first.
            answered_already(&find(ctx, id).await?.0)?;
            return Err(Error::Stale);
        }
        Err(other) => return Err(other),
    }
    Ok(whole(ctx, id).await?.0)
}

fn answered_already(alarm: &AlarmOut) -> Result<()> {
    let by = alarm.answered_by.as_deref().unwrap_or("somebody");
    match alarm.state {
        State::Raised => Ok(()),
        State::Acknowledged => Err(Error::conflict(format!("{by} answers this alarm already"))),
        State::Closed => Err(Error::conflict("this alarm is closed")),
    }
}

/// Closes an alarm with what happened.
pub(super) async fn close(ctx: &Ctx, id: AlarmId, form: &NoteForm) -> Result<AlarmWhole> {
    let (alarm, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(CLOSE, &facts)?;
    if !alarm.is_open() {
        return Err(Error::conflict("this alarm is closed already"));
    }
    let note = form.parse("say what happened and that everybody is safe")?;
    let mut batch = Batch::new();
    let by = Doer { membership: Some(ctx.who.membership), name: &ctx.who.name };
    query::close(&mut batch, &permit, id, by, note.as_str(), ctx.now());
    query::happened(&mut batch, ctx.who.organization, id, (Moment::Closed, note.as_str()), by, ctx.now());
    ctx.journal(&mut batch, "close", Resource::Sos, Some(id), &alarm.label(), &json!({}));
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Writes something down: whoever answers, what they do; the caller, that they are safe.
pub(super) async fn note(ctx: &Ctx, id: AlarmId, form: &NoteForm) -> Result<AlarmWhole> {
    let (alarm, facts) = find(ctx, id).await?;
    let own = facts.author == Some(ctx.who.membership.uuid());
    if !own {
        ctx.plan.permit(ACKNOWLEDGE, &facts)?;
    }
    if !alarm.is_open() {
        return Err(Error::conflict(
            "this alarm is closed; what is to be added belongs into an incident report",
        ));
    }
    let note = form.parse("write what there is to say")?;
    let kind = if own { Moment::Safe } else { Moment::Note };
    let mut batch = Batch::new();
    let by = Doer { membership: Some(ctx.who.membership), name: &ctx.who.name };
    query::happened(&mut batch, ctx.who.organization, id, (kind, note.as_str()), by, ctx.now());
    ctx.journal(&mut batch, kind.word(), Resource::Sos, Some(id), &alarm.label(), &json!({}));
    ctx.commit_new(batch, &format!("/sos/{id}")).await?;
    Ok(whole(ctx, id).await?.0)
}
