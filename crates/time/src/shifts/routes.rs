//! The route table of shifts; each handler is one expression.

use kernel::Portal;
use kernel::id::{ShiftId, ShiftTemplateId, SiteBanId, kind};
use kernel::page::Page;
use web::notices::{MailedOut, MailedQuery};
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::act::{MineOut, WeekOut};
use super::bans::{BanForm, BanOut, LiftForm};
use super::model::{AssignForm, PublishForm, ShiftFilter, ShiftForm, VerbForm, WeekFilter};
use super::plan::{PlanForm, PlanOut};
use super::policy::{PolicyForm, PolicyOut};
use super::templates::{TemplateForm, TemplateOut};
use super::verbs::PublishedOut;
use super::view::{SHIFTS, ShiftOut, ShiftWhole};
use super::{CREATE, EDIT, OFFICE, STAFF, act, bans, export, mail, page, plan, policy, templates, verbs};

const PAGE: [Door; 1] = [Door::Portal(Portal::Office)];

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![
        Route::get("/shifts", list)
            .says("List shifts")
            .asks::<ShiftFilter>()
            .gives::<Page<ShiftOut>>()
            .found_by(Search { kind: "shift", label: "Shifts", icon: ui::icon::calendar, find })
            .plants(super::plants::plant),
        Route::post("/shifts", create)
            .only(&OFFICE)
            .says("Plan a shift")
            .takes::<ShiftForm>()
            .gives::<ShiftWhole>(),
        Route::get("/shifts/mine", mine)
            .only(&[Door::Api])
            .says("Read one's own shifts, and the open ones to ask for")
            .gives::<MineOut>(),
        Route::get("/shifts/week", week)
            .only(&OFFICE)
            .says("Read a week of the schedule")
            .asks::<WeekFilter>()
            .gives::<WeekOut>(),
        Route::get("/shifts/new", new).only(&PAGE),
        Route::get("/shifts/export", export_csv)
            .says("Export shifts as CSV")
            .asks::<ShiftFilter>()
            .gives_file("text/csv"),
        Route::post("/shifts/publication", publish_week)
            .only(&OFFICE)
            .says("Publish the drafts of a week")
            .takes::<PublishForm>()
            .gives::<PublishedOut>(),
        Route::get("/shifts/{id}", show)
            .says("Read a shift")
            .gives::<ShiftWhole>()
            .shows::<kind::Shift>(&SHIFTS)
            .tells(&mail::NOTICES),
        Route::get("/shifts/{id}/mails", mails)
            .only(&OFFICE)
            .says("Read who was mailed about a shift, and why others were not")
            .asks::<MailedQuery>()
            .gives::<MailedOut>(),
        Route::get("/shifts/{id}/edit", change).only(&PAGE),
        Route::post("/shifts/{id}", edit).only(&PAGE),
        Route::put("/shifts/{id}", edit).says("Change a shift").takes::<ShiftForm>().gives::<ShiftWhole>(),
    ];
    all.extend(verb_routes());
    all.extend(around());
    all
}

fn verb_routes() -> Vec<Route> {
    let verb =
        |route: Route, doors: &[Door], says: &'static str| route.only(doors).says(says).gives::<ShiftWhole>();
    vec![
        verb(Route::post("/shifts/{id}/publication", publish), &OFFICE, "Publish a shift")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/unpublication", withdraw), &OFFICE, "Take a shift back to a draft")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/sharing", share), &OFFICE, "Share a shift with the client side")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/unsharing", unshare), &OFFICE, "Share a shift no longer")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/assignment", assign), &OFFICE, "Give a shift to a worker, or open it")
            .takes::<AssignForm>(),
        verb(Route::post("/shifts/{id}/answer", answer), &STAFF, "Confirm or refuse one's own shift")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/claim", claim), &STAFF, "Ask for an open shift").takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/unclaim", unclaim), &STAFF, "Ask for an open shift no longer")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/decision", decide), &OFFICE, "Decide about who asked for a shift")
            .takes::<VerbForm>(),
        verb(Route::post("/shifts/{id}/archive", archive), &OFFICE, "Archive a shift"),
        verb(Route::post("/shifts/{id}/restore", restore), &OFFICE, "Restore a shift"),
    ]
}

fn around() -> Vec<Route> {
    vec![
        Route::get("/shifts/plan", planning).only(&PAGE).asks::<PlanForm>(),
        Route::post("/shifts/plan", make)
            .only(&OFFICE)
            .says("Make the shifts of a week from another week or a template; without `make`, only look")
            .takes::<PlanForm>()
            .gives::<PlanOut>(),
        Route::get("/shifts/templates", list_templates)
            .only(&[Door::Api])
            .says("List the templates")
            .gives::<Page<TemplateOut>>(),
        Route::post("/shifts/templates", add_template)
            .only(&OFFICE)
            .says("Keep a week of a site as a template")
            .takes::<TemplateForm>()
            .gives::<TemplateOut>(),
        Route::post("/shifts/templates/{id}/archive", archive_template)
            .only(&OFFICE)
            .says("Archive a template")
            .gives::<TemplateOut>(),
        Route::post("/shifts/templates/{id}/restore", restore_template)
            .only(&OFFICE)
            .says("Restore a template")
            .gives::<TemplateOut>(),
        Route::get("/shifts/bans", list_bans)
            .only(&OFFICE)
            .says("List who is not to work where")
            .gives::<Page<BanOut>>(),
        Route::post("/shifts/bans", ban)
            .only(&OFFICE)
            .says("Ban a worker from a site")
            .takes::<BanForm>()
            .gives::<BanOut>(),
        Route::post("/shifts/bans/{id}/lift", lift)
            .only(&OFFICE)
            .says("Lift a ban")
            .takes::<LiftForm>()
            .gives::<BanOut>(),
        Route::get("/shifts/policy", rules)
            .only(&OFFICE)
            .says("Read the rules of the schedule")
            .gives::<PolicyOut>(),
        Route::post("/shifts/policy", set_rules).only(&PAGE),
        Route::put("/shifts/policy", set_rules)
            .says("Change the rules of the schedule")
            .takes::<PolicyForm>()
            .gives::<PolicyOut>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = ShiftFilter { q, limit: Some(web::search::ROWS), ..ShiftFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|shift| Hit {
                label: shift.label(),
                hint: shift.worker.clone().filter(|w| !w.is_empty()).unwrap_or_else(|| shift.post.clone()),
                path: format!("/shifts/{}", shift.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<ShiftFilter>) -> Answer {
    if ctx.door == Door::Portal(Portal::Field) {
        let mine = act::mine(&ctx).await?;
        return ctx.show(&mine, |mine| page::mine::page(&ctx, mine, &Complaints::default()));
    }
    let shifts = act::list(&ctx, &filter).await?;
    ctx.show(&shifts, |shifts| page::list(&ctx, &filter, shifts))
}

async fn mine(ctx: Ctx) -> Answer {
    let mine = act::mine(&ctx).await?;
    ctx.show(&mine, |mine| page::mine::page(&ctx, mine, &Complaints::default()))
}

async fn week(ctx: Ctx, Query(asked): Query<WeekFilter>) -> Answer {
    let week = act::week(&ctx, &asked).await?;
    if ctx.door == Door::Api {
        return ctx.show(&week, |_| maud::html! {});
    }
    let sites = crate::choices::sites(&ctx, super::VIEW).await?;
    ctx.show(&week, |week| page::week::page(&ctx, &asked, &sites, week))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<ShiftFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn show(ctx: Ctx, Path(id): Path<ShiftId>) -> Answer {
    let (shift, facts) = act::whole(&ctx, id).await?;
    if ctx.door == Door::Api {
        return ctx.show(&shift, |_| maud::html! {});
    }
    page::show(&ctx, &shift, &facts, &Complaints::default()).await
}

async fn mails(ctx: Ctx, Path(id): Path<ShiftId>, Query(asked): Query<MailedQuery>) -> Answer {
    let (shift, facts) = act::find(&ctx, id).await?;
    let mailed = web::notices::mailed(&ctx, id.uuid(), &facts, &asked).await?;
    ctx.show(&mailed, |mailed| page::mails(&ctx, &shift, mailed, &asked))
}

async fn new(ctx: Ctx, Query(filter): Query<ShiftForm>) -> Answer {
    ctx.require(CREATE)?;
    page::form::page(&ctx, None, &filter, &Complaints::default()).await
}

async fn create(ctx: Ctx, Input(form): Input<ShiftForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(made) => ctx.created(&made, &format!("/shifts/{}", made.shift.id)),
        Err(error) => page::form::again(&ctx, None, &form, error).await,
    }
}

async fn change(ctx: Ctx, Path(id): Path<ShiftId>) -> Answer {
    let (shift, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    page::form::page(&ctx, Some(&shift), &page::form::filled(&shift), &Complaints::default()).await
}

async fn edit(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<ShiftForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(shift) => ctx.done(&shift, &format!("/shifts/{id}")),
        Err(error) => {
            let (shift, _) = act::find(&ctx, id).await?;
            page::form::again(&ctx, Some(&shift), &form, error).await
        }
    }
}

/// After a verb: the shift, or the shift again with what was wrong.
async fn after(ctx: &Ctx, id: ShiftId, done: kernel::Result<ShiftWhole>) -> Answer {
    match done {
        Ok(shift) if ctx.door == Door::Portal(Portal::Field) => ctx.done(&shift, "/shifts"),
        Ok(shift) => ctx.done(&shift, &format!("/shifts/{id}")),
        Err(error) => page::again(ctx, id, error).await,
    }
}

async fn publish(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::publish(&ctx, id, &form).await).await
}

async fn withdraw(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::withdraw(&ctx, id, &form).await).await
}

async fn share(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::share(&ctx, id, &form, true).await).await
}

async fn unshare(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::share(&ctx, id, &form, false).await).await
}

async fn assign(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<AssignForm>) -> Answer {
    after(&ctx, id, verbs::assign(&ctx, id, &form).await).await
}

async fn answer(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::answer(&ctx, id, &form).await).await
}

async fn claim(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::claim(&ctx, id, &form).await).await
}

async fn unclaim(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::unclaim(&ctx, id, &form).await).await
}

async fn decide(ctx: Ctx, Path(id): Path<ShiftId>, Input(form): Input<VerbForm>) -> Answer {
    after(&ctx, id, verbs::decide(&ctx, id, &form).await).await
}

async fn archive(ctx: Ctx, Path(id): Path<ShiftId>) -> Answer {
    after(&ctx, id, act::set_archived(&ctx, id, true).await).await
}

async fn restore(ctx: Ctx, Path(id): Path<ShiftId>) -> Answer {
    after(&ctx, id, act::set_archived(&ctx, id, false).await).await
}

async fn publish_week(ctx: Ctx, Input(form): Input<PublishForm>) -> Answer {
    let done = verbs::publish_week(&ctx, &form).await?;
    ctx.done(&done, &format!("/shifts/week?week={}&site={}", form.week, form.site))
}

async fn planning(ctx: Ctx, Query(form): Query<PlanForm>) -> Answer {
    ctx.require(CREATE)?;
    page::plan::page(&ctx, &form, None, &Complaints::default()).await
}

async fn make(ctx: Ctx, Input(form): Input<PlanForm>) -> Answer {
    match plan::plan(&ctx, &form).await {
        Ok(planned) if ctx.door == Door::Api => ctx.done(&planned, ""),
        Ok(planned) if planned.made => {
            Ok(ctx.go(&format!("/shifts/week?week={}&site={}", planned.to, form.site)))
        }
        Ok(planned) => page::plan::page(&ctx, &form, Some(&planned), &Complaints::default()).await,
        Err(error) => page::plan::again(&ctx, &form, error).await,
    }
}

async fn list_templates(ctx: Ctx) -> Answer {
    let all = templates::list(&ctx).await?;
    ctx.show(&all, |_| maud::html! {})
}

async fn add_template(ctx: Ctx, Input(form): Input<TemplateForm>) -> Answer {
    match templates::create(&ctx, &form).await {
        Ok(template) => ctx.created(&template, &format!("/shifts/plan?template={}", template.id)),
        Err(error) => page::plan::again_template(&ctx, &form, error).await,
    }
}

async fn archive_template(ctx: Ctx, Path(id): Path<ShiftTemplateId>) -> Answer {
    let template = templates::set_archived(&ctx, id, true).await?;
    ctx.done(&template, "/shifts/plan")
}

async fn restore_template(ctx: Ctx, Path(id): Path<ShiftTemplateId>) -> Answer {
    let template = templates::set_archived(&ctx, id, false).await?;
    ctx.done(&template, "/shifts/plan")
}

async fn list_bans(ctx: Ctx) -> Answer {
    let all = bans::list(&ctx).await?;
    if ctx.door == Door::Api {
        return ctx.show(&all, |_| maud::html! {});
    }
    let markup = bans::page(&ctx, &BanForm::default(), &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn ban(ctx: Ctx, Input(form): Input<BanForm>) -> Answer {
    match bans::ban(&ctx, &form).await {
        Ok(made) => ctx.created(&made, "/shifts/bans"),
        Err(error) => page::refused(&ctx, error, async |wrong| bans::page(&ctx, &form, wrong).await).await,
    }
}

async fn lift(ctx: Ctx, Path(id): Path<SiteBanId>, Input(form): Input<LiftForm>) -> Answer {
    let lifted = bans::lift(&ctx, id, &form).await?;
    ctx.done(&lifted, "/shifts/bans")
}

async fn rules(ctx: Ctx) -> Answer {
    let rules = policy::read(&ctx).await?;
    ctx.show(&rules, |rules| policy::form(&ctx, &PolicyForm::filled(rules), &Complaints::default()))
}

async fn set_rules(ctx: Ctx, Input(form): Input<PolicyForm>) -> Answer {
    match policy::set(&ctx, &form).await {
        Ok(rules) => ctx.done(&rules, "/shifts/policy"),
        Err(error) => ctx.again(error, |wrong| policy::form(&ctx, &form, wrong)),
    }
}
