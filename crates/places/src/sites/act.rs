//! What can be done with sites. Each function: find within the plan, permit, parse, one batch with its journal line.

use std::sync::Arc;

use access::{Catalogue, Facts, Permit, Resource, Visibility};
use kernel::id::{ClientId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing, Turned};
use web::input::wanted;

use super::form::{ReportsForm, SiteForm};
use super::model::{SiteDraft, SiteFilter, SiteFull, SiteKind, SiteOut};
use super::query::{self, SITE, SITES};
use super::{CREATE, DELETE, EDIT, EXPORT, VIEW};
use crate::kept::{self, Naming};
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

/// The current sites of a client within the plan, as many as a page holds.
pub(crate) async fn current_of(ctx: &Ctx, client: ClientId, rows: PageSize) -> Result<Vec<SiteOut>> {
    if !ctx.may(VIEW) {
        return Ok(Vec::new());
    }
    let filter = SiteFilter { client: client.to_string(), ..SiteFilter::default() };
    Ok(listing(ctx, &filter)?.rows(rows).page(ctx.store()).await?.items)
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

/// A site as it is and as it is to be.
struct Edit<'a> {
    form: &'a SiteForm,
    before: SiteFull,
    facts: Facts,
    permit: Permit,
    draft: SiteDraft,
    version: i64,
    roles: Arc<Catalogue>,
}

impl<'a> Edit<'a> {
    async fn ask(ctx: &Ctx, id: SiteId, form: &'a SiteForm) -> Result<Self> {
        let (before, facts) = find(ctx, id).await?;
        let permit = ctx.plan.permit(EDIT, &facts)?;
        let draft = form.parse()?;
        let version = web::input::version(&form.version)?;
        if version != before.site.version {
            return Err(Error::Stale);
        }
        moves(ctx, &before, &facts, &draft).await?;
        Ok(Self { form, before, facts, permit, draft, version, roles: ctx.roles().await? })
    }

    fn changes_hands(&self) -> bool {
        self.draft.client != self.before.site.client
    }

    /// Does it go to another client or area? That is what bears on who sees it.
    fn moves(&self) -> bool {
        self.changes_hands() || self.draft.area != self.before.site.area
    }

    /// What is stored, with the name under `key`.
    fn batch(&self, ctx: &Ctx, id: SiteId, key: &str) -> Batch {
        let Self { before, draft, permit, .. } = self;
        let mut batch = Batch::new();
        if self.changes_hands() {
            query::client_is_current(&mut batch, permit, draft.client);
        }
        if before.site.kind == SiteKind::Static && draft.kind != SiteKind::Static {
            site_clients::stays_static_for_all(&mut batch, permit, id, &self.roles);
        }
        query::update(&mut batch, permit, id, self.version, draft, key, ctx.now());
        let action = if self.changes_hands() { "move" } else { "edit" };
        let detail = json!({ "before": before, "after": self.form });
        ctx.journal(&mut batch, action, Resource::Site, Some(id), draft.name.as_str(), &detail);
        batch
    }

    /// The change without what it stores.
    fn prepared(&self, ctx: &Ctx, id: SiteId) -> Prepared {
        let after = facts_of(ctx, id, &self.draft);
        let after = Facts { client: after.client, area: after.area, ..self.facts };
        let to_come = |facts: Facts| Facts { visibility: Some(Visibility::Released.number()), ..facts };
        let name = &self.before.site.name;
        let turned = |resource, label: String, to_come, before, after| Turned {
            resource,
            label,
            before,
            after,
            to_come,
        };
        let back =
            SiteForm { version: (self.version + 1).to_string().into(), ..SiteForm::filled(&self.before) };
        Prepared {
            title: if self.moves() {
                format!("Site {name}: to another client or area")
            } else {
                format!("Site {name}: changed")
            },
            about: Some(id.to_string()),
            turned: vec![
                turned(Resource::Site, name.clone(), false, self.facts, after),
                turned(
                    Resource::Incident,
                    format!("incidents published from then on at {name}"),
                    true,
                    to_come(self.facts),
                    to_come(after),
                ),
            ],
            inverse: Some((SITE_KIND.word, json!({ "site": id, "form": back }))),
            ..Prepared::default()
        }
    }
}

/// Changing a site, or giving it to another client or area, as a kind of change.
pub(super) const SITE_KIND: Kind = Kind { word: "site", prepare: site_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteSaid {
    site: SiteId,
    form: SiteForm,
}

fn site_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let SiteSaid { site, form } = change::said(form)?;
        let edit = Edit::ask(ctx, site, &form).await?;
        let mut prepared = edit.prepared(ctx, site);
        let key = kept::free_key(ctx, &naming(site, &edit.draft, Some(&edit.before.site))).await?;
        prepared.batch = edit.batch(ctx, site, &key);
        Ok(prepared)
    })
}

pub(super) async fn edit(ctx: &Ctx, id: SiteId, form: &SiteForm) -> Result<SiteFull> {
    let now = find(ctx, id).await?.0.reports.unwrap_or_default();
    let form = &form.over(ctx, now);
    let edit = Edit::ask(ctx, id, form).await?;
    let before = &edit.before;
    kept::commit_named(ctx, &naming(id, &edit.draft, Some(&before.site)), None, |key| {
        let batch = edit.batch(ctx, id, key);
        if !edit.moves() {
            return batch;
        }
        let mut prepared = Prepared { batch, ..edit.prepared(ctx, id) };
        change::remember(ctx, SITE_KIND, &json!({ "site": id, "form": form }), &mut prepared);
        prepared.batch
    })
    .await?;
    // Somebody who moved it out of their own reach has done so, and sees it no more.
    match find(ctx, id).await {
        Ok((after, _)) => Ok(after),
        Err(Error::NotFound) => Ok(edit.before),
        Err(other) => Err(other),
    }
}

/// Sets the report options alone. They count for what is handed in from now on; what was handed in before keeps the
/// rules that were in force then.
pub(super) async fn set_reports(ctx: &Ctx, id: SiteId, form: &ReportsForm) -> Result<SiteFull> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let version = web::input::version(&form.version)?;
    let reports = form.parse(ctx, before.reports.unwrap_or_default());
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
        let roles = ctx.roles().await?;
        site_clients::nobody_is_left_without(&mut batch, &permit, id, &roles);
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
