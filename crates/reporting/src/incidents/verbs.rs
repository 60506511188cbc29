//! What is done with an incident after it was filed: approval, publication, its way over the board, assignment,
//! archiving. Each verb is one guarded batch with its history and journal lines; one that would change nothing
//! answers with the incident as it is.

use access::{Facts, FieldClass, Permission, Permit, Resource, Visibility};
use kernel::id::{IncidentId, MembershipId};
use kernel::{Error, Result};
use store::Batch;
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing, Turned};
use web::notices::Notice;

use super::act::{changeable, find, label, version};
use super::history::{self, Diff};
use super::mail::{self, Moment};
use super::model::{AssignmentForm, StatusForm, VerbForm};
use super::query::{self, Update};
use super::view::IncidentOut;
use super::words::{Approval, Status};
use super::{APPROVE, ASSIGN, CLOSE, DELETE, PUBLISH, VIEW};

/// The longest reason that is kept, in characters.
const MOST_REASON: usize = 2_000;

/// An incident that is about to be changed by a verb.
struct Subject {
    id: IncidentId,
    before: IncidentOut,
    facts: Facts,
    permit: Permit,
    version: i64,
    reason: String,
}

impl Subject {
    async fn find(
        ctx: &Ctx,
        id: IncidentId,
        permission: Permission,
        version_typed: &web::Text,
        reason: &web::Text,
    ) -> Result<Self> {
        let (before, facts) = find(ctx, id).await?;
        let permit = ctx.plan.permit(permission, &facts)?;
        let version = version(version_typed, &before)?;
        let reason: kernel::text::Prose<MOST_REASON> =
            reason.parse().map_err(|message: String| Error::field("reason", message))?;
        Ok(Self { id, before, facts, permit, version, reason: reason.as_str().to_owned() })
    }

    fn visibility(&self) -> Visibility {
        let number = self.facts.visibility.unwrap_or_default();
        Visibility::try_from(number).unwrap_or(Visibility::Draft)
    }

    fn update<'a>(&'a self, ctx: &'a Ctx) -> Update<'a> {
        Update::new(&self.permit, &ctx.plan, self.id, self.version)
    }

    /// Nothing to do: the incident as it is, unless the asker acted on an older one.
    fn left_alone(self) -> Result<IncidentOut> {
        if self.before.version == Some(self.version) { Ok(self.before) } else { Err(Error::Stale) }
    }

    async fn carry_out(
        &self,
        ctx: &Ctx,
        update: Update<'_>,
        action: &str,
        diff: Diff,
    ) -> Result<IncidentOut> {
        self.carry_out_and_tell(ctx, update, action, diff, None).await
    }

    async fn carry_out_and_tell(
        &self,
        ctx: &Ctx,
        update: Update<'_>,
        action: &str,
        diff: Diff,
        news: Option<(&'static Notice, Visibility, Moment)>,
    ) -> Result<IncidentOut> {
        let batch = self.batch(ctx, update, action, diff, news);
        ctx.commit(batch).await?;
        Ok(find(ctx, self.id).await?.0)
    }

    fn batch(
        &self,
        ctx: &Ctx,
        update: Update<'_>,
        action: &str,
        diff: Diff,
        news: Option<(&'static Notice, Visibility, Moment)>,
    ) -> Batch {
        let mut batch = Batch::new();
        update.put(&mut batch, ctx.now());
        history::write(ctx, &mut batch, self.id, &self.label(), action, &diff.detail(&self.reason));
        if let Some((notice, visibility, moment)) = news {
            mail::note(ctx, &mut batch, notice, self.id, visibility, moment);
        }
        batch
    }

    /// Is the version that was acted on the present one? Where it may not be seen, the batch's guard tells.
    fn current(&self) -> Result<()> {
        match self.before.version {
            Some(now) if now != self.version => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    fn label(&self) -> String {
        label(&self.before.reference, &self.before.kind)
    }

    /// A change of who is let see it, and what brings it back.
    fn turned(
        &self,
        done: &str,
        batch: Batch,
        after: Visibility,
        inverse: (&'static str, serde_json::Value),
    ) -> Prepared {
        let after = Facts { visibility: Some(after.number()), ..self.facts };
        Prepared {
            title: format!("Incident {}: {done}", self.before.reference),
            about: Some(self.id.to_string()),
            batch,
            turned: vec![Turned {
                resource: Resource::Incident,
                label: self.before.reference.clone(),
                before: self.facts,
                after,
                to_come: false,
            }],
            inverse: Some(inverse),
            ..Prepared::default()
        }
    }
}

/// Publishing, as a kind of change.
pub(super) const PUBLISH_KIND: Kind = Kind { word: "publish", prepare: publish_said };
/// Taking back what the client side sees, as a kind of change.
pub(super) const UNPUBLISH_KIND: Kind = Kind { word: "unpublish", prepare: unpublish_said };

#[derive(serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct PublishSaid {
    incident: IncidentId,
    form: VerbForm,
    /// Back to what those with "share all" see, where it was that before.
    #[serde(default)]
    submitted: bool,
}

fn publish_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let PublishSaid { incident, form, .. } = change::said(form)?;
        match prepare_publish(ctx, incident, &form).await? {
            Ok(prepared) => Ok(prepared),
            Err(_) => Err(Error::conflict("This incident is published already.")),
        }
    })
}

fn unpublish_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let PublishSaid { incident, form, submitted } = change::said(form)?;
        match prepare_unpublish(ctx, incident, &form, submitted).await? {
            Ok(prepared) => Ok(prepared),
            Err(_) => Err(Error::conflict("This incident is held back already.")),
        }
    })
}

fn said(incident: IncidentId, form: &VerbForm) -> serde_json::Value {
    serde_json::json!({ "incident": incident, "form": form })
}

fn at_version(version: i64) -> serde_json::Value {
    serde_json::json!({ "version": version })
}

fn visibility_change(before: Visibility, after: Visibility) -> Diff {
    let mut diff = Diff::default();
    diff.part("visibility", FieldClass::Operational, before, after);
    diff
}

/// Publishes: the client side sees the public part from the next request on. By itself it sends nothing: see
/// [`mail::PUBLISHED`].
pub(super) async fn publish(ctx: &Ctx, id: IncidentId, form: &VerbForm) -> Result<IncidentOut> {
    match prepare_publish(ctx, id, form).await? {
        Ok(prepared) => change::commit(ctx, PUBLISH_KIND, &said(id, form), prepared).await?,
        Err(subject) => return subject.left_alone(),
    }
    Ok(find(ctx, id).await?.0)
}

/// Asks every question about publishing; the incident itself where it is published already.
async fn prepare_publish(
    ctx: &Ctx,
    id: IncidentId,
    form: &VerbForm,
) -> Result<std::result::Result<Prepared, Box<Subject>>> {
    let subject = Subject::find(ctx, id, PUBLISH, &form.version, &form.reason).await?;
    changeable(&subject.before)?;
    if subject.visibility() == Visibility::Released {
        return Ok(Err(Box::new(subject)));
    }
    if subject.before.approval == Some(Approval::No) {
        return Err(Error::conflict(
            "this site asks for approval, and this incident was not approved yet; approve it first, then publish it",
        ));
    }
    // What was previewed is what is published: without the version of the preview nobody knows that it is.
    web::input::version(&form.version)?;
    subject.current()?;
    let update = subject
        .update(ctx)
        .set("visibility", Visibility::Released.number())
        .set("released_at", ctx.now())
        .set("released_by", ctx.who.name.as_str());
    let diff = visibility_change(subject.visibility(), Visibility::Released);
    let approved = subject.before.approval == Some(Approval::Yes);
    let news = (&mail::PUBLISHED, Visibility::Released, Moment { approved, ..Moment::default() });
    let batch = subject.batch(ctx, update, "publish", diff, Some(news));
    let submitted = subject.visibility() == Visibility::Submitted;
    let back = serde_json::json!({
        "incident": id, "form": at_version(subject.version + 1), "submitted": submitted,
    });
    Ok(Ok(subject.turned("published", batch, Visibility::Released, (UNPUBLISH_KIND.word, back))))
}

/// Takes back what the client side sees, or holds back what client accounts with "share all" see.
pub(super) async fn unpublish(ctx: &Ctx, id: IncidentId, form: &VerbForm) -> Result<IncidentOut> {
    match prepare_unpublish(ctx, id, form, false).await? {
        Ok(prepared) => change::commit(ctx, UNPUBLISH_KIND, &said(id, form), prepared).await?,
        Err(subject) => return subject.left_alone(),
    }
    Ok(find(ctx, id).await?.0)
}

/// Asks every question about holding back; the incident itself where it is held already. `submitted`: it goes back to
/// what those with "share all" see, and not further.
async fn prepare_unpublish(
    ctx: &Ctx,
    id: IncidentId,
    form: &VerbForm,
    submitted: bool,
) -> Result<std::result::Result<Prepared, Box<Subject>>> {
    let subject = Subject::find(ctx, id, PUBLISH, &form.version, &form.reason).await?;
    changeable(&subject.before)?;
    // What waits for its approval is never let out by taking something back.
    let to = if submitted && subject.before.approval != Some(Approval::No) {
        Visibility::Submitted
    } else {
        Visibility::Held
    };
    if subject.visibility() <= to {
        return Ok(Err(Box::new(subject)));
    }
    subject.current()?;
    let update = back_to(subject.update(ctx), to);
    let diff = visibility_change(subject.visibility(), to);
    let batch = subject.batch(ctx, update, "unpublish", diff, None);
    let back = serde_json::json!({ "incident": id, "form": at_version(subject.version + 1) });
    let was = subject.visibility();
    let mut prepared = subject.turned("taken back", batch, to, (PUBLISH_KIND.word, back));
    if was != Visibility::Released {
        // Nothing leads from held back to submitted but publishing, which would let out more than there was.
        prepared.inverse = None;
    }
    Ok(Ok(prepared))
}

fn held(update: Update<'_>) -> Update<'_> {
    back_to(update, Visibility::Held)
}

fn back_to(update: Update<'_>, visibility: Visibility) -> Update<'_> {
    update
        .set("visibility", visibility.number())
        .set("released_at", store::Value::Null)
        .set("released_by", store::Value::Null)
}

/// Approves a report whose site asked for approval when it was handed in.
pub(super) async fn approve(ctx: &Ctx, id: IncidentId, form: &VerbForm) -> Result<IncidentOut> {
    let subject = Subject::find(ctx, id, APPROVE, &form.version, &form.reason).await?;
    changeable(&subject.before)?;
    match subject.before.approval {
        Some(Approval::No) => {}
        Some(Approval::Yes) => return subject.left_alone(),
        _ => {
            return Err(Error::conflict(
                "this report needs no approval: its site did not ask for it when it was filed",
            ));
        }
    }
    let after = subject.visibility().max(Visibility::Submitted);
    let mut diff = visibility_change(subject.visibility(), after);
    diff.part("approval", FieldClass::Operational, Approval::No, Approval::Yes);
    let update = subject
        .update(ctx)
        .set("approved_at", ctx.now())
        .set("approved_by", ctx.who.name.as_str())
        .set("visibility", after.number());
    let news = (&mail::APPROVED, after, Moment { approved: true, ..Moment::default() });
    subject.carry_out_and_tell(ctx, update, "approve", diff, Some(news)).await
}

/// Moves the work along: taken up, looked over, resolved, closed; a closed one is opened again by making it active.
/// Whatever was escalated is so no longer.
pub(super) async fn set_status(ctx: &Ctx, id: IncidentId, form: &StatusForm) -> Result<IncidentOut> {
    let subject = Subject::find(ctx, id, CLOSE, &form.version, &form.reason).await?;
    changeable(&subject.before)?;
    let wanted: Status = form.status.parse().map_err(|message| Error::field("status", message))?;
    let now = subject.before.status;
    let escalated = subject.before.escalated.unwrap_or(false);
    if wanted == now && !escalated {
        return subject.left_alone();
    }
    if wanted == Status::New {
        return Err(Error::conflict("an incident that was taken up is never new again"));
    }
    if now == Status::Closed && wanted != Status::Active {
        return Err(Error::conflict("this incident is closed; open it again first"));
    }
    let mut diff = Diff::default();
    diff.part("status", FieldClass::Public, now, wanted);
    diff.part("escalated", FieldClass::Operational, escalated, false);
    let update = query::moved(subject.update(ctx), wanted, false, ctx.now());
    let action = match (now, wanted) {
        (Status::Closed, _) => "reopen",
        (_, Status::Closed) => "close",
        (_, Status::Resolved) => "resolve",
        _ => "move",
    };
    subject.carry_out(ctx, update, action, diff).await
}

/// Calls for someone above: back to the urgent column. What was resolved is open again.
pub(super) async fn escalate(ctx: &Ctx, id: IncidentId, form: &VerbForm) -> Result<IncidentOut> {
    let subject = Subject::find(ctx, id, CLOSE, &form.version, &form.reason).await?;
    changeable(&subject.before)?;
    let now = subject.before.status;
    if now == Status::Closed {
        return Err(Error::conflict("this incident is closed; open it again first"));
    }
    if subject.before.escalated == Some(true) {
        return subject.left_alone();
    }
    let after = if now == Status::Resolved { Status::Active } else { now };
    let mut diff = Diff::default();
    diff.part("status", FieldClass::Public, now, after);
    diff.part("escalated", FieldClass::Operational, false, true);
    let update = query::moved(subject.update(ctx), after, true, ctx.now());
    let news = (&mail::ESCALATED, subject.visibility(), Moment::default());
    subject.carry_out_and_tell(ctx, update, "escalate", diff, Some(news)).await
}

/// Gives it to somebody who may then open it, or takes it from whoever has it.
pub(super) async fn assign(ctx: &Ctx, id: IncidentId, form: &AssignmentForm) -> Result<IncidentOut> {
    let none = web::Text::default();
    let subject = Subject::find(ctx, id, ASSIGN, &form.version, &none).await?;
    changeable(&subject.before)?;
    if subject.before.status == Status::Closed {
        return Err(Error::conflict("this incident is closed; open it again first"));
    }
    let wanted: Option<MembershipId> =
        form.assignee.parse_optional().map_err(|_unreadable: String| nobody())?;
    if wanted.map(MembershipId::uuid) == subject.facts.assignee {
        return subject.left_alone();
    }
    let name = match wanted {
        Some(membership) => able(ctx, membership, &subject.facts).await?,
        None => String::new(),
    };
    let before = query::names(ctx.store(), ctx.who.organization, id).await?;
    let people = query::people(ctx.store(), ctx.who.organization, id).await?;
    let names = [before.author.as_str(), before.filed_by.as_str(), name.as_str()];
    let search = query::people_search(names.into_iter().chain(people.iter().map(|p| p.name.as_str())));
    let mut diff = Diff::default();
    diff.part("assignee", FieldClass::People, &before.assignee, &name);
    let update = subject
        .update(ctx)
        .set("assignee_id", wanted)
        .set("assignee_name", name)
        .set("search_people", search);
    let moment = Moment { assignee: wanted, ..Moment::default() };
    let news = wanted.map(|_| (&mail::ASSIGNED, subject.visibility(), moment));
    subject.carry_out_and_tell(ctx, update, "assign", diff, news).await
}

fn nobody() -> Error {
    Error::field("assignee", "choose somebody of your staff who may open this incident")
}

/// Somebody who can take an incident.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: MembershipId,
    pub(super) name: String,
    pub(super) roles: String,
}

/// The facts as they would be if this person had it.
fn given_to(facts: &Facts, membership: MembershipId) -> Facts {
    Facts { assignee: Some(membership.uuid()), ..*facts }
}

/// The name of a member of staff who could open the incident once it is theirs.
async fn able(ctx: &Ctx, membership: MembershipId, facts: &Facts) -> Result<String> {
    let name = query::staff_name(ctx.store(), ctx.who.organization, membership).await?.ok_or_else(nobody)?;
    let plan = web::identity::plan(&ctx.app, ctx.who.organization, membership).await?;
    if plan.check(VIEW, &given_to(facts, membership)) { Ok(name) } else { Err(nobody()) }
}

/// Everybody of the staff who could open the incident once it is theirs, by name.
pub(super) async fn candidates(ctx: &Ctx, facts: &Facts) -> Result<Vec<Candidate>> {
    let organization = ctx.who.organization;
    let names = query::staff_names(ctx.store(), organization).await?;
    let authorities = web::identity::authorities(ctx.store(), organization, ctx.now()).await?;
    let mut found: Vec<Candidate> = authorities
        .iter()
        .filter_map(|authority| {
            let name = names.get(&authority.membership)?;
            let plan = authority.compile(ctx.now());
            let mut roles: Vec<&str> = plan.live_roles().map(|held| held.role.name.as_str()).collect();
            roles.dedup();
            plan.check(VIEW, &given_to(facts, authority.membership)).then(|| Candidate {
                id: authority.membership,
                name: name.clone(),
                roles: roles.join(", "),
            })
        })
        .collect();
    found.sort_by_cached_key(|candidate| (store::fold(&candidate.name), candidate.id));
    Ok(found)
}

/// Puts an incident away, or brings it back. What is put away is held back from the client side, and comes back
/// held: whoever restores it decides anew what clients see.
pub(super) async fn set_archived(
    ctx: &Ctx,
    id: IncidentId,
    form: &VerbForm,
    archived: bool,
) -> Result<IncidentOut> {
    let subject = Subject::find(ctx, id, DELETE, &form.version, &form.reason).await?;
    if subject.before.archived == archived {
        return subject.left_alone();
    }
    let mut update = subject.update(ctx).set("archived", i64::from(archived));
    let mut diff = Diff::default();
    if archived && subject.visibility() > Visibility::Held {
        update = held(update);
        diff = visibility_change(subject.visibility(), Visibility::Held);
    }
    let action = if archived { "archive" } else { "restore" };
    subject.carry_out(ctx, update, action, diff).await
}
