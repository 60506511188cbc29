//! Finding a record of any kind, and asking the plans about it.

use std::collections::HashMap;

use access::{Action, Facts, Outcome, Permission, Plan, Resource, Trace, permission};
use jiff::tz::TimeZone;
use kernel::id::MembershipId;
use kernel::{Audience, Error, Result, Timestamp};
use store::listing;
use uuid::Uuid;
use web::app::RecordPage;
use web::{App, Ctx};

use super::EXPLAIN;
use super::model::{AccessOut, AccessQuery, CanSee, Named, Said, Why};
use super::query::{self, Cells, Member};
use crate::grants::GIVE;

const SEE_MEMBERS: Permission = permission(Resource::Account, Action::View);

/// So many people are named at once; beyond that one asks by name.
const MOST: usize = 200;

/// A record that was found within somebody's plan.
pub(crate) struct Found<'a> {
    pub(crate) page: &'a RecordPage,
    pub(crate) id: Uuid,
    pub(crate) label: String,
    pub(crate) facts: Facts,
    pub(crate) view: Permission,
}

/// The kind and id that an id in an address names, if there is such a kind.
pub(crate) fn sought<'a>(app: &'a App, written: &str) -> Option<(&'a RecordPage, Uuid)> {
    let (prefix, rest) = written.split_once('_')?;
    let page = app.records.iter().find(|page| page.record.prefix == prefix)?;
    Some((page, kernel::id::decode(rest)?))
}

/// A record of any kind within a plan.
///
/// # Errors
/// [`Error::NotFound`], hidden and absent alike; or the store's.
pub(crate) async fn find<'a>(app: &'a App, plan: &Plan, written: &str) -> Result<Found<'a>> {
    let (page, id) = sought(app, written).ok_or(Error::NotFound)?;
    let table = page.record.table;
    let view = Permission::find(table.resource, Action::View).ok_or(Error::NotFound)?;
    let (cells, facts) = listing::find::<Cells>(&app.store, plan, view, table, id).await?;
    let label = ["title", "name", "reference", "email"]
        .into_iter()
        .filter_map(|wanted| table.fields.iter().position(|field| field.name == wanted))
        .find_map(|at| cells.0.get(at).cloned().flatten().filter(|text| !text.is_empty()))
        .unwrap_or_else(|| page.written(id));
    Ok(Found { page, id, label, facts, view })
}

/// A day or an instant of the past; a day means its end, or now if it is today.
///
/// # Errors
/// [`Error::BadRequest`] for words that are neither, or for the future.
pub(crate) fn instant(ctx: &Ctx, words: &str) -> Result<Option<Timestamp>> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(None);
    }
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    kernel::local::past(words, ctx.now(), &zone).map(Some).map_err(Error::BadRequest)
}

/// May the asker ask who can see this? Kinds with an explanation of their own ask for that.
fn may_ask(ctx: &Ctx, resource: Resource, facts: &Facts) -> Result<()> {
    match Permission::find(resource, Action::Explain) {
        Some(explain) if resource != Resource::Account => ctx.plan.permit(explain, facts).map(|_| ()),
        _ if ctx.may(EXPLAIN) => Ok(()),
        _ => Err(Error::forbidden("None of your roles lets you ask who can see what.")),
    }
}

/// Who can see a record, now or then.
pub(super) async fn access(ctx: &Ctx, written: &str, asked: &AccessQuery) -> Result<AccessOut> {
    let found = find(&ctx.app, &ctx.plan, written).await?;
    let resource = found.page.record.table.resource;
    may_ask(ctx, resource, &found.facts)?;
    let organization = ctx.who.organization;
    let at = instant(ctx, &asked.at)?;
    let mut remarks = Vec::new();
    let mut facts = Some(found.facts);
    let (crowd, known_since) = match at {
        None => (ctx.app.crowd(organization).await?, None),
        Some(at) => {
            let since = web::identity::known_since(ctx.store(), organization).await?;
            facts = match found.page.record.past {
                Some(past) => past(ctx.store().clone(), found.facts, found.id, at).await?,
                None => {
                    remarks.push(
                        "The record itself is taken as it is today: its places are not remembered."
                            .to_owned(),
                    );
                    Some(found.facts)
                }
            };
            if facts.is_none() {
                remarks.push("The record was not there yet.".to_owned());
            }
            if since.is_none_or(|since| at < since) {
                remarks.push("Who could do what at that time is not known.".to_owned());
            }
            (ctx.app.crowd_at(organization, at).await?, since)
        }
    };
    let members = query::members(ctx.store(), organization).await?;
    // Whom the asker may not know of is not named here either.
    let members: Vec<Member> =
        members.into_iter().filter(|m| ctx.plan.check(SEE_MEMBERS, &m.facts)).collect();
    let names: HashMap<MembershipId, &str> = members.iter().map(|m| (m.id, m.name.as_str())).collect();
    let words = store::fold(&asked.q);
    let words = words.trim();
    let (mut who, mut of_name, mut more) = (Vec::new(), Vec::new(), false);
    for member in &members {
        let plan = crowd.get(&member.id);
        let sees = facts.is_some_and(|facts| plan.is_some_and(|plan| plan.check(found.view, &facts)));
        if !words.is_empty() && of_name.len() < MOST && store::fold(&member.name).contains(words) {
            of_name.push(named(member, sees));
        }
        if !sees {
            continue;
        }
        if who.len() >= MOST {
            more = true;
            continue;
        }
        if let (Some(plan), Some(facts)) = (plan, &facts) {
            let trace = plan.explain(found.view, facts);
            let because = said(plan, found.view, &trace, &member.name, &names)
                .into_iter()
                .filter(|said| matches!(said.verdict, access::Verdict::Allowed | access::Verdict::Inherited))
                .collect();
            who.push(CanSee { member: named(member, true), because });
        }
    }
    let person = match asked.person.as_str() {
        "" => None,
        wanted => {
            let wanted: MembershipId = wanted.parse().map_err(|_unreadable: String| Error::NotFound)?;
            let member = members.iter().find(|m| m.id == wanted).ok_or(Error::NotFound)?;
            Some(why(ctx, &found, member, crowd.get(&wanted), facts.as_ref(), &names, at.is_none()))
        }
    };
    Ok(AccessOut {
        record: found.page.written(found.id),
        kind: resource.word().to_owned(),
        label: found.label.clone(),
        path: found.page.of(found.id),
        at,
        known_since,
        remarks,
        who,
        more,
        asked: of_name,
        person,
    })
}

fn named(member: &Member, sees: bool) -> Named {
    Named { membership: member.id, name: member.name.clone(), side: member.audience, sees }
}

/// The verdicts with who gave what, as far as the asker may know them.
fn said(
    plan: &Plan,
    permission: Permission,
    trace: &Trace,
    name: &str,
    names: &HashMap<MembershipId, &str>,
) -> Vec<Said> {
    plan.verdicts(permission, trace, name)
        .into_iter()
        .map(|said| {
            let held = said.source.and_then(|source| plan.held.get(usize::from(source)));
            Said {
                verdict: said.verdict,
                sentence: said.sentence,
                given_by: held
                    .and_then(|held| held.granted_by)
                    .and_then(|giver| names.get(&giver))
                    .map(|name| (*name).to_owned()),
                given_at: held.map(|held| held.granted_at),
            }
        })
        .collect()
}

fn why(
    ctx: &Ctx,
    found: &Found<'_>,
    member: &Member,
    plan: Option<&Plan>,
    facts: Option<&Facts>,
    names: &HashMap<MembershipId, &str>,
    now: bool,
) -> Why {
    let (Some(plan), Some(facts)) = (plan, facts) else {
        let sentence = if facts.is_none() {
            "The record was not there yet.".to_owned()
        } else {
            format!("{} was no member then, or that is not known.", member.name)
        };
        let verdict = access::Verdict::NotApplicable;
        let verdicts = vec![Said { verdict, sentence, given_by: None, given_at: None }];
        return Why { member: named(member, false), verdicts, fixes: Vec::new() };
    };
    let trace = plan.explain(found.view, facts);
    let verdicts = said(plan, found.view, &trace, &member.name, names);
    let fixes = if now && !trace.allowed { fixes(ctx, found, member, plan, &trace) } else { Vec::new() };
    Why { member: named(member, trace.allowed), verdicts, fixes }
}

/// The smallest things that would let somebody see a record, those first that change least. Offered to those who
/// could carry them out.
pub(crate) fn fixes(
    ctx: &Ctx,
    found: &Found<'_>,
    member: &Member,
    plan: &Plan,
    trace: &Trace,
) -> Vec<(String, String)> {
    let mut fixes = Vec::new();
    if !member.active {
        fixes.push((format!("Reactivate {}", member.name), format!("/members/{}", member.id)));
        return fixes;
    }
    let fails = trace.ways.iter().any(|way| matches!(way.outcome, Outcome::Fails(_)));
    let resource = found.page.record.table.resource;
    let publishes = Permission::find(resource, Action::Publish)
        .is_some_and(|publish| ctx.plan.check(publish, &found.facts));
    if fails && plan.audience != Audience::Staff && publishes && resource == Resource::Incident {
        let path = format!("{}/publication", found.page.of(found.id));
        fixes.push(("Preview and publish it".to_owned(), path));
    }
    let switched = trace.suppressed.iter().any(|(_, because)| {
        matches!(
            because,
            access::Because::SwitchOff(_) | access::Because::FeatureOff(_) | access::Because::PackOff
        )
    });
    if switched && ctx.may(permission(Resource::Organization, Action::Edit)) {
        fixes.push(("Turn it on in the settings".to_owned(), "/organization".to_owned()));
    }
    if !trace.other_client && ctx.plan.check(GIVE, &member.facts) && member.id != ctx.who.membership {
        let held = plan.live_roles().next().map(|held| (held.role.name.clone(), held.role.key.clone()));
        match held {
            Some((name, key)) if trace.ways.iter().any(|way| way.outcome == Outcome::OutOfReach) => fixes
                .push((
                    format!("Give {} the role {name} at more places", member.name),
                    format!("/members/{}/roles/new?role={}", member.id, web::mount::encode(&key)),
                )),
            _ => fixes.push((
                format!("Give {} a role that lets them", member.name),
                format!("/members/{}/roles/new", member.id),
            )),
        }
    }
    fixes
}

/// What stands between somebody and a record, for whoever is asked to let them see it.
///
/// # Errors
/// [`Error::NotFound`] for a member the asker may not know of; or the store's.
pub(crate) async fn between(ctx: &Ctx, found: &Found<'_>, member: MembershipId) -> Result<Why> {
    let crowd = ctx.app.crowd(ctx.who.organization).await?;
    let members = query::members(ctx.store(), ctx.who.organization).await?;
    let members: Vec<Member> =
        members.into_iter().filter(|m| ctx.plan.check(SEE_MEMBERS, &m.facts)).collect();
    let names: HashMap<MembershipId, &str> = members.iter().map(|m| (m.id, m.name.as_str())).collect();
    let theirs = members.iter().find(|m| m.id == member).ok_or(Error::NotFound)?;
    Ok(why(ctx, found, theirs, crowd.get(&member), Some(&found.facts), &names, true))
}
