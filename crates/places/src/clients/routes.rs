//! The route table of clients; each handler is one expression.

use kernel::Portal;
use kernel::id::{ClientId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::{self, Finding};
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{ClientFilter, ClientForm, ClientOut, EmergencyForm};
use super::query::CLIENTS;
use super::{act, page};
use crate::{site_clients, sites};

pub(super) fn routes() -> Vec<Route> {
    let readers = [Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api];
    let doors = [Door::Portal(Portal::Office), Door::Api];
    let office = [Door::Portal(Portal::Office)];
    vec![
        Route::get("/clients", list)
            .only(&readers)
            .says("List clients")
            .asks::<ClientFilter>()
            .gives::<Page<ClientOut>>()
            .found_by(Search { kind: "client", label: "Clients", icon: ui::icon::client, find }),
        Route::get("/clients/export", export)
            .only(&doors)
            .says("Export clients")
            .asks::<ClientFilter>()
            .gives_file("text/csv"),
        Route::post("/clients", create)
            .only(&doors)
            .says("Create a client")
            .takes::<ClientForm>()
            .gives::<ClientOut>(),
        Route::get("/clients/new", new).only(&office),
        Route::get("/clients/{id}", show)
            .only(&readers)
            .says("Read a client")
            .gives::<ClientOut>()
            .shows::<kind::Client>(&CLIENTS),
        Route::get("/clients/{id}/edit", change).only(&office),
        Route::post("/clients/{id}", edit).only(&office),
        Route::put("/clients/{id}", edit).says("Change a client").takes::<ClientForm>().gives::<ClientOut>(),
        Route::post("/clients/{id}/emergency-access", set_emergency).only(&office),
        Route::put("/clients/{id}/emergency-access", set_emergency)
            .says("Let a client's people raise the alarm at their sites, or not")
            .takes::<EmergencyForm>()
            .gives::<ClientOut>()
            .changes(act::EMERGENCY_KIND),
        Route::post("/clients/{id}/emergency-access/preview", look_at_emergency).only(&office),
        Route::post("/clients/{id}/archive", archive)
            .only(&doors)
            .says("Archive a client with its current sites")
            .gives::<ClientOut>(),
        Route::post("/clients/{id}/restore", restore)
            .only(&doors)
            .says("Restore a client with the sites that were archived with it")
            .gives::<ClientOut>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = ClientFilter { q, limit: Some(search::ROWS), ..ClientFilter::default() };
        let page = act::list(&ctx, &filter).await?;
        Ok(page.items.into_iter().map(hit).collect())
    })
}

fn hit(row: ClientOut) -> Hit {
    Hit { path: format!("/clients/{}", row.id), label: row.name, hint: row.contact_name }
}

async fn list(ctx: Ctx, Query(filter): Query<ClientFilter>) -> Answer {
    let clients = act::list(&ctx, &filter).await?;
    // Most people of the client side have one company: that is the page they want.
    if let (Some(Portal::Client), [only], true) =
        (ctx.portal(), clients.items.as_slice(), filter.q.is_empty())
    {
        return Ok(ctx.go(&format!("/clients/{}", only.id)));
    }
    ctx.show(&clients, |clients| page::list(&ctx, &filter, clients))
}

async fn export(ctx: Ctx, Query(filter): Query<ClientFilter>) -> Answer {
    act::export(ctx, filter).await
}

async fn show(ctx: Ctx, Path(id): Path<ClientId>) -> Answer {
    let (client, facts) = act::find(&ctx, id).await?;
    let its_sites = sites::some(&ctx, "client", id.uuid()).await?;
    ctx.show(&client, |client| page::show(&ctx, client, &facts, &its_sites))
}

async fn new(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE)?;
    ctx.page_only(|| page::form(&ctx, None, &ClientForm::default(), &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<ClientForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(client) => ctx.created(&client, &format!("/clients/{}", client.id)),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, None, &form, wrong)),
    }
}

async fn change(ctx: Ctx, Path(id): Path<ClientId>) -> Answer {
    let (client, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, Some(id), &page::filled(&client), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<ClientId>, Input(form): Input<ClientForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(client) => ctx.done(&client, &format!("/clients/{id}")),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, Some(id), &form, wrong)),
    }
}

async fn set_emergency(ctx: Ctx, Path(id): Path<ClientId>, Input(form): Input<EmergencyForm>) -> Answer {
    let client = act::set_emergency(&ctx, id, &form).await?;
    // The page where the switch stands, for those who see it.
    let (_, facts) = act::find(&ctx, id).await?;
    let portal = if site_clients::shown_to(&ctx, &facts) { "/portal" } else { "" };
    ctx.done(&client, &format!("/clients/{id}{portal}"))
}

/// Shows who could raise the alarm at the client's sites, before it is so.
async fn look_at_emergency(ctx: Ctx, Path(id): Path<ClientId>, Input(form): Input<EmergencyForm>) -> Answer {
    let said = serde_json::json!({ "client": id, "form": form });
    Ok(web::change::look(&ctx, act::EMERGENCY_KIND, &said).await?)
}

async fn archive(ctx: Ctx, Path(id): Path<ClientId>) -> Answer {
    let client = act::set_archived(&ctx, id, true).await?;
    ctx.done(&client, &format!("/clients/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<ClientId>) -> Answer {
    let client = act::set_archived(&ctx, id, false).await?;
    ctx.done(&client, &format!("/clients/{id}"))
}
