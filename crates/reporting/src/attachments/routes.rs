//! The route table of attachments; each handler is one expression.

use axum::body::Body;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use http::{HeaderName, HeaderValue};
use kernel::Portal;
use kernel::id::{AttachmentId, IncidentId};
use uuid::Uuid;
use web::input::WithFiles;
use web::reply::{Complaints, download};
use web::{Answer, Ctx, Door, Input, Path, Query, Reply, Route};

use super::act::{self, Content, Which};
use super::model::{AttachmentFilter, AttachmentOut, ClassForm, UploadForm};
use super::page;
use super::parent::{INCIDENT, Parent};

const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/incidents/{id}/attachments", |ctx: Ctx, Path(id): Path<IncidentId>, asked| {
            list(ctx, &INCIDENT, id.uuid(), asked)
        })
        .only(&STAFF)
        .says("List the photos and files of an incident")
        .asks::<AttachmentFilter>()
        .gives::<Vec<AttachmentOut>>(),
        Route::post("/incidents/{id}/attachments", |ctx: Ctx, Path(id): Path<IncidentId>, sent| {
            upload(ctx, &INCIDENT, id.uuid(), sent)
        })
        .only(&STAFF)
        .says("Create attachments: send a form with files named `files`")
        .takes::<UploadForm>()
        .gives::<Vec<AttachmentOut>>(),
        Route::get("/attachments/{id}", clean)
            .says("Download a photo or file, cleaned of positions and names")
            .gives_file("application/octet-stream"),
        Route::get("/attachments/{id}/thumbnail", thumbnail)
            .says("Download a small picture of a photo")
            .gives_file("image/jpeg"),
        Route::get("/attachments/{id}/original", original)
            .only(&STAFF)
            .says("Download the untouched original, for those who may see positions")
            .gives_file("application/octet-stream"),
        Route::get("/attachments/{id}/details", show)
            .only(&STAFF)
            .says("Read what is known of a photo or file")
            .gives::<AttachmentOut>(),
        Route::post("/attachments/{id}/class", set_class)
            .only(&STAFF)
            .says("Change who may see a photo or file")
            .takes::<ClassForm>()
            .gives::<AttachmentOut>(),
        Route::post("/attachments/{id}/archive", archive)
            .only(&STAFF)
            .says("Archive a photo or file")
            .gives::<AttachmentOut>(),
        Route::post("/attachments/{id}/restore", restore)
            .only(&STAFF)
            .says("Restore a photo or file")
            .gives::<AttachmentOut>(),
    ]
}

async fn list(
    ctx: Ctx,
    parent: &'static Parent,
    record: Uuid,
    Query(asked): Query<AttachmentFilter>,
) -> Answer {
    let (record, files) = act::list(&ctx, parent, record, asked.archived).await?;
    let typed = UploadForm::default();
    ctx.show(&files, |files| page::list(&ctx, parent, &record, files, &asked, &typed, &Complaints::default()))
}

async fn upload(
    ctx: Ctx,
    parent: &'static Parent,
    id: Uuid,
    WithFiles { form, files }: WithFiles<UploadForm>,
) -> Answer {
    match act::upload(&ctx, parent, id, &form, files).await {
        Ok(made) if ctx.door == Door::Api => ctx.created(&made, &format!("{}/attachments", parent.path(id))),
        Ok(_) => Ok(ctx.go(&format!("{}#files", parent.path(id)))),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let (record, files) = act::list(&ctx, parent, id, false).await?;
            let asked = AttachmentFilter::default();
            ctx.again(error, |wrong| page::list(&ctx, parent, &record, &files, &asked, &form, wrong))
        }
    }
}

async fn clean(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    read(&ctx, id, Which::Clean).await
}

async fn thumbnail(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    Ok(serve(act::read(&ctx, id, Which::Thumbnail).await?))
}

async fn original(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    read(&ctx, id, Which::Original).await
}

/// Whoever opens a file has read its record. Small pictures belong to the page that shows them.
async fn read(ctx: &Ctx, id: AttachmentId, which: Which) -> Answer {
    let content = act::read(ctx, id, which).await?;
    let (resource, record) = content.of;
    ctx.opened_file(resource, record, Ok(serve(content)))
}

async fn show(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    let found = act::find(&ctx, id).await?;
    ctx.show(&found.out, |_| page::show(&ctx, &found, &Complaints::default()))
}

async fn set_class(ctx: Ctx, Path(id): Path<AttachmentId>, Input(form): Input<ClassForm>) -> Answer {
    match act::set_class(&ctx, id, &form.class).await {
        Ok(found) => ctx.done(&found.out, &format!("{}#files", found.parent.path(found.record.id))),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let found = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &found, wrong))
        }
    }
}

async fn archive(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    let found = act::set_archived(&ctx, id, true).await?;
    ctx.done(&found.out, &format!("{}#files", found.parent.path(found.record.id)))
}

async fn restore(ctx: Ctx, Path(id): Path<AttachmentId>) -> Answer {
    let found = act::set_archived(&ctx, id, false).await?;
    ctx.done(&found.out, &format!("{}#files", found.parent.path(found.record.id)))
}

/// A content as an answer. It runs nothing, loads nothing, is kept by no cache, and is shown rather than saved only
/// where it is a picture that was written here.
fn serve(content: Content) -> Reply {
    let Reply(mut response) = download(&content.name, content.media_type, Body::from(content.bytes));
    let headers = response.headers_mut();
    if content.inline
        && let Some(place) = headers.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok())
        && let Ok(place) = HeaderValue::from_str(&place.replacen("attachment", "inline", 1))
    {
        headers.insert(CONTENT_DISPOSITION, place);
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    Reply(response)
}
