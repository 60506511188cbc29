//! What can be done with clients. Each function: find within the plan, permit, parse, one batch with its journal
//! line.

use access::{Facts, Resource};
use kernel::id::ClientId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::change::{self, Kind, Prepared, Preparing, Turned};
use web::{Ctx, Door};

use super::model::{ClientDraft, ClientFilter, ClientForm, ClientOut, EmergencyForm};
use super::query::{self, CLIENTS};
use super::{CREATE, DELETE, EDIT, EXPORT, VIEW};
use crate::kept::{self, Naming};
use crate::sites::{self, SiteOut};

fn listing<'a>(ctx: &'a Ctx, filter: &ClientFilter) -> Result<Listing<'a>> {
    Ok(Listing::new(&ctx.plan, VIEW, &CLIENTS)?.is("archived", i64::from(filter.archived))?.search(&filter.q))
}

pub(super) async fn list(ctx: &Ctx, filter: &ClientFilter) -> Result<Page<ClientOut>> {
    ctx.require(VIEW)?;
    listing(ctx, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// One client within the plan.
pub(crate) async fn find(ctx: &Ctx, id: ClientId) -> Result<(ClientOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &CLIENTS, id.uuid()).await
}

/// What is asked of a name: that no other client the asker sees has it.
fn naming<'a>(id: ClientId, draft: &'a ClientDraft, before: Option<&ClientOut>) -> Naming<'a> {
    Naming {
        table: &CLIENTS,
        view: VIEW,
        another: "client",
        id: (id.to_string(), id.uuid()),
        name: &draft.name,
        client: None,
        kept: before.is_some_and(|before| before.name == draft.name.as_str()),
    }
}

pub(super) async fn create(ctx: &Ctx, form: &ClientForm) -> Result<ClientOut> {
    let permit = ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    let draft = form.parse()?;
    let id = ClientId::new();
    let detail = json!({ "after": form });
    kept::commit_named(ctx, &naming(id, &draft, None), Some(&format!("/clients/{id}")), |key| {
        let mut batch = Batch::new();
        query::insert(&mut batch, &permit, id, &draft, key, ctx.now());
        ctx.journal(&mut batch, "create", Resource::Client, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: ClientId, form: &ClientForm) -> Result<ClientOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let mut draft = form.parse()?;
    draft.emergency_access = ctx.flag(&form.emergency_access, before.emergency_access.unwrap_or_default());
    let version = web::input::version(&form.version)?;
    let detail = json!({ "before": before, "after": form });
    kept::commit_named(ctx, &naming(id, &draft, Some(&before)), None, |key| {
        let mut batch = Batch::new();
        query::update(&mut batch, &permit, id, version, &draft, key);
        ctx.journal(&mut batch, "edit", Resource::Client, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

/// Turns emergency access on or off (ROLES.md: MyProtektor): whether the client's people may raise the alarm at the
/// sites they are linked to.
pub(super) async fn set_emergency(ctx: &Ctx, id: ClientId, form: &EmergencyForm) -> Result<ClientOut> {
    let prepared = prepare_emergency(ctx, id, form).await?;
    if ctx.door == Door::Api && form.on.is_blank() {
        return Err(Error::field("on", "say whether emergency access is to be on"));
    }
    change::commit(ctx, EMERGENCY_KIND, &json!({ "client": id, "form": form }), prepared).await?;
    Ok(find(ctx, id).await?.0)
}

/// Turning emergency access on or off, as a kind of change.
pub(super) const EMERGENCY_KIND: Kind = Kind { word: "emergency_access", prepare: emergency_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EmergencySaid {
    client: ClientId,
    form: EmergencyForm,
}

fn emergency_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let EmergencySaid { client, form } = change::said(form)?;
        prepare_emergency(ctx, client, &form).await
    })
}

/// Sites of a client that a difference looks at.
const MOST_SITES: u16 = 200;

/// Asks every question about emergency access. What it makes of whom is told at the client's current sites: who could
/// raise the alarm there.
async fn prepare_emergency(ctx: &Ctx, id: ClientId, form: &EmergencyForm) -> Result<Prepared> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let version = web::input::version(&form.version)?;
    if version != before.version {
        return Err(Error::Stale);
    }
    let (was, on) = (before.emergency_access.unwrap_or_default(), form.on.is_on());
    let alarm = |site: &SiteOut, on: bool| Facts {
        area: site.area.map(kernel::Id::uuid),
        client: Some(id.uuid()),
        site: Some(site.id.uuid()),
        emergency: Some(i64::from(on)),
        ..Facts::of(ctx.who.organization.uuid())
    };
    let turned = sites::current_of(ctx, id, PageSize::of(Some(MOST_SITES))).await?;
    let turned = turned.iter().map(|site| Turned {
        resource: Resource::Sos,
        label: site.name.clone(),
        before: alarm(site, was),
        after: alarm(site, on),
        to_come: true,
    });
    let turned = turned.collect();
    let mut batch = Batch::new();
    query::set_emergency(&mut batch, &permit, id, version, on);
    let detail = json!({ "before": before.emergency_access, "after": on });
    ctx.journal(&mut batch, "set_emergency_access", Resource::Client, Some(id), &before.name, &detail);
    let back = json!({ "on": was, "version": version + 1 });
    Ok(Prepared {
        title: format!("{}: emergency access {}", before.name, if on { "on" } else { "off" }),
        about: Some(id.to_string()),
        batch,
        turned,
        inverse: Some((EMERGENCY_KIND.word, json!({ "client": id, "form": back }))),
        ..Prepared::default()
    })
}

/// Archives a client with its current sites, or restores it with the sites that went away with it.
pub(super) async fn set_archived(ctx: &Ctx, id: ClientId, archived: bool) -> Result<ClientOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if !ctx.plan.check(sites::DELETE, &facts) {
        return Err(Error::forbidden(
            "The sites of a client are put away and brought back with it, and none of your roles lets you do \
             that with sites.",
        ));
    }
    if before.archived == archived {
        return Ok(before);
    }
    let at = archived.then(|| ctx.now());
    let mut batch = Batch::new();
    // The sites first: which of them come back is told by the instant at which their client went.
    sites::follow_client(&mut batch, &permit, id, at);
    let row = (id, before.version, before.name.as_str());
    kept::archive(ctx, batch, &permit, &CLIENTS, row, at, &json!({ "sites": "with it" })).await?;
    Ok(find(ctx, id).await?.0)
}

/// Everything the filter keeps and that may be taken away, as a file.
pub(super) async fn export(ctx: Ctx, filter: ClientFilter) -> web::Answer {
    ctx.require(VIEW)?;
    ctx.require(EXPORT)?;
    let headers =
        ["Id", "Name", "Contact", "E-mail", "Telephone", "Address", "Emergency access", "Notes", "Archived"];
    web::csv::download("clients.csv", &headers, move |rows| async move {
        listing(&ctx, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |client: ClientOut| {
                let yes = |on: bool| if on { "yes" } else { "no" };
                rows.write([
                    client.id.to_string().as_str(),
                    &client.name,
                    &client.contact_name,
                    &client.contact_email,
                    &client.phone,
                    &client.address,
                    client.emergency_access.map_or("", yes),
                    client.notes.as_deref().unwrap_or_default(),
                    yes(client.archived),
                ])
            })
            .await
    })
    .await
}
