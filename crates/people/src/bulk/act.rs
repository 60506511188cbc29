//! What can be done: ask what would come of it, do it, see how far it is.

use std::collections::{HashMap, HashSet};

use access::{Authority, Hierarchy, Resource, Target};
use kernel::id::{JobId, MembershipId};
use kernel::page::PageSize;
use kernel::text::EmailAddress;
use kernel::{Error, Result};
use serde_json::json;
use store::listing::Listing;
use store::{Batch, Value};
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing};

use super::judge::{Good, Offer, judge};
use super::model::{BulkForm, MOST, PreviewOut, RefusedOut, RunOut, RunState};
use super::query;
use super::take::TAKE_KIND;
use crate::grants::{self, GIVE};
use crate::members::query::{MEMBERS, NewAssignment};
use crate::members::{self, MemberOut, Term, query as people};
use crate::targets::{self, names::Names};

/// So many people are written at once; between two batches others get their turn, and the progress is told.
const STEP: usize = 200;

/// Up to so many people are given the role before the answer; more go on behind it.
const AT_ONCE: usize = 400;

/// What is to be given, checked as far as it concerns nobody in particular.
async fn offer(ctx: &Ctx, form: &BulkForm) -> Result<Offer> {
    ctx.require(GIVE)?;
    let role = members::role(ctx, form.role.as_str(), None).await?;
    let term = Term::read(&form.from, &form.until, &members::zone(ctx), ctx.now())?;
    let targets = members::chosen(ctx, &role, &form.targets).await?;
    let hierarchy = targets::around(ctx, targets.iter().copied()).await?;
    grants::everywhere(ctx, GIVE, &targets, &hierarchy)?;
    Ok(Offer { role, targets, term })
}

/// Those of these people who may be seen.
pub(super) async fn found(ctx: &Ctx, ids: &[MembershipId], side: i64) -> Result<Vec<MemberOut>> {
    let mut all = Vec::new();
    for some in ids.chunks(usize::from(PageSize::MOST)) {
        let page = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .is("audience", side)?
            .one_of("id", some.iter().map(|id| Value::from(*id)).collect())?
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<MemberOut>(ctx.store())
            .await?;
        all.extend(page.items);
    }
    Ok(all)
}

/// Everybody who was named in one of the three ways, once; and the addresses at which nobody was found. Whom the
/// asker may not see is not found.
async fn named(ctx: &Ctx, offer: &Offer, form: &BulkForm) -> Result<(Vec<MemberOut>, Vec<RefusedOut>)> {
    let side = offer.role.audience.number();
    let unknown = || Error::field("people", "choose from the list");
    let mut ids = Vec::new();
    for word in form.people.iter().filter(|word| !word.trim().is_empty()) {
        ids.push(word.trim().parse::<MembershipId>().map_err(|_no_id| unknown())?);
    }
    if !form.holders_of.is_blank() {
        let key = form.holders_of.as_str().trim();
        ids.extend(query::holders(ctx.store(), ctx.who.organization, key).await?);
    }
    let separators = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut addresses: Vec<(String, Option<EmailAddress>)> = Vec::new();
    for word in form.addresses.as_str().split(separators).filter(|word| !word.is_empty()) {
        addresses.push((word.to_owned(), word.parse().ok()));
    }
    if ids.len() + addresses.len() > MOST {
        return Err(Error::field("people", format!("name no more than {MOST} people at once")));
    }
    let mut all = found(ctx, &ids, side).await?;
    let mails: Vec<EmailAddress> = addresses.iter().filter_map(|(_, mail)| mail.clone()).collect();
    let with = query::by_addresses(ctx.store(), ctx.who.organization, side, &mails).await?;
    let by_mail = found(ctx, &with, side).await?;
    let there: HashSet<String> = by_mail.iter().map(|member| member.email.clone()).collect();
    let absent = addresses
        .into_iter()
        .filter(|(_, mail)| mail.as_ref().is_none_or(|mail| !there.contains(mail.as_str())))
        .map(|(typed, _)| RefusedOut {
            membership: None,
            name: typed,
            because: "nobody on this role's side has this address here, as far as you may see".to_owned(),
        })
        .collect();
    all.extend(by_mail);
    let mut seen = HashSet::new();
    all.retain(|member| seen.insert(member.id));
    all.sort_by_cached_key(|member| store::fold(&member.name));
    Ok((all, absent))
}

/// Everybody judged: those who can have it, and those who cannot.
async fn judged(
    ctx: &Ctx,
    giver: &Authority,
    offer: &Offer,
    all: Vec<MemberOut>,
) -> Result<(Vec<Good>, Vec<RefusedOut>)> {
    let ids: Vec<MembershipId> = all.iter().map(|member| member.id).collect();
    let held: HashMap<MembershipId, Authority> =
        web::identity::authorities_of(ctx.store(), ctx.who.organization, &ids, ctx.now())
            .await?
            .into_iter()
            .map(|authority| (authority.membership, authority))
            .collect();
    let places = held.values().flat_map(|a| &a.assignments).flat_map(|a| a.targets.iter().copied());
    let places: Vec<Target> = places.chain(offer.targets.iter().copied()).collect();
    let hierarchy: Hierarchy = targets::around(ctx, places).await?;
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for member in all {
        let Some(before) = held.get(&member.id) else { continue };
        let (id, name) = (member.id, member.name.clone());
        match judge(ctx, giver, offer, member, before, &hierarchy).await? {
            Ok(one) => good.push(one),
            Err(because) => refused.push(RefusedOut { membership: Some(id), name, because }),
        }
    }
    Ok((good, refused))
}

/// What would come of it. Nothing is stored.
pub(super) async fn preview(ctx: &Ctx, form: &BulkForm) -> Result<PreviewOut> {
    let offer = offer(ctx, form).await?;
    let (all, mut refused) = named(ctx, &offer, form).await?;
    if all.is_empty() && refused.is_empty() {
        return Err(Error::field("people", "choose at least one person"));
    }
    let giver = grants::giver(ctx).await?;
    let (good, more) = judged(ctx, &giver, &offer, all).await?;
    refused.extend(more);
    Ok(PreviewOut {
        role: offer.role.key.clone(),
        role_name: offer.role.name.clone(),
        place: Names::of(ctx, offer.targets.iter().copied()).await?.sentence(&offer.targets),
        good: good.len(),
        first: good.iter().take(100).map(|one| one.member.name.clone()).collect(),
        refused,
    })
}

/// Giving a role to many, as a kind of change.
pub(super) const GIVE_KIND: Kind = Kind { word: "give_role_to_many", prepare: give_said };

fn give_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let form: BulkForm = change::said(form)?;
        prepare(ctx, &form).await
    })
}

/// Asks every question about giving a role to many at once: to all of them or nobody, or to those who can have it.
async fn prepare(ctx: &Ctx, form: &BulkForm) -> Result<Prepared> {
    let offer = offer(ctx, form).await?;
    let (all, mut refused) = named(ctx, &offer, form).await?;
    if all.is_empty() {
        return Err(Error::field("people", "choose at least one person"));
    }
    let asked = all.len() + refused.len();
    let giver = grants::giver(ctx).await?;
    let (mut good, more) = judged(ctx, &giver, &offer, all).await?;
    refused.extend(more);
    if good.is_empty() || (form.mode.as_str().trim() != "good" && !refused.is_empty()) {
        return Err(Error::conflict(
            "Not all of them can have the role. Look at who cannot and why, or give it to those who can.",
        ));
    }
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    for one in &good {
        give(ctx, &mut batch, &offer, one);
    }
    let title = title(&offer, good.len(), asked);
    let inverse = Some((TAKE_KIND.word, taking(ctx, &good)));
    let from = offer.term.from.filter(|from| *from > ctx.now());
    let pairs = good.drain(..).map(|one| (one.before, one.after)).collect();
    Ok(Prepared { title, batch, pairs, from, inverse, ..Prepared::default() })
}

fn title(offer: &Offer, given: usize, asked: usize) -> String {
    let people = crate::words::count(given, "person", "people");
    if given == asked {
        format!("Role {} given to {people}", offer.role.name)
    } else {
        format!("Role {} given to {people} of {asked} named", offer.role.name)
    }
}

/// What takes it from all of them again.
fn taking(ctx: &Ctx, good: &[Good]) -> serde_json::Value {
    let all: Vec<_> =
        good.iter().map(|one| json!({ "member": one.member.id, "assignment": one.assignment.id })).collect();
    json!({ "given_at": ctx.now(), "people": all })
}

/// Remembers what was given in this batch, so that it can be taken back.
fn noted(ctx: &Ctx, batch: &mut Batch, form: &BulkForm, offer: &Offer, good: &[Good]) {
    if good.is_empty() {
        return;
    }
    let people = good.iter().map(|one| one.member.id.to_string()).collect();
    let said = BulkForm {
        people,
        addresses: web::Text::default(),
        holders_of: web::Text::default(),
        ..form.clone()
    };
    let Ok(said) = serde_json::to_value(&said) else { return };
    let mut prepared = Prepared {
        title: title(offer, good.len(), good.len()),
        batch: std::mem::take(batch),
        inverse: Some((TAKE_KIND.word, taking(ctx, good))),
        ..Prepared::default()
    };
    change::remember(ctx, GIVE_KIND, &said, &mut prepared);
    *batch = prepared.batch;
}

fn give(ctx: &Ctx, batch: &mut Batch, offer: &Offer, one: &Good) {
    people::insert_assignment(
        batch,
        &NewAssignment {
            organization: ctx.who.organization,
            membership: one.member.id,
            id: one.assignment.id,
            role: &offer.role.key,
            targets: &offer.targets,
            from: offer.term.from,
            until: offer.term.until,
            granted_by: Some(ctx.who.membership),
            now: ctx.now(),
        },
    );
    people::place(batch, ctx.who.organization, one.member.id, &one.placement);
    let words: Vec<String> = offer.targets.iter().map(|t| targets::word(*t)).collect();
    let detail = json!({ "after": { "role": offer.role.key, "targets": words, "from": offer.term.from, "until": offer.term.until } });
    ctx.journal(batch, "give_role", Resource::Account, Some(one.member.id), &one.member.name, &detail);
}

/// Gives the role: to all or nobody, or to those who can have it.
pub(super) async fn assign(ctx: &Ctx, form: &BulkForm) -> Result<JobId> {
    let offer = offer(ctx, form).await?;
    let everybody = match form.mode.as_str().trim() {
        "all" => true,
        "good" => false,
        _ => return Err(Error::field("mode", "say whether all of them must be able to have it")),
    };
    let (all, absent) = named(ctx, &offer, form).await?;
    if all.is_empty() {
        return Err(Error::field("people", "choose at least one person"));
    }
    let first = Target::Organization;
    let facts = grants::facts(
        ctx.who.organization,
        offer.targets.first().copied().unwrap_or(first),
        &targets::around(ctx, offer.targets.iter().copied()).await?,
    );
    let permit = ctx.plan.permit_new(GIVE, &facts)?;
    let ids: Vec<MembershipId> = all.iter().map(|member| member.id).collect();
    let id = JobId::new();
    let question = serde_json::to_string(form).map_err(Error::internal)?;
    let mut batch = Batch::new();
    if everybody {
        let giver = grants::giver(ctx).await?;
        let (good, refused) = judged(ctx, &giver, &offer, all).await?;
        if !refused.is_empty() || !absent.is_empty() {
            return Err(Error::conflict(
                "Nobody was given the role: not all of them can have it. Look at the preview, or give it to those who can.",
            ));
        }
        grants::decided_on(&mut batch, &giver);
        query::begin(&mut batch, &permit, id, &question, &ids, ctx.now());
        for one in &good {
            give(ctx, &mut batch, &offer, one);
            query::settle(&mut batch, ctx.who.organization, id, one.member.id, None);
        }
        noted(ctx, &mut batch, form, &offer, &good);
        query::finish(&mut batch, ctx.who.organization, id);
        ctx.commit_new(batch, &format!("/members/bulk/{id}")).await?;
        return Ok(id);
    }
    query::begin(&mut batch, &permit, id, &question, &ids, ctx.now());
    ctx.commit_new(batch, &format!("/members/bulk/{id}")).await?;
    if ids.len() <= AT_ONCE {
        work(ctx, id, form, &offer).await?;
    } else {
        let (ctx, form) = (ctx.clone(), form.clone());
        tokio::spawn(async move {
            if let Err(error) = work(&ctx, id, &form, &offer).await {
                tracing::warn!(%error, run = %id, "giving a role to many stopped; it can be gone on with");
            }
        });
    }
    Ok(id)
}

/// Goes on with a run of the asker's that stopped on its way, as when the program was restarted.
pub(super) async fn go_on(ctx: &Ctx, id: JobId) -> Result<()> {
    let (question, state, _, _) = query::run(ctx.store(), ctx.who.organization, ctx.who.membership, id)
        .await?
        .ok_or(Error::NotFound)?;
    if state == RunState::Done.number() {
        return Ok(());
    }
    let form: BulkForm = serde_json::from_str(&question).map_err(Error::internal)?;
    let offer = offer(ctx, &form).await?;
    work(ctx, id, &form, &offer).await
}

/// Gives the role to whoever is waiting, some at a time, each of them asked about anew.
async fn work(ctx: &Ctx, id: JobId, form: &BulkForm, offer: &Offer) -> Result<()> {
    let organization = ctx.who.organization;
    let most = i64::try_from(STEP).unwrap_or(200);
    let mut tries = 0;
    loop {
        let waiting = query::waiting(ctx.store(), organization, id, most).await?;
        let mut batch = Batch::new();
        if waiting.is_empty() {
            query::finish(&mut batch, organization, id);
            ctx.commit(batch).await?;
            return Ok(());
        }
        let giver = grants::giver(ctx).await?;
        let side = offer.role.audience.number();
        let all = found(ctx, &waiting, side).await?;
        let there: HashSet<MembershipId> = all.iter().map(|member| member.id).collect();
        let (good, refused) = judged(ctx, &giver, offer, all).await?;
        grants::decided_on(&mut batch, &giver);
        for one in &good {
            give(ctx, &mut batch, offer, one);
            query::settle(&mut batch, organization, id, one.member.id, None);
        }
        noted(ctx, &mut batch, form, offer, &good);
        for one in &refused {
            if let Some(person) = one.membership {
                query::settle(&mut batch, organization, id, person, Some(&one.because));
            }
        }
        for gone in waiting.iter().filter(|id| !there.contains(*id)) {
            query::settle(&mut batch, organization, id, *gone, Some("is no longer there"));
        }
        match ctx.commit(batch).await {
            Ok(_) => tries = 0,
            // Rights changed elsewhere at the same moment: decide anew.
            Err(Error::Conflict(_)) if tries < 5 => tries += 1,
            Err(other) => return Err(other),
        }
    }
}

/// A run of the asker's own, with the names of those whom they may see.
pub(super) async fn show(ctx: &Ctx, id: JobId) -> Result<RunOut> {
    let organization = ctx.who.organization;
    let (question, state, total, created_at) =
        query::run(ctx.store(), organization, ctx.who.membership, id).await?.ok_or(Error::NotFound)?;
    let form: BulkForm = serde_json::from_str(&question).map_err(Error::internal)?;
    let role = members::role(ctx, form.role.as_str(), None).await?;
    let chosen: Vec<Target> = form.targets.iter().filter_map(|word| targets::read(word.trim())).collect();
    let refused = query::refused(ctx.store(), organization, id).await?;
    let side = role.audience.number();
    let ids: Vec<MembershipId> = refused.iter().map(|(id, _)| *id).collect();
    let names: HashMap<MembershipId, String> =
        found(ctx, &ids, side).await?.into_iter().map(|member| (member.id, member.name)).collect();
    Ok(RunOut {
        id,
        role: role.key.clone(),
        role_name: role.name.clone(),
        place: Names::of(ctx, chosen.iter().copied()).await?.sentence(&chosen),
        state: RunState::try_from(state).map_err(Error::internal)?,
        total,
        given: query::given(ctx.store(), organization, id).await?,
        refused: refused
            .into_iter()
            .map(|(id, because)| RefusedOut {
                membership: Some(id),
                name: names.get(&id).cloned().unwrap_or_else(|| "Somebody you cannot see".to_owned()),
                because,
            })
            .collect(),
        created_at,
    })
}
