//! Changing the organization's own roles. Each verb is prepared first: everything is asked, nothing is stored. What is
//! prepared is shown as a difference, or committed.

use std::sync::Arc;

use access::{
    Authority, Catalogue, Facts, Giver, Hierarchy, OwnRole, Permit, Refusal, Resource, Role, Roles,
};
use kernel::id::RoleId;
use kernel::{Error, FieldErrors, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;
use web::change::{Kind, Preparing, said as read};
use web::identity::Everyone;

use super::model::{ImportForm, RoleForm};
use super::{CREATE, DELETE, EDIT, IMPORT, VIEW, parse, query};
use crate::targets;

/// A change of roles that may be made: what to store, and what it makes of whom.
pub(super) struct Prepared {
    pub(super) batch: Batch,
    /// The keys that are made or changed.
    pub(super) keys: Vec<String>,
    /// What everybody concerned holds before and after.
    pub(super) pairs: Vec<(Authority, Authority)>,
    /// What it is, in a line.
    pub(super) title: String,
    /// What takes it back.
    pub(super) inverse: Option<(&'static str, serde_json::Value)>,
}

impl From<Prepared> for web::change::Prepared {
    fn from(prepared: Prepared) -> Self {
        let Prepared { batch, pairs, title, inverse, keys: _ } = prepared;
        Self { title, batch, pairs, inverse, ..Self::default() }
    }
}

pub(super) fn facts(ctx: &Ctx) -> Facts {
    Facts::of(ctx.who.organization.uuid())
}

/// The organization's own role of a key.
///
/// # Errors
/// [`Error::NotFound`] where there is none, [`Error::Conflict`] for a built-in one.
fn own(roles: &Catalogue, key: &str) -> Result<OwnRole> {
    match roles.own(key) {
        Some(own) => Ok(own.clone()),
        None if roles.known(key).is_some() => Err(Error::conflict(
            "This role ships with the program and is not changed. Duplicate it and change the copy.",
        )),
        None => Err(Error::NotFound),
    }
}

/// Makes a role.
pub(super) async fn create(ctx: &Ctx, form: &RoleForm) -> Result<(Prepared, RoleId, Role)> {
    ctx.require(VIEW)?;
    let permit = ctx.plan.permit_new(CREATE, &facts(ctx))?;
    let roles = ctx.roles().await?;
    let role = form.parse(&roles, None)?;
    let id = RoleId::new();
    let change = Change { before: None, after: fresh(id, &role) };
    let mut prepared = weigh(ctx, &roles, &[change]).await?;
    add(ctx, &mut prepared.batch, &permit, id, &role).await?;
    ctx.journal(
        &mut prepared.batch,
        "create",
        Resource::Role,
        Some(id),
        &role.name,
        &json!({ "after": access::write_role(&role) }),
    );
    Ok((prepared, id, role))
}

fn fresh(id: RoleId, role: &Role) -> OwnRole {
    OwnRole { id, role: Arc::new(role.clone()), archived: None, version: 1 }
}

/// Stores a new role, unless its key already means something to somebody: what was given or offered under a key of
/// an earlier program must not become this.
async fn add(ctx: &Ctx, batch: &mut Batch, permit: &Permit, id: RoleId, role: &Role) -> Result<()> {
    if query::spoken_for(ctx.store(), ctx.who.organization, &role.key).await? {
        return Err(Error::field(
            "key",
            format!("somebody still holds or is offered a role of the key {}; choose another", role.key),
        ));
    }
    query::insert(batch, permit, id, role, ctx.now());
    Ok(())
}

/// Changes a role.
pub(super) async fn edit(ctx: &Ctx, key: &str, form: &RoleForm) -> Result<Prepared> {
    ctx.plan.check(VIEW, &facts(ctx)).then_some(()).ok_or(Error::NotFound)?;
    let roles = ctx.roles().await?;
    roles.known(key).ok_or(Error::NotFound)?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let before = own(&roles, key)?;
    let role = form.parse(&roles, Some(&before.role))?;
    let version = web::input::version(&form.version)?;
    if version != before.version {
        return Err(Error::Stale);
    }
    let after = OwnRole { role: Arc::new(role), version: version + 1, ..before.clone() };
    let change = Change { before: Some(before), after };
    let mut prepared = weigh(ctx, &roles, std::slice::from_ref(&change)).await?;
    change.store(ctx, &mut prepared.batch, &permit, "edit");
    if let Some(before) = &change.before {
        let form = super::form::filled(&before.role, version + 1);
        prepared.inverse = Some((EDIT_KIND.word, json!({ "key": key, "form": form })));
        prepared.title = format!("Role {}: changed", change.after.role.name);
    }
    Ok(prepared)
}

/// The change of a role's words, as a kind of change.
pub(crate) const EDIT_KIND: Kind = Kind { word: "role", prepare: prepare_edit };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EditSaid {
    key: String,
    form: RoleForm,
}

fn prepare_edit<'a>(ctx: &'a Ctx, said: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let said: EditSaid = read(said)?;
        Ok(edit(ctx, &said.key, &said.form).await?.into())
    })
}

/// Putting a role away, or bringing it back, as a kind of change.
pub(crate) const ARCHIVE_KIND: Kind = Kind { word: "role_archive", prepare: prepare_archive };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ArchiveSaid {
    key: String,
    version: Option<i64>,
    archived: bool,
}

fn prepare_archive<'a>(ctx: &'a Ctx, said: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let said: ArchiveSaid = read(said)?;
        match set_archived(ctx, &said.key, said.version, said.archived).await? {
            Some(prepared) => Ok(prepared.into()),
            None => Err(Error::conflict("The role is like that already.")),
        }
    })
}

/// Archives a role, so that it grants nothing to anybody, or restores it.
pub(super) async fn set_archived(
    ctx: &Ctx,
    key: &str,
    version: Option<i64>,
    archived: bool,
) -> Result<Option<Prepared>> {
    ctx.plan.check(VIEW, &facts(ctx)).then_some(()).ok_or(Error::NotFound)?;
    let roles = ctx.roles().await?;
    roles.known(key).ok_or(Error::NotFound)?;
    let permit = ctx.plan.permit(DELETE, &facts(ctx))?;
    let before = own(&roles, key)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Stale);
    }
    if before.archived.is_some() == archived {
        return Ok(None);
    }
    let after =
        OwnRole { archived: archived.then(|| ctx.now()), version: before.version + 1, ..before.clone() };
    let change = Change { before: Some(before), after };
    let mut prepared = weigh(ctx, &roles, std::slice::from_ref(&change)).await?;
    change.store(ctx, &mut prepared.batch, &permit, if archived { "archive" } else { "restore" });
    let back = json!({ "key": key, "version": change.after.version, "archived": !archived });
    prepared.inverse = Some((ARCHIVE_KIND.word, back));
    let done = if archived { "archived" } else { "restored" };
    prepared.title = format!("Role {}: {done}", change.after.role.name);
    Ok(Some(prepared))
}

/// Brings roles in from text, all or none.
pub(super) async fn import(ctx: &Ctx, form: &ImportForm) -> Result<Prepared> {
    ctx.require(VIEW)?;
    let permit = ctx.plan.permit_new(IMPORT, &facts(ctx))?;
    let wrong = |why: String| Error::field("text", why);
    let read: Roles = form
        .text
        .as_str()
        .parse()
        .map_err(|why: String| wrong(format!("this cannot be read as roles: {why}")))?;
    if read.0.is_empty() {
        return Err(wrong("there is no [[role]] in it".into()));
    }
    let roles = ctx.roles().await?;
    let mut errors = FieldErrors::default();
    let mut changes: Vec<Change> = Vec::new();
    for role in read.0 {
        let Some(role) = errors.take("text", parse::imported(role)) else { continue };
        if changes.iter().any(|other| other.after.role.key == role.key) {
            errors.add("text", format!("{}: this key is there twice", role.key));
            continue;
        }
        match roles.own(&role.key) {
            None if roles.known(&role.key).is_some() => {
                errors.add("text", format!("{}: this key is a built-in role's; choose another", role.key));
            }
            None => changes.push(Change { before: None, after: fresh(RoleId::new(), &role) }),
            Some(_) if !form.replace.is_on() => errors.add(
                "text",
                format!("{}: there is a role with this key. Choose another, or tick “Change roles that are there”.", role.key),
            ),
            Some(there) if there.role.audience != role.audience => {
                errors.add("text", format!("{}: the side of a role never changes", role.key));
            }
            Some(there) => changes.push(Change {
                before: Some(there.clone()),
                after: OwnRole { role: Arc::new(role), version: there.version + 1, ..there.clone() },
            }),
        }
    }
    let known = |key: &str| roles.role(key).is_some() || changes.iter().any(|c| c.after.role.key == key);
    for change in &changes {
        for key in change.after.role.gives.iter().filter(|key| !known(key)) {
            errors.add("text", format!("{}: it gives {key}, which there is not", change.after.role.key));
        }
    }
    errors.check()?;
    let mut prepared = weigh(ctx, &roles, &changes).await?;
    for change in &changes {
        if change.before.is_some() {
            ctx.plan.permit(EDIT, &facts(ctx))?;
            change.store(ctx, &mut prepared.batch, &permit, "import");
        } else {
            ctx.plan.permit_new(CREATE, &facts(ctx))?;
            let (id, role) = (change.after.id, &change.after.role);
            add(ctx, &mut prepared.batch, &permit, id, role).await?;
            let detail = json!({ "after": access::write_role(role) });
            ctx.journal(&mut prepared.batch, "import", Resource::Role, Some(id), &role.name, &detail);
        }
    }
    let names: Vec<&str> = changes.iter().map(|change| change.after.role.name.as_str()).collect();
    prepared.title = format!("Roles brought in: {}", names.join(", "));
    let back: Vec<Back> = changes.iter().map(Back::of).collect();
    prepared.inverse = Some((BACK_KIND.word, json!({ "roles": back })));
    Ok(prepared)
}

/// Bringing roles in, as a kind of change.
pub(crate) const IMPORT_KIND: Kind = Kind { word: "role_import", prepare: prepare_import };

fn prepare_import<'a>(ctx: &'a Ctx, said: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move { Ok(import(ctx, &read::<ImportForm>(said)?).await?.into()) })
}

/// Taking roles back that were brought in: those that were new are archived, the others read as before.
pub(crate) const BACK_KIND: Kind = Kind { word: "role_import_back", prepare: prepare_back };

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    key: String,
    version: i64,
    /// What it said before; nothing where it was new.
    #[serde(default)]
    before: Option<String>,
}

impl Back {
    fn of(change: &Change) -> Self {
        let before = change.before.as_ref().map(|before| access::write_role(&before.role));
        Self { key: change.after.role.key.clone(), version: change.after.version, before }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BackSaid {
    roles: Vec<Back>,
}

fn prepare_back<'a>(ctx: &'a Ctx, said: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let BackSaid { roles: wanted } = read(said)?;
        Ok(back(ctx, &wanted).await?.into())
    })
}

async fn back(ctx: &Ctx, wanted: &[Back]) -> Result<Prepared> {
    ctx.require(VIEW)?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let roles = ctx.roles().await?;
    let mut changes = Vec::new();
    for one in wanted {
        let before = own(&roles, &one.key)?;
        if before.version != one.version {
            return Err(Error::Stale);
        }
        let mut after = OwnRole { version: before.version + 1, ..before.clone() };
        match &one.before {
            Some(text) => {
                let read = text.parse::<Roles>().ok().and_then(|mut roles| roles.0.pop());
                after.role = Arc::new(read.ok_or_else(|| Error::field("form", "this is no role"))?);
            }
            None => {
                ctx.plan.permit(DELETE, &facts(ctx))?;
                after.archived = Some(ctx.now());
            }
        }
        changes.push(Change { before: Some(before), after });
    }
    let mut prepared = weigh(ctx, &roles, &changes).await?;
    for change in &changes {
        let action = if change.after.archived.is_some() { "archive" } else { "edit" };
        change.store(ctx, &mut prepared.batch, &permit, action);
    }
    let names: Vec<&str> = changes.iter().map(|change| change.after.role.name.as_str()).collect();
    prepared.title = format!("Roles taken back: {}", names.join(", "));
    Ok(prepared)
}

/// One role before and after.
struct Change {
    before: Option<OwnRole>,
    after: OwnRole,
}

impl Change {
    fn store(&self, ctx: &Ctx, batch: &mut Batch, permit: &Permit, action: &str) {
        let Some(before) = &self.before else { return };
        let after = &self.after;
        query::update(batch, permit, after.id, before.version, &after.role, after.archived);
        let detail = json!({
            "before": access::write_role(&before.role),
            "after": access::write_role(&after.role),
        });
        ctx.journal(batch, action, Resource::Role, Some(after.id), &after.role.name, &detail);
    }
}

/// Asks every question about a change of roles: does each make sense, does it stay within what the asker holds, and
/// may the asker bring it about for everybody who holds it (law 2)? The batch begins with the epoch this was decided
/// on, so that nobody is given the role in between.
async fn weigh(ctx: &Ctx, roles: &Arc<Catalogue>, changes: &[Change]) -> Result<Prepared> {
    let after = changes.iter().fold((**roles).clone(), |all, change| all.with(change.after.clone()));
    let after = Arc::new(after);
    for change in changes {
        within(ctx, &change.after.role, &after)?;
        // Nobody takes from a role what they could not have written: else those below would undo those above.
        if let Some(before) = &change.before {
            within(ctx, &before.role, roles)?;
        }
    }
    let keys: Vec<String> = changes.iter().map(|change| change.after.role.key.clone()).collect();
    let everyone = Everyone::load(ctx.store(), ctx.who.organization, ctx.now()).await?;
    let words: Vec<&str> = keys.iter().map(String::as_str).collect();
    let pairs: Vec<(Authority, Authority)> =
        everyone.holders(&words, roles).into_iter().zip(everyone.holders(&words, &after)).collect();
    let held = pairs.iter().flat_map(|(before, after)| before.assignments.iter().chain(&after.assignments));
    let places: Vec<_> = held.flat_map(|a| a.targets.iter().copied()).collect();
    let hierarchy = targets::hierarchy(ctx.store(), ctx.who.organization, places).await?;
    let hierarchy = Hierarchy { roles: after, ..hierarchy };
    let giver = crate::grants::giver(ctx).await?;
    for_holders(ctx, &giver, &pairs, &hierarchy).await?;
    let mut batch = Batch::new();
    crate::grants::at_epoch(&mut batch, ctx.who.organization, everyone.epoch.min(giver.epoch));
    Ok(Prepared { batch, keys, pairs, title: String::new(), inverse: None })
}

/// May the asker write a role that reads like this?
fn within(ctx: &Ctx, role: &Role, roles: &Catalogue) -> Result<()> {
    let mut errors = FieldErrors::default();
    for (field, sentence) in access::makes_sense(role).err().unwrap_or_default() {
        errors.add(field, sentence);
    }
    errors.check()?;
    // A door that is closed to the writer is not theirs to open; those of the other sides are no doors of the staff.
    if let Some(portal) =
        role.portals.iter().find(|p| role.audience == ctx.plan.audience && !ctx.plan.opens(**p))
    {
        return Err(Error::field(
            "portals",
            format!("your own roles do not open the {} portal; leave it out", portal.word()),
        ));
    }
    access::may_write_role(&ctx.plan, role, roles)
        .map_err(|excess| Error::field("may", Refusal::Beyond(excess).to_string()))
}

/// Could the asker bring about what everybody who holds the role would hold?
async fn for_holders(
    ctx: &Ctx,
    giver: &Authority,
    pairs: &[(Authority, Authority)],
    hierarchy: &Hierarchy,
) -> Result<()> {
    let asks = Giver::new(giver, ctx.now());
    let mut beyond = 0_usize;
    let mut unfit: Option<(usize, String)> = None;
    for (at, (before, after)) in pairs.iter().enumerate() {
        if at % 256 == 255 {
            tokio::task::yield_now().await;
        }
        match asks.may_turn(Some(before), after, ctx.now(), hierarchy) {
            Ok(()) => {}
            Err(Refusal::OneselfOnly) => {
                return Err(Error::forbidden(
                    "You hold this role yourself, and nobody changes their own rights. Ask another administrator.",
                ));
            }
            Err(Refusal::Unfit(sentence)) => match &mut unfit {
                Some((many, _)) => *many += 1,
                None => unfit = Some((1, sentence)),
            },
            Err(Refusal::Beyond(_)) => beyond += 1,
        }
    }
    if beyond > 0 {
        return Err(Error::forbidden(format!(
            "{} this role at places, or beside rights, that go beyond your own. Ask somebody who administers them.",
            crate::words::count(beyond, "person holds", "people hold")
        )));
    }
    match unfit {
        Some((many, sentence)) => Err(Error::conflict(format!(
            "{} hold the role like that any more. {sentence}",
            crate::words::count(many, "person could not", "people could not")
        ))),
        None => Ok(()),
    }
}
