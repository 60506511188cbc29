//! The route table of passdown notes; each handler is one expression.

use kernel::Portal;
use kernel::id::{PassdownId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{NOTES, NoteFilter, NoteForm, NoteOut, NoteWhole, ReadForm};
use super::{CREATE, OFFICE, STAFF, act, page};
use crate::sites;

const PAGES: [Door; 2] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/passdown", list)
            .only(&STAFF)
            .says("List passdown notes")
            .asks::<NoteFilter>()
            .gives::<Page<NoteOut>>()
            .found_by(Search { kind: "passdown", label: "Passdown notes", icon: ui::icon::report, find }),
        Route::post("/passdown", create)
            .only(&STAFF)
            .says("Leave a passdown note")
            .takes::<NoteForm>()
            .gives::<NoteWhole>(),
        Route::get("/passdown/new", new).only(&PAGES).kept(),
        Route::get("/passdown/{id}", show)
            .only(&STAFF)
            .says("Read a passdown note, with who has read it")
            .gives::<NoteWhole>()
            .shows::<kind::Passdown>(&NOTES),
        Route::post("/passdown/{id}/acknowledgement", acknowledge)
            .only(&STAFF)
            .says("Say that one has read a passdown note")
            .takes::<ReadForm>()
            .gives::<NoteOut>(),
        Route::post("/passdown/{id}/archive", archive)
            .only(&OFFICE)
            .says("Archive a passdown note")
            .gives::<NoteWhole>(),
        Route::post("/passdown/{id}/restore", restore)
            .only(&OFFICE)
            .says("Restore a passdown note")
            .gives::<NoteWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = NoteFilter { q, limit: Some(web::search::ROWS), ..NoteFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|note| Hit {
                label: note.label(),
                hint: note.author.clone(),
                path: format!("/passdown/{}", note.id),
            })
            .collect())
    })
}

fn path(id: PassdownId) -> String {
    format!("/passdown/{id}")
}

async fn list(ctx: Ctx, Query(filter): Query<NoteFilter>) -> Answer {
    let notes = act::list(&ctx, &filter).await?;
    ctx.show(&notes, |notes| page::list(&ctx, &filter, notes))
}

async fn new(ctx: Ctx, Query(filter): Query<NoteFilter>) -> Answer {
    ctx.require(CREATE)?;
    let sites = sites::to_choose(&ctx, CREATE).await?;
    let typed = NoteForm { site: filter.site.as_str().into(), ..NoteForm::default() };
    ctx.page_only(|| page::form(&ctx, &sites, &typed, &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<NoteForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(note) => ctx.created(&note, &path(note.note.id)),
        Err(error) => {
            let sites = sites::to_choose(&ctx, CREATE).await?;
            ctx.again(error, |wrong| page::form(&ctx, &sites, &form, wrong))
        }
    }
}

async fn show(ctx: Ctx, Path(id): Path<PassdownId>) -> Answer {
    let (note, facts) = act::whole(&ctx, id).await?;
    ctx.show(&note, |note| page::show(&ctx, note, &facts, &Complaints::default()))
}

async fn acknowledge(ctx: Ctx, Path(id): Path<PassdownId>, Input(form): Input<ReadForm>) -> Answer {
    match act::acknowledge(&ctx, id, &form).await {
        Ok(note) => ctx.done(&note, "/passdown"),
        Err(error) => {
            let (note, facts) = act::whole(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &note, &facts, wrong))
        }
    }
}

async fn archive(ctx: Ctx, Path(id): Path<PassdownId>) -> Answer {
    let note = act::set_archived(&ctx, id, true).await?;
    ctx.done(&note, &path(id))
}

async fn restore(ctx: Ctx, Path(id): Path<PassdownId>) -> Answer {
    let note = act::set_archived(&ctx, id, false).await?;
    ctx.done(&note, &path(id))
}
