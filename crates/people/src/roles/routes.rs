//! The route table of roles; each handler is one expression.

use axum::body::Body;
use kernel::Error;
use web::reply::{Complaints, download};
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::model::{
    HolderFilter, ImportForm, MatrixFilter, MatrixOut, RoleFilter, RoleForm, RoleOut, RolePageOut,
    VersionForm,
};
use super::{act, form, matrix, page};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(kernel::Portal::Office), Door::Api];
    let office = [Door::Portal(kernel::Portal::Office)];
    vec![
        Route::get("/roles", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List roles, built-in and the organization's own")
            .asks::<RoleFilter>()
            .gives::<Vec<RoleOut>>(),
        Route::post("/roles", create)
            .only(&doors)
            .says("Create a role")
            .takes::<RoleForm>()
            .gives::<RoleOut>(),
        Route::get("/roles/new", new).only(&office),
        Route::get("/roles/matrix", compare)
            .only(&doors)
            .says("Compare roles: permissions by roles, with reach and conditions")
            .asks::<MatrixFilter>()
            .gives::<MatrixOut>(),
        Route::get("/roles/import", ask_import).only(&office),
        Route::post("/roles/import", import)
            .only(&doors)
            .says("Bring roles in from text, all or none")
            .takes::<ImportForm>()
            .gives::<Vec<RoleOut>>()
            .changes(super::write::IMPORT_KIND),
        Route::post("/roles/import/preview", look_at_import).only(&office).changes(super::write::BACK_KIND),
        Route::get("/roles/{key}", show)
            .only(&doors)
            .says("Read a role: what it may, and who holds it")
            .asks::<HolderFilter>()
            .gives::<RolePageOut>(),
        Route::get("/roles/{key}/edit", change).only(&office),
        Route::post("/roles/{key}", edit).only(&office),
        Route::put("/roles/{key}", edit)
            .says("Change a role for everybody who holds it")
            .takes::<RoleForm>()
            .gives::<RoleOut>()
            .changes(super::write::EDIT_KIND),
        Route::post("/roles/{key}/preview", look).only(&office),
        Route::get("/roles/{key}/export", export)
            .only(&doors)
            .says("Take a role away as text")
            .gives_file("application/toml"),
        Route::post("/roles/{key}/archive", archive)
            .only(&doors)
            .says("Archive a role: it grants nothing from then on")
            .takes::<VersionForm>()
            .gives::<RoleOut>()
            .changes(super::write::ARCHIVE_KIND),
        Route::post("/roles/{key}/archive/preview", look_at_archive).only(&office),
        Route::post("/roles/{key}/restore/preview", look_at_restore).only(&office),
        Route::post("/roles/{key}/restore", restore)
            .only(&doors)
            .says("Restore an archived role")
            .takes::<VersionForm>()
            .gives::<RoleOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<RoleFilter>) -> Answer {
    let roles = act::list(&ctx, &filter).await?;
    ctx.show(&roles, |roles| page::list(&ctx, &filter, roles))
}

async fn compare(ctx: Ctx, Query(filter): Query<MatrixFilter>) -> Answer {
    let out = matrix::of(&ctx, &filter).await?;
    let roles = ctx.roles().await?;
    ctx.show(&out, |out| page::matrix(&ctx, &roles, &filter, out))
}

async fn show(ctx: Ctx, Path(key): Path<String>, Query(filter): Query<HolderFilter>) -> Answer {
    let role = act::show(&ctx, &key, &filter).await?;
    let roles = ctx.roles().await?;
    ctx.show(&role, |role| page::show(&ctx, &roles, &filter, role))
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct From {
    from: String,
}

async fn new(ctx: Ctx, Query(model): Query<From>) -> Answer {
    ctx.require(super::CREATE)?;
    let roles = ctx.roles().await?;
    let typed = match model.from.as_str() {
        "" => RoleForm::default(),
        key => {
            act::find(&ctx, key).await?;
            form::copied(roles.known(key).ok_or(Error::NotFound)?)
        }
    };
    ctx.page_only(|| form::page(&ctx, &roles, None, &typed, &Complaints::default()))
}

async fn create(ctx: Ctx, Input(typed): Input<RoleForm>) -> Answer {
    match act::create(&ctx, &typed).await {
        Ok(role) => ctx.created(&role, &format!("/roles/{}", role.key)),
        Err(error) => {
            let roles = ctx.roles().await?;
            ctx.again(error, |wrong| form::page(&ctx, &roles, None, &typed, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let role = act::find(&ctx, &key).await?;
    ctx.plan.permit(super::EDIT, &super::write::facts(&ctx))?;
    let roles = ctx.roles().await?;
    let own = roles.own(&key).ok_or_else(|| {
        Error::forbidden(
            "This role ships with the program and is not changed. Duplicate it and change the copy.",
        )
    })?;
    let typed = form::filled(&own.role, own.version);
    ctx.page_only(|| form::page(&ctx, &roles, Some(&role), &typed, &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(key): Path<String>, Input(typed): Input<RoleForm>) -> Answer {
    match act::edit(&ctx, &key, &typed).await {
        Ok(role) => ctx.done(&role, &format!("/roles/{key}")),
        Err(error @ Error::NotFound) => Err(error.into()),
        Err(error) => {
            let role = act::find(&ctx, &key).await?;
            let roles = ctx.roles().await?;
            ctx.again(error, |wrong| form::page(&ctx, &roles, Some(&role), &typed, wrong))
        }
    }
}

/// Shows what a change of a role would make of whom, before it is made.
async fn look(ctx: Ctx, Path(key): Path<String>, Input(typed): Input<RoleForm>) -> Answer {
    let said = serde_json::json!({ "key": key, "form": typed });
    match crate::changes::look(&ctx, super::write::EDIT_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error @ Error::NotFound) => Err(error.into()),
        Err(error) => {
            let role = act::find(&ctx, &key).await?;
            let roles = ctx.roles().await?;
            ctx.again(error, |wrong| form::page(&ctx, &roles, Some(&role), &typed, wrong))
        }
    }
}

async fn export(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let text = act::export(&ctx, &key).await?;
    Ok(download(&format!("{key}.toml"), "application/toml", Body::from(text)))
}

async fn archive(ctx: Ctx, Path(key): Path<String>, Input(form): Input<VersionForm>) -> Answer {
    let role = act::set_archived(&ctx, &key, version(&form)?, true).await?;
    ctx.done(&role, &format!("/roles/{key}"))
}

async fn restore(ctx: Ctx, Path(key): Path<String>, Input(form): Input<VersionForm>) -> Answer {
    let role = act::set_archived(&ctx, &key, version(&form)?, false).await?;
    ctx.done(&role, &format!("/roles/{key}"))
}

async fn look_at_archive(ctx: Ctx, Path(key): Path<String>, Input(form): Input<VersionForm>) -> Answer {
    look_at_fate(&ctx, &key, &form, true).await
}

async fn look_at_restore(ctx: Ctx, Path(key): Path<String>, Input(form): Input<VersionForm>) -> Answer {
    look_at_fate(&ctx, &key, &form, false).await
}

/// Shows what putting a role away, or bringing it back, would make of whom.
async fn look_at_fate(ctx: &Ctx, key: &str, form: &VersionForm, archived: bool) -> Answer {
    let said = serde_json::json!({ "key": key, "version": version(form)?, "archived": archived });
    Ok(crate::changes::look(ctx, super::write::ARCHIVE_KIND, &said).await?)
}

fn version(form: &VersionForm) -> kernel::Result<Option<i64>> {
    if form.version.is_blank() { Ok(None) } else { web::input::version(&form.version).map(Some) }
}

async fn ask_import(ctx: Ctx) -> Answer {
    ctx.require(super::IMPORT)?;
    ctx.page_only(|| form::import(&ctx, &ImportForm::default(), &Complaints::default()))
}

/// Shows what roles that are brought in would make of those who hold them.
async fn look_at_import(ctx: Ctx, Input(typed): Input<ImportForm>) -> Answer {
    match crate::changes::look(&ctx, super::write::IMPORT_KIND, &serde_json::json!(typed)).await {
        Ok(shown) => Ok(shown),
        Err(error) => ctx.again(error, |wrong| form::import(&ctx, &typed, wrong)),
    }
}

async fn import(ctx: Ctx, Input(typed): Input<ImportForm>) -> Answer {
    match act::import(&ctx, &typed).await {
        Ok(roles) => ctx.done(&roles, "/roles?pack=own"),
        Err(error) => ctx.again(error, |wrong| form::import(&ctx, &typed, wrong)),
    }
}
