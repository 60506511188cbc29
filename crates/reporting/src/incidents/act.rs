//! Filing, reading and changing incidents. Each function: parse, find within the plan, permit, one batch with its
//! history and journal lines.

use access::{Facts, FieldClass, Resource, Visibility};
use kernel::id::{IncidentId, MembershipId};
use kernel::text::spoken_reference;
use kernel::{Error, FieldErrors, Result, Timestamp};
use sha2::{Digest, Sha256};
use store::Batch;
use store::listing;
use web::{Ctx, Door, Upload};

use crate::attachments;

use super::history::{self, Diff, or_nothing};
use super::model::{Draft, IncidentForm};
use super::query::{self, INCIDENTS, Searchable, Stamp, Update};
use super::sites::{self, Place};
use super::view::{Detail, IncidentOut, IncidentRow};
use super::words::{Approval, Status};
use super::{APPROVE, CREATE, EDIT, NOTES, VIEW, mail, times, types};

/// One incident within the plan, masked, with the facts further decisions need.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it may not be seen.
pub(crate) async fn find(ctx: &Ctx, id: IncidentId) -> Result<(IncidentOut, Facts)> {
    let (mut out, facts): (IncidentOut, Facts) =
        listing::find(ctx.store(), &ctx.plan, VIEW, &INCIDENTS, id.uuid()).await?;
    if ctx.plan.shows(Resource::Incident, FieldClass::People, &facts) {
        out.people = Some(query::people(ctx.store(), ctx.who.organization, id).await?);
    }
    Ok((out, facts))
}

/// Who a report is from.
struct Author {
    membership: MembershipId,
    name: String,
    role: String,
    team: Option<uuid::Uuid>,
    filed_by: String,
}

/// The filer, or the worker the filer names (ROLES.md: call center, "on behalf of officers").
async fn author(ctx: &Ctx, form: &IncidentForm) -> Result<Author> {
    let org = ctx.who.organization;
    if form.reported_by.is_blank() {
        return Ok(Author {
            membership: ctx.who.membership,
            name: ctx.who.name.clone(),
            role: ctx.role_names(),
            team: query::team_of(ctx.store(), org, ctx.who.membership).await?,
            filed_by: String::new(),
        });
    }
    let worker = sites::worker(ctx, &form.reported_by).await?;
    let filed_by = format!("{} ({})", ctx.who.name, ctx.role_names());
    // A worker without a login holds no role; the report is then the filer's to follow.
    let (membership, role) = match worker.membership {
        Some(membership) => {
            let plan = web::identity::plan(&ctx.app, org, membership).await?;
            let mut names: Vec<&str> = plan.live_roles().map(|held| held.role.name.as_str()).collect();
            names.dedup();
            (membership, names.join(", "))
        }
        None => (ctx.who.membership, String::new()),
    };
    Ok(Author { membership, name: worker.name, role, team: worker.team, filed_by })
}

/// What was filed, and what the filer may see of it now.
pub(super) struct Filed {
    pub(super) out: IncidentOut,
    pub(super) visible: bool,
}

/// Files an incident. What the site asks for at this moment is stamped on it and stays with it.
pub(super) async fn file(ctx: &Ctx, form: &IncidentForm, files: Vec<Upload>) -> Result<Filed> {
    ctx.require(CREATE)?;
    let (site, place, at_site) = sites::place(ctx, &form.site).await?;
    let author = author(ctx, form).await?;
    let visibility = if place.approval_required { Visibility::Held } else { Visibility::Submitted };
    let facts = Facts {
        team: author.team,
        site: Some(site.uuid()),
        visibility: Some(visibility.number()),
        author_may_edit: Some(i64::from(place.editable_by_author)),
        closed: Some(0),
        author: Some(author.membership.uuid()),
        ..at_site
    };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    let zone = times::zone(&place.zone).map_err(Error::internal)?;
    let draft = form.parse(&zone, ctx.now())?;
    types::check(ctx, draft.kind.as_str(), None).await?;
    if !draft.internal_notes.is_empty() && !ctx.plan.check(NOTES, &facts) {
        return Err(Error::field("internal_notes", "your roles do not let you write internal notes here"));
    }
    let prepared = attachments::prepare(ctx, files).await?;
    let id = IncidentId::new();
    let reference = spoken_reference(6);
    let mut batch = Batch::new();
    query::insert(
        &mut batch,
        &permit,
        &Stamp {
            id,
            reference: &reference,
            facts,
            zone: &place.zone,
            site_name: &place.name,
            client_name: &place.client,
            source: draft.source.unwrap_or(place.source),
            author_name: &author.name,
            author_role: &author.role,
            filed_by: &author.filed_by,
            approval_required: place.approval_required,
            reported_at: draft.reported_at.unwrap_or_else(|| ctx.now()),
            now: ctx.now(),
        },
        &draft,
    );
    let record = (Resource::Incident, id.uuid());
    attachments::attach(ctx, &mut batch, &permit, record, &place.zone, FieldClass::Operational, &prepared);
    let label = label(&reference, draft.kind.as_str());
    history::write(ctx, &mut batch, id, &label, "file", &Detail::default());
    mail::note(ctx, &mut batch, &mail::FILED, id, visibility, mail::Moment::default());
    commit_once(ctx, batch, form, &format!("/incidents/{id}")).await?;
    match find(ctx, id).await {
        Ok((out, _)) => Ok(Filed { out, visible: true }),
        // Filing is not seeing: some roles hand in and never look again.
        Err(Error::NotFound) => {
            Ok(Filed { out: handed_in(id, reference, site, &place, draft), visible: false })
        }
        Err(other) => Err(other),
    }
}

/// Commits a filing. A page's form carries a word of chance, so that pressing twice files once.
async fn commit_once(ctx: &Ctx, mut batch: Batch, form: &IncidentForm, location: &str) -> Result<()> {
    if ctx.door == Door::Api || form.once.is_blank() {
        ctx.commit_new(batch, location).await?;
        return Ok(());
    }
    let (organization, membership) = (ctx.who.organization, ctx.who.membership);
    store::idempotency::remember(
        &mut batch,
        organization,
        membership,
        &once(form),
        [0; 32],
        location,
        ctx.now(),
    );
    ctx.commit(batch).await?;
    Ok(())
}

/// The key of a sent form: its word of chance and everything typed. A form that was changed and sent again (the
/// browser's way back, a second window) is another report, and is filed.
fn once(form: &IncidentForm) -> String {
    let mut hasher = Sha256::new();
    for part in [serde_json::to_vec(form), serde_json::to_vec(&form.all_people())] {
        hasher.update(part.unwrap_or_default());
    }
    hasher.update(form.once.as_str().as_bytes());
    let digest: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("form:{digest}")
}

/// Where the incident is that this very form filed before.
pub(super) async fn filed_before(ctx: &Ctx, form: &IncidentForm) -> Result<Option<String>> {
    if ctx.door == Door::Api || form.once.is_blank() {
        return Ok(None);
    }
    let (organization, membership) = (ctx.who.organization, ctx.who.membership);
    let found = store::idempotency::find(ctx.store(), organization, membership, &once(form)).await?;
    Ok(found.map(|before| before.location))
}

pub(super) fn label(reference: &str, kind: &str) -> String {
    format!("{reference} {kind}")
}

/// The public part of what was just handed in, from the words themselves.
fn handed_in(
    id: IncidentId,
    reference: String,
    site: kernel::id::SiteId,
    place: &Place,
    draft: Draft,
) -> IncidentOut {
    let row = IncidentRow {
        id,
        reference,
        kind: draft.kind.to_string(),
        severity: draft.severity,
        status: Status::New,
        occurred_at: draft.occurred_at,
        ended_at: draft.ended_at,
        zone: place.zone.clone(),
        site_id: site,
        site: place.name.clone(),
        public_details: draft.public_details.as_str().to_owned(),
        released_at: None,
        archived: false,
        number: None,
        title: None,
        source: None,
        escalated: None,
        visibility: None,
        approval: None,
        client_id: None,
        client: None,
        version: None,
        author: None,
        assignee_id: None,
        assignee: None,
    };
    IncidentOut {
        row,
        narrative: None,
        place: None,
        reported_at: None,
        author_may_edit: None,
        approved_at: None,
        author_role: None,
        filed_by: None,
        approved_by: None,
        released_by: None,
        internal_notes: None,
        latitude: None,
        longitude: None,
        people: None,
    }
}

/// The version a verb or a form is meant for.
pub(super) fn version(typed: &web::Text, out: &IncidentOut) -> Result<i64> {
    if typed.is_blank() {
        out.version.ok_or_else(|| Error::internal("who may change an incident sees its version"))
    } else {
        web::input::version(typed)
    }
}

/// Refuses what the state of the incident does not allow, in words.
pub(super) fn changeable(out: &IncidentOut) -> Result<()> {
    if out.archived {
        return Err(Error::conflict("this incident is archived; restore it first"));
    }
    Ok(())
}

/// May this person change the words of this incident now? The permission, then the state.
pub(super) fn may_edit(ctx: &Ctx, out: &IncidentOut, facts: &Facts) -> Result<access::Permit> {
    let permit = ctx.plan.permit(EDIT, facts)?;
    changeable(out)?;
    if out.status == Status::Closed {
        return Err(Error::conflict("this incident is closed and takes no changes; open it again first"));
    }
    // What was approved or published is no longer its author's alone: changing it would go past whoever let it out.
    let as_author_only = !ctx.plan.check(EDIT, &Facts { author: None, assignee: None, ..*facts });
    if as_author_only && facts.visibility == Some(Visibility::Released.number()) {
        return Err(Error::conflict("this was published; ask the office to change it"));
    }
    if out.approval == Some(Approval::Yes) && !ctx.plan.check(APPROVE, facts) {
        return Err(Error::conflict("this was approved; only somebody who may approve can change it now"));
    }
    Ok(permit)
}

/// Changes the words of an incident. Parts that the asker does not see stay what they are.
pub(super) async fn edit(ctx: &Ctx, id: IncidentId, form: &IncidentForm) -> Result<IncidentOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = may_edit(ctx, &before, &facts)?;
    if form.occurred_at.is_blank() {
        return Err(Error::field("occurred_at", "say when it happened"));
    }
    let zone = times::zone(&before.zone).map_err(Error::internal)?;
    let draft = keep_seconds(form.parse(&zone, ctx.now())?, &before, &zone);
    types::check(ctx, draft.kind.as_str(), Some(&before.kind)).await?;
    let shows = |class| ctx.plan.shows(Resource::Incident, class, &facts);
    let (notes, people, location) =
        (shows(FieldClass::Notes), shows(FieldClass::People), shows(FieldClass::Location));
    refuse_unseen(&draft, notes, people, location)?;
    let version = web::input::version(&form.version)?;
    let diff = compare(&before, &draft, notes, people, location);
    if diff.is_empty() {
        return if before.version == Some(version) { Ok(before) } else { Err(Error::Stale) };
    }
    let found = Searchable::of(
        draft.kind.as_str(),
        &before.reference,
        &before.site,
        draft.public_details.as_str(),
        [
            draft.title.as_str(),
            draft.narrative.as_str(),
            draft.place(),
            before.client.as_deref().unwrap_or(""),
        ],
        draft.internal_notes.as_str(),
    );
    let mut update = Update::new(&permit, &ctx.plan, id, version)
        .set("kind", &draft.kind)
        .set("severity", draft.severity.number())
        .set("title", &draft.title)
        .set("narrative", &draft.narrative)
        .set("place", draft.place())
        .set("occurred_at", draft.occurred_at)
        .set("ended_at", draft.ended_at)
        .set("public_details", &draft.public_details)
        .set("search_public", found.public)
        .set("search_staff", found.staff);
    if let Some(source) = draft.source {
        update = update.set("source", source.number());
    }
    if let Some(reported) = draft.reported_at {
        update = update.set("reported_at", reported);
    }
    if notes {
        update = update.set("internal_notes", &draft.internal_notes).set("search_notes", found.notes);
    }
    if location {
        update =
            update.set("latitude", draft.position.map(|p| p.0)).set("longitude", draft.position.map(|p| p.1));
    }
    let mut batch = Batch::new();
    if people {
        let names = [&before.author, &before.filed_by, &before.assignee];
        let names = names.into_iter().filter_map(|n| n.as_deref());
        let search = query::people_search(names.chain(draft.people.iter().map(|p| p.name.as_str())));
        update = update.set("search_people", search);
    }
    // The guarded statement stands first: nothing after it happens unless it did.
    update.put(&mut batch, ctx.now());
    if people {
        query::replace_people(&mut batch, &permit, id, &draft.people);
    }
    let label = label(&before.reference, draft.kind.as_str());
    history::write(ctx, &mut batch, id, &label, "edit", &diff.detail(""));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// A form shows minutes. An instant whose minute was not touched keeps its seconds.
fn keep_seconds(mut draft: Draft, before: &IncidentOut, zone: &jiff::tz::TimeZone) -> Draft {
    let keep = |new: Timestamp, old: Option<Timestamp>| match old {
        Some(old) if times::typed(old, zone) == times::typed(new, zone) && new.as_second() % 60 == 0 => old,
        _ => new,
    };
    draft.occurred_at = keep(draft.occurred_at, Some(before.occurred_at));
    draft.ended_at = draft.ended_at.map(|at| keep(at, before.ended_at));
    draft.reported_at = draft.reported_at.map(|at| keep(at, before.reported_at));
    draft
}

fn refuse_unseen(draft: &Draft, notes: bool, people: bool, location: bool) -> Result<()> {
    let mut errors = FieldErrors::default();
    let unseen = "you cannot change a part that you may not see";
    if !notes && !draft.internal_notes.is_empty() {
        errors.add("internal_notes", unseen);
    }
    if !people && !draft.people.is_empty() {
        errors.add("people", unseen);
    }
    if !location && draft.position.is_some() {
        errors.add("latitude", unseen);
    }
    errors.check()
}

fn compare(before: &IncidentOut, draft: &Draft, notes: bool, people: bool, location: bool) -> Diff {
    use FieldClass::{Location, Notes, Operational, People, Public};
    let mut diff = Diff::default();
    diff.part("kind", Public, &before.kind, &draft.kind);
    diff.part("severity", Public, before.severity, draft.severity);
    diff.part("occurred_at", Public, before.occurred_at, draft.occurred_at);
    diff.part("ended_at", Public, or_nothing(before.ended_at), or_nothing(draft.ended_at));
    diff.part("public_details", Public, &before.public_details, draft.public_details.as_str());
    if let Some(source) = draft.source {
        diff.part("source", Operational, or_nothing(before.source), source);
    }
    diff.part("title", Operational, before.title.as_deref().unwrap_or(""), &draft.title);
    diff.part("narrative", Operational, before.narrative.as_deref().unwrap_or(""), draft.narrative.as_str());
    diff.part("place", Operational, before.place.as_deref().unwrap_or(""), draft.place());
    if let Some(reported) = draft.reported_at {
        diff.part("reported_at", Operational, or_nothing(before.reported_at), reported);
    }
    if notes {
        let old = before.internal_notes.as_deref().unwrap_or("");
        diff.part("internal_notes", Notes, old, draft.internal_notes.as_str());
    }
    if location {
        diff.part("latitude", Location, or_nothing(before.latitude), or_nothing(draft.position.map(|p| p.0)));
        diff.part(
            "longitude",
            Location,
            or_nothing(before.longitude),
            or_nothing(draft.position.map(|p| p.1)),
        );
    }
    if people {
        let line = |name: &str, part: super::words::Part, contact: &str, note: &str| {
            let rest = [contact, note].into_iter().filter(|t| !t.is_empty());
            let rest: Vec<&str> = rest.collect();
            if rest.is_empty() {
                format!("{name}, {part}")
            } else {
                format!("{name}, {part}: {}", rest.join("; "))
            }
        };
        let old = before.people.as_deref().unwrap_or_default();
        let old: Vec<String> = old.iter().map(|p| line(&p.name, p.part, &p.contact, &p.note)).collect();
        let new = draft.people.iter();
        let new: Vec<String> =
            new.map(|p| line(p.name.as_str(), p.part, p.contact.as_str(), p.note.as_str())).collect();
        diff.part("people", People, old.join("\n"), new.join("\n"));
    }
    diff
}
