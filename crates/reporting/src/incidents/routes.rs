//! The route table of incidents; each handler is one expression.

use access::Resource;
use kernel::Portal;
use kernel::id::{IncidentId, kind};
use kernel::page::Page;
use web::change::Counted;
use web::input::WithFiles;
use web::notices::{MailedOut, MailedQuery};
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Input, Path, Query, Route, Search};

use super::model::{AssignmentForm, IncidentFilter, IncidentForm, StatusForm, VerbForm};
use super::publication::PublicationOut;
use super::query::INCIDENTS;
use super::types::{TypeForm, TypeId, TypeOut};
use super::view::{ChangeOut, IncidentOut, IncidentRow};
use super::{STAFF, act, export, found, history, listing, mail, page, publication, types, verbs};

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];
const PAGES: [Door; 2] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field)];

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![
        Route::get("/incidents", list)
            .says("List incidents")
            .asks::<IncidentFilter>()
            .gives::<Page<IncidentRow>>()
            .found_by(Search { kind: "incident", label: "Incidents", icon: ui::icon::incident, find })
            .counted(Counted { table: &super::query::INCIDENTS, view: super::VIEW, field: "reference" }),
        Route::post("/incidents", create)
            .only(&STAFF)
            .says("File an incident")
            .takes::<IncidentForm>()
            .gives::<IncidentOut>(),
        Route::get("/incidents/new", new).only(&PAGES).kept(),
        Route::get("/incidents/board", board)
            .only(&STAFF)
            .says("Read the board")
            .asks::<IncidentFilter>()
            .gives::<super::page::board::BoardOut>(),
        Route::get("/incidents/export", export_csv)
            .says("Export incidents as CSV")
            .asks::<IncidentFilter>()
            .gives_file("text/csv"),
        Route::get("/incidents/{id}", show)
            .says("Read an incident")
            .gives::<IncidentOut>()
            .shows::<kind::Incident>(&INCIDENTS)
            .remembers(history::past)
            .tells(&mail::NOTICES),
        Route::get("/incidents/{id}/mails", mails)
            .only(&OFFICE)
            .says("Read who was mailed about an incident, and why others were not")
            .asks::<MailedQuery>()
            .gives::<MailedOut>(),
        Route::get("/incidents/{id}/access", who_can_see).only(&OFFICE[..1]),
        Route::get("/incidents/{id}/changes", changes)
            .only(&[Door::Api])
            .says("Read the history of an incident")
            .gives::<Vec<ChangeOut>>(),
        Route::get("/incidents/{id}/edit", change).only(&PAGES),
        Route::post("/incidents/{id}", edit).only(&PAGES),
        Route::put("/incidents/{id}", edit)
            .says("Change an incident")
            .takes::<IncidentForm>()
            .gives::<IncidentOut>(),
        Route::get("/incidents/{id}/publication", preview)
            .only(&STAFF)
            .says("Preview what the client side would see, and who of it")
            .gives::<PublicationOut>(),
        Route::get("/incidents/{id}/assignment", candidates).only(&PAGES),
    ];
    all.extend(verb_routes());
    all.extend(type_routes());
    all
}

fn verb_routes() -> Vec<Route> {
    let verb = |route: Route, says: &'static str| route.only(&STAFF).says(says).gives::<IncidentOut>();
    vec![
        verb(Route::post("/incidents/{id}/publication", publish), "Publish an incident")
            .takes::<VerbForm>()
            .changes(verbs::PUBLISH_KIND),
        Route::post("/incidents/{id}/publication/preview", look).only(&[Door::Portal(Portal::Office)]),
        Route::post("/incidents/{id}/unpublication/preview", look_at_taking_back)
            .only(&[Door::Portal(Portal::Office)]),
        verb(
            Route::post("/incidents/{id}/unpublication", unpublish),
            "Take an incident back from the client side",
        )
        .takes::<VerbForm>()
        .changes(verbs::UNPUBLISH_KIND),
        verb(Route::post("/incidents/{id}/approval", approve), "Approve an incident").takes::<VerbForm>(),
        verb(Route::post("/incidents/{id}/status", set_status), "Move an incident along")
            .takes::<StatusForm>(),
        verb(Route::post("/incidents/{id}/escalation", escalate), "Escalate an incident").takes::<VerbForm>(),
        verb(Route::post("/incidents/{id}/assignment", assign), "Assign an incident")
            .takes::<AssignmentForm>(),
        verb(Route::post("/incidents/{id}/archive", archive), "Archive an incident").takes::<VerbForm>(),
        verb(Route::post("/incidents/{id}/restore", restore), "Restore an incident").takes::<VerbForm>(),
    ]
}

fn type_routes() -> Vec<Route> {
    vec![
        Route::get("/incidents/types", list_types)
            .only(&OFFICE)
            .says("List the types of incident")
            .gives::<Vec<TypeOut>>(),
        Route::post("/incidents/types", add_type)
            .only(&OFFICE)
            .says("Create a type of incident")
            .takes::<TypeForm>()
            .gives::<TypeOut>(),
        Route::post("/incidents/types/{id}", rename_type).only(&[Door::Portal(Portal::Office)]),
        Route::put("/incidents/types/{id}", rename_type)
            .says("Rename a type of incident")
            .takes::<TypeForm>()
            .gives::<TypeOut>(),
        Route::post("/incidents/types/{id}/archive", archive_type)
            .only(&OFFICE)
            .says("Archive a type of incident")
            .gives::<TypeOut>(),
        Route::post("/incidents/types/{id}/restore", restore_type)
            .only(&OFFICE)
            .says("Restore a type of incident")
            .gives::<TypeOut>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move { found::find(&ctx, q).await })
}

async fn list(ctx: Ctx, Query(filter): Query<IncidentFilter>) -> Answer {
    let incidents = listing::list(&ctx, &filter).await?;
    if ctx.door == Door::Api {
        return ctx.show(&incidents, |_| page::nothing());
    }
    let choices = page::list::choices(&ctx, &filter, &incidents.items).await?;
    ctx.show(&incidents, |incidents| page::list::page(&ctx, &filter, &choices, incidents))
}

async fn board(ctx: Ctx, Query(filter): Query<IncidentFilter>) -> Answer {
    let board = page::board::read(&ctx, &filter).await?;
    if ctx.door == Door::Api {
        return ctx.show(&board, |_| page::nothing());
    }
    let choices = page::list::choices(&ctx, &filter, &[]).await?;
    ctx.show(&board, |board| page::board::page(&ctx, &filter, &choices, board))
}

async fn mails(ctx: Ctx, Path(id): Path<IncidentId>, Query(asked): Query<MailedQuery>) -> Answer {
    let (incident, facts) = act::find(&ctx, id).await?;
    let mailed = web::notices::mailed(&ctx, id.uuid(), &facts, &asked).await?;
    ctx.show(&mailed, |mailed| page::mails(&ctx, &incident, mailed, &asked))
}

/// Who is asked about, as older links say it.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct AskedAbout {
    person: String,
}

/// Links of earlier versions lead to the page that answers for every kind of record.
async fn who_can_see(ctx: Ctx, Path(id): Path<IncidentId>, Query(asked): Query<AskedAbout>) -> Answer {
    let whom = match asked.person.as_str() {
        "" => String::new(),
        person => format!("?person={}", web::mount::encode(person)),
    };
    Ok(ctx.go(&format!("/access/{id}{whom}")))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<IncidentFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn show(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    let (incident, facts) = act::find(&ctx, id).await?;
    if ctx.door == Door::Api {
        return ctx.opened(Resource::Incident, id, ctx.show(&incident, |_| page::nothing()));
    }
    let more = page::detail::more(&ctx, id, &facts).await?;
    let page = ctx.show(&incident, |incident| page::detail::page(&ctx, incident, &facts, &more));
    ctx.opened(Resource::Incident, id, page)
}

async fn changes(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    let (_, facts) = act::find(&ctx, id).await?;
    let changes = history::read(&ctx, id, &facts).await?;
    ctx.show(&changes, |_| page::nothing())
}

async fn new(ctx: Ctx, Query(asked): Query<page::form::NewQuery>) -> Answer {
    ctx.require(super::CREATE)?;
    page::form::new(&ctx, &asked).await
}

async fn create(ctx: Ctx, WithFiles { form, files }: WithFiles<IncidentForm>) -> Answer {
    if let Some(before) = act::filed_before(&ctx, &form).await? {
        return Ok(ctx.go(&before));
    }
    match act::file(&ctx, &form, files).await {
        Ok(filed) if filed.visible => ctx.created(&filed.out, &format!("/incidents/{}", filed.out.id)),
        Ok(filed) => ctx.created(&filed.out, "/incidents/new"),
        Err(error) if !page::mendable(&ctx, &error) => Err(error.into()),
        Err(error) => {
            let parts = page::form::parts(&ctx, &form.site, "").await?;
            ctx.again(error, |wrong| page::form::page(&ctx, None, &form, &parts, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    let (incident, facts) = act::find(&ctx, id).await?;
    act::may_edit(&ctx, &incident, &facts)?;
    let parts = page::form::parts_of(&ctx, &incident, &facts).await?;
    let filled = page::form::filled(&incident);
    ctx.page_only(|| page::form::page(&ctx, Some(&incident), &filled, &parts, &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<IncidentForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(incident) => ctx.done(&incident, &format!("/incidents/{id}")),
        Err(error) if !page::mendable(&ctx, &error) => Err(error.into()),
        Err(error) => {
            let (incident, facts) = act::find(&ctx, id).await?;
            let parts = page::form::parts_of(&ctx, &incident, &facts).await?;
            ctx.again(error, |wrong| page::form::page(&ctx, Some(&incident), &form, &parts, wrong))
        }
    }
}

async fn preview(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    let (preview, incident, facts) = publication::preview(&ctx, id).await?;
    ctx.show(&preview, |preview| page::publication::page(&ctx, preview, &incident, &facts))
}

async fn publish(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::publish(&ctx, id, &form).await?;
    back(&ctx, &incident, &form.back)
}

/// Shows who would see an incident once it is published, and lets the publication wait for its hour.
async fn look(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let said = serde_json::json!({ "incident": id, "form": form });
    Ok(web::change::look(&ctx, verbs::PUBLISH_KIND, &said).await?)
}

/// Shows who would see an incident no more.
async fn look_at_taking_back(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let said = serde_json::json!({ "incident": id, "form": form });
    Ok(web::change::look(&ctx, verbs::UNPUBLISH_KIND, &said).await?)
}

async fn unpublish(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::unpublish(&ctx, id, &form).await?;
    back(&ctx, &incident, &form.back)
}

async fn approve(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::approve(&ctx, id, &form).await?;
    back(&ctx, &incident, &form.back)
}

async fn set_status(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<StatusForm>) -> Answer {
    let incident = verbs::set_status(&ctx, id, &form).await?;
    back(&ctx, &incident, &form.back)
}

async fn escalate(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::escalate(&ctx, id, &form).await?;
    back(&ctx, &incident, &form.back)
}

async fn candidates(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    page::assignment::page(&ctx, id).await
}

async fn assign(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<AssignmentForm>) -> Answer {
    match verbs::assign(&ctx, id, &form).await {
        Ok(incident) => back(&ctx, &incident, &web::Text::default()),
        Err(error) => page::assignment::again(&ctx, id, &form, error).await,
    }
}

async fn archive(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::set_archived(&ctx, id, &form, true).await?;
    back(&ctx, &incident, &form.back)
}

async fn restore(ctx: Ctx, Path(id): Path<IncidentId>, Input(form): Input<VerbForm>) -> Answer {
    let incident = verbs::set_archived(&ctx, id, &form, false).await?;
    back(&ctx, &incident, &form.back)
}

/// Onwards after a verb: to the incident, or to the board it was done on.
fn back(ctx: &Ctx, incident: &IncidentOut, to: &web::Text) -> Answer {
    match to.as_str() {
        "board" => ctx.done(incident, "/incidents/board"),
        _ => ctx.done(incident, &format!("/incidents/{}", incident.id)),
    }
}

async fn list_types(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE).or_else(|_| ctx.require(super::SETTINGS))?;
    let types = types::all(&ctx).await?;
    ctx.show(&types, |types| page::types::page(&ctx, types, &TypeForm::default(), &Complaints::default()))
}

async fn add_type(ctx: Ctx, Input(form): Input<TypeForm>) -> Answer {
    match types::add(&ctx, &form).await {
        Ok(added) => ctx.created(&added, "/incidents/types"),
        Err(error) => page::types::again(&ctx, &form, error).await,
    }
}

async fn rename_type(ctx: Ctx, Path(id): Path<TypeId>, Input(form): Input<TypeForm>) -> Answer {
    match types::rename(&ctx, id, &form).await {
        Ok(renamed) => ctx.done(&renamed, "/incidents/types"),
        Err(error) => page::types::again(&ctx, &form, error).await,
    }
}

async fn archive_type(ctx: Ctx, Path(id): Path<TypeId>) -> Answer {
    let changed = types::set_archived(&ctx, id, true).await?;
    ctx.done(&changed, "/incidents/types")
}

async fn restore_type(ctx: Ctx, Path(id): Path<TypeId>) -> Answer {
    let changed = types::set_archived(&ctx, id, false).await?;
    ctx.done(&changed, "/incidents/types")
}
