//! What can be done with sites. Each function: find within the plan, permit, parse, one batch with its journal line.

use access::{Facts, Resource};
use kernel::id::SiteId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::form::{ReportsForm, SiteForm};
use super::model::{SiteDraft, SiteFilter, SiteFull, SiteKind, SiteOut};
use super::query::{self, SITE, SITES};
use super::{CREATE, DELETE, EDIT, EXPORT, VIEW};
use crate::kept::{self, Naming, wanted};
use crate::{pickers, site_clients};

fn listing<'a>(ctx: &'a Ctx, filter: &SiteFilter) -> Result<Listing<'a>> {
    let mut sites = Listing::new(&ctx.plan, VIEW, &SITES)?.is("archived", i64::from(filter.archived))?;
    if let Some(client) = wanted::<kernel::id::ClientId>(&filter.client)? {
        sites = sites.is("client", client)?;
    }
    if let Some(area) = wanted::<kernel::id::AreaId>(&filter.area)? {
        sites = sites.is("area", area)?;
    }
    if let Some(kind) = wanted::<SiteKind>(&filter.kind)? {
        sites = sites.is("kind", kind.number())?;
    }
    Ok(sites.search(&filter.q))
}

pub(super) async fn list(ctx: &Ctx, filter: &SiteFilter) -> Result<Page<SiteOut>> {
    ctx.require(VIEW)?;
    listing(ctx, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// One site within the plan.
pub(crate) async fn find(ctx: &Ctx, id: SiteId) -> Result<(SiteFull, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &SITE, id.uuid()).await
}

/// Where a draft lies, for decisions.
fn facts_of(ctx: &Ctx, id: SiteId, draft: &SiteDraft) -> Facts {
    Facts {
        site: Some(id.uuid()),
        client: Some(draft.client.uuid()),
        area: draft.area.map(kernel::Id::uuid),
        ..Facts::of(ctx.who.organization.uuid())
    }
}

/// What is asked of a name: that no other site of the client that the asker sees has it.
fn naming<'a>(id: SiteId, draft: &'a SiteDraft, before: Option<&SiteOut>) -> Naming<'a> {
    Naming {
        table: &SITES,
        view: VIEW,
        another: "site of this client",
        id: (id.to_string(), id.uuid()),
        name: &draft.name,
        client: Some(draft.client),
        kept: before
            .is_some_and(|before| before.name == draft.name.as_str() && before.client == draft.client),
    }
}

pub(super) async fn create(ctx: &Ctx, form: &SiteForm) -> Result<SiteFull> {
    if !ctx.may(CREATE) {
        // Refused with its reason before anything typed is judged.
        ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    }
    let draft = form.parse()?;
    pickers::client(ctx, draft.client).await?;
    if let Some(area) = draft.area {
        pickers::area(ctx, area).await?;
    }
    let id = SiteId::new();
    let permit = ctx.plan.permit_new(CREATE, &facts_of(ctx, id, &draft))?;
    let detail = json!({ "after": form });
    kept::commit_named(ctx, &naming(id, &draft, None), Some(&format!("/sites/{id}")), |key| {
        let mut batch = Batch::new();
        query::client_is_current(&mut batch, &permit, draft.client);
        query::insert(&mut batch, &permit, id, &draft, key, ctx.now());
        ctx.journal(&mut batch, "create", Resource::Site, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: SiteId, form: &SiteForm) -> Result<SiteFull> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    moves(ctx, &before, &facts, &draft).await?;
    let changes_hands = draft.client != before.site.client;
    let action = if changes_hands { "move" } else { "edit" };
    let detail = json!({ "before": before, "after": form });
    kept::commit_named(ctx, &naming(id, &draft, Some(&before.site)), None, |key| {
        let mut batch = Batch::new();
        if changes_hands {
            query::client_is_current(&mut batch, &permit, draft.client);
        }
        if before.site.kind == SiteKind::Static && draft.kind != SiteKind::Static {
            site_clients::stays_static_for_all(&mut batch, &permit, id);
        }
        query::update(&mut batch, &permit, id, version, &draft, key, ctx.now());
        ctx.journal(&mut batch, action, Resource::Site, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    // Somebody who moved it out of their own reach has done so, and sees it no more.
    match find(ctx, id).await {
        Ok((after, _)) => Ok(after),
        Err(Error::NotFound) => Ok(before),
        Err(other) => Err(other),
    }
}

/// Sets the report options alone. They count for what is handed in from now on; what was handed in before keeps the
/// rules that were in force then.
pub(super) async fn set_reports(ctx: &Ctx, id: SiteId, form: &ReportsForm) -> Result<SiteFull> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let version = web::input::version(&form.version)?;
    let reports = form.parse();
    if before.reports.is_some_and(|now| now == reports) {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_reports(&mut batch, &permit, id, version, reports, ctx.now());
    let detail = json!({ "before": before.reports, "after": reports });
    ctx.journal(&mut batch, "set_report_options", Resource::Site, Some(id), &before.site.name, &detail);
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// A site that changes hands or territory must be within reach of the editor where it comes from and where it goes.
async fn moves(ctx: &Ctx, before: &SiteFull, facts: &Facts, draft: &SiteDraft) -> Result<()> {
    let there = Facts { client: Some(draft.client.uuid()), area: draft.area.map(kernel::Id::uuid), ..*facts };
    if draft.client != before.site.client {
        pickers::client(ctx, draft.client).await?;
        if !ctx.plan.check(EDIT, &Facts { client: there.client, ..*facts }) {
            return Err(Error::field("client", "your roles do not let you give a site to this client"));
        }
    }
    if draft.area != before.site.area {
        if let Some(area) = draft.area {
            pickers::area(ctx, area).await?;
        }
        if !ctx.plan.check(EDIT, &there) {
            return Err(Error::field("area", "your roles do not let you move a site there"));
        }
    }
    Ok(())
}

/// Archives a site, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: SiteId, archived: bool) -> Result<SiteFull> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.site.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    if !archived {
        query::client_is_current(&mut batch, &permit, before.site.client);
    }
    if archived && before.site.kind == SiteKind::Static {
        site_clients::nobody_is_left_without(&mut batch, &permit, id);
    }
    let row = (id, before.site.version, before.site.name.as_str());
    kept::archive(ctx, batch, &permit, &SITE, row, archived.then(|| ctx.now()), &json!({})).await?;
    Ok(find(ctx, id).await?.0)
}

/// Everything the filter keeps and that may be taken away, as a file.
pub(super) async fn export(ctx: Ctx, filter: SiteFilter) -> web::Answer {
    ctx.require(VIEW)?;
    ctx.require(EXPORT)?;
    let headers = [
        "Id",
        "Name",
        "Kind",
        "Client",
        "Area",
        "Code",
        "Address",
        "Time zone",
        "Latitude",
        "Longitude",
        "Archived",
    ];
    web::csv::download("sites.csv", &headers, move |rows| async move {
        listing(&ctx, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |site: SiteOut| {
                let degrees = |degrees: Option<f64>| degrees.map_or_else(String::new, |d| d.to_string());
                rows.write([
                    site.id.to_string().as_str(),
                    &site.name,
                    site.kind.label(),
                    &site.client_name,
                    site.area_name.as_deref().unwrap_or_default(),
                    site.code.as_deref().unwrap_or_default(),
                    &site.address,
                    &site.zone,
                    &degrees(site.position.map(kernel::geo::Point::latitude)),
                    &degrees(site.position.map(kernel::geo::Point::longitude)),
                    if site.archived { "yes" } else { "no" },
                ])
            })
            .await
    })
    .await
}
