//! The route table of sites; each handler is one expression.

use kernel::Portal;
use kernel::id::{SiteId, kind};
use kernel::page::Page;
use web::change::Counted;
use web::reply::Complaints;
use web::search::{self, Finding};
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search, Text};

use super::form::{ReportsForm, SiteForm};
use super::model::{SiteFilter, SiteFull, SiteOut};
use super::page::Offers;
use super::query::SITES;
use super::{act, page};
use crate::pickers;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Api];
    let office = [Door::Portal(Portal::Office)];
    vec![
        Route::get("/sites", list)
            .says("List sites")
            .asks::<SiteFilter>()
            .gives::<Page<SiteOut>>()
            .found_by(Search { kind: "site", label: "Sites", icon: ui::icon::site, find })
            .counted(Counted { table: &super::query::SITES, view: super::VIEW, field: "name" }),
        Route::get("/sites/export", export)
            .only(&doors)
            .says("Export sites")
            .asks::<SiteFilter>()
            .gives_file("text/csv"),
        Route::post("/sites", create)
            .only(&doors)
            .says("Create a site")
            .takes::<SiteForm>()
            .gives::<SiteFull>(),
        Route::get("/sites/new", new).only(&office),
        Route::get("/sites/{id}", show).says("Read a site").gives::<SiteFull>().shows::<kind::Site>(&SITES),
        Route::get("/sites/{id}/edit", change).only(&office),
        Route::post("/sites/{id}", edit).only(&office),
        Route::put("/sites/{id}", edit)
            .says("Change a site, or give it to another client")
            .takes::<SiteForm>()
            .gives::<SiteFull>()
            .changes(act::SITE_KIND),
        Route::post("/sites/{id}/preview", look).only(&office),
        Route::post("/sites/{id}/reports", set_reports).only(&office),
        Route::put("/sites/{id}/reports", set_reports)
            .says("Set what a site asks of reports, from now on")
            .takes::<ReportsForm>()
            .gives::<SiteFull>(),
        Route::post("/sites/{id}/archive", archive).only(&doors).says("Archive a site").gives::<SiteFull>(),
        Route::post("/sites/{id}/restore", restore).only(&doors).says("Restore a site").gives::<SiteFull>(),
    ]
}

/// What the form and the filters offer to choose from.
async fn offers(ctx: &Ctx) -> kernel::Result<Offers> {
    Ok(Offers { clients: pickers::clients(ctx).await?, areas: pickers::areas(ctx).await? })
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = SiteFilter { q, limit: Some(search::ROWS), ..SiteFilter::default() };
        let page = act::list(&ctx, &filter).await?;
        Ok(page.items.into_iter().map(hit).collect())
    })
}

fn hit(row: SiteOut) -> Hit {
    Hit { path: format!("/sites/{}", row.id), label: row.name, hint: row.client_name }
}

async fn list(ctx: Ctx, Query(filter): Query<SiteFilter>) -> Answer {
    let sites = act::list(&ctx, &filter).await?;
    let offers = if ctx.door == Door::Api { Offers::default() } else { offers(&ctx).await? };
    ctx.show(&sites, |sites| page::list(&ctx, &filter, &offers, sites))
}

async fn export(ctx: Ctx, Query(filter): Query<SiteFilter>) -> Answer {
    act::export(ctx, filter).await
}

async fn show(ctx: Ctx, Path(id): Path<SiteId>) -> Answer {
    let (site, facts) = act::find(&ctx, id).await?;
    ctx.show(&site, |site| page::show(&ctx, site, &facts))
}

async fn new(ctx: Ctx, Query(filter): Query<SiteFilter>) -> Answer {
    ctx.require(super::CREATE)?;
    let typed = SiteForm {
        client: Text(filter.client),
        area: Text(filter.area),
        kind: "static".into(),
        zone: Text(ctx.who.zone.clone()),
        ..SiteForm::default()
    };
    let offers = offers(&ctx).await?;
    ctx.page_only(|| page::form(&ctx, None, &offers, &typed, &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<SiteForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(site) => ctx.created(&site, &format!("/sites/{}", site.site.id)),
        Err(error) => {
            let offers = offers(&ctx).await?;
            ctx.again(error, |wrong| page::form(&ctx, None, &offers, &form, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<SiteId>) -> Answer {
    let (site, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    let offers = offers(&ctx).await?.with(&site);
    ctx.page_only(|| page::form(&ctx, Some(id), &offers, &SiteForm::filled(&site), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<SiteId>, Input(form): Input<SiteForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(site) => ctx.done(&site, &format!("/sites/{id}")),
        Err(kernel::Error::NotFound) => Err(kernel::Error::NotFound.into()),
        Err(error) => {
            let offers = offers(&ctx).await?.with(&act::find(&ctx, id).await?.0);
            ctx.again(error, |wrong| page::form(&ctx, Some(id), &offers, &form, wrong))
        }
    }
}

/// Shows who would see a site no more, or from now on, before it goes to another client or area.
async fn look(ctx: Ctx, Path(id): Path<SiteId>, Input(form): Input<SiteForm>) -> Answer {
    let said = serde_json::json!({ "site": id, "form": form });
    match web::change::look(&ctx, act::SITE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(kernel::Error::NotFound) => Err(kernel::Error::NotFound.into()),
        Err(error) => {
            let offers = offers(&ctx).await?.with(&act::find(&ctx, id).await?.0);
            ctx.again(error, |wrong| page::form(&ctx, Some(id), &offers, &form, wrong))
        }
    }
}

async fn set_reports(ctx: Ctx, Path(id): Path<SiteId>, Input(form): Input<ReportsForm>) -> Answer {
    let site = act::set_reports(&ctx, id, &form).await?;
    ctx.done(&site, &format!("/sites/{id}"))
}

async fn archive(ctx: Ctx, Path(id): Path<SiteId>) -> Answer {
    let site = act::set_archived(&ctx, id, true).await?;
    ctx.done(&site, &format!("/sites/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<SiteId>) -> Answer {
    let site = act::set_archived(&ctx, id, false).await?;
    ctx.done(&site, &format!("/sites/{id}"))
}
