//! The route table of alarms; each handler is one expression.

use kernel::Portal;
use kernel::id::{AlarmId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{AlarmFilter, AlarmForm, CardForm, NoteForm};
use super::view::{ALARMS, AlarmOut, AlarmWhole, CardOut, RaisedOut};
use super::{ACKNOWLEDGE, OFFICE, TRIGGER, act, card, export, mail, page, plants, raise};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/sos", list)
            .says("List alarms")
            .asks::<AlarmFilter>()
            .gives::<Page<AlarmOut>>()
            .kept()
            .watched(ACKNOWLEDGE)
            .plants(plants::plant)
            .found_by(Search { kind: "alarm", label: "Alarms", icon: ui::icon::siren, find }),
        Route::post("/sos", call).says("Raise the alarm").takes::<AlarmForm>().gives::<RaisedOut>(),
        Route::get("/sos/export", export_csv)
            .only(&OFFICE)
            .says("Export the log of alarms as CSV")
            .asks::<AlarmFilter>()
            .gives_file("text/csv"),
        Route::get("/sos/card", own_card).says("Read one's own emergency card").gives::<CardOut>(),
        Route::post("/sos/card", save_card).pages(),
        Route::put("/sos/card", save_card)
            .says("Change one's own emergency card")
            .takes::<CardForm>()
            .gives::<CardOut>(),
        Route::get("/sos/{id}", show)
            .says("Read an alarm with its course; opens the caller's emergency card to those who answer")
            .gives::<AlarmWhole>()
            .shows::<kind::Alarm>(&ALARMS)
            .tells(&mail::NOTICES),
        Route::post("/sos/{id}/acknowledgement", acknowledge)
            .only(&OFFICE)
            .says("Answer an alarm by name")
            .gives::<AlarmWhole>(),
        Route::post("/sos/{id}/notes", note)
            .says("Write something down in the course of an alarm")
            .takes::<NoteForm>()
            .gives::<AlarmWhole>(),
        Route::post("/sos/{id}/closing", close)
            .only(&OFFICE)
            .says("Close an alarm with what happened")
            .takes::<NoteForm>()
            .gives::<AlarmWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = AlarmFilter { q, limit: Some(web::search::ROWS), ..AlarmFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|alarm| Hit {
                label: alarm.label(),
                hint: alarm.state.label().to_owned(),
                path: format!("/sos/{}", alarm.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<AlarmFilter>) -> Answer {
    // In the field and at the client's it is the button that is wanted, not the log.
    if matches!(ctx.door, Door::Portal(Portal::Field | Portal::Client)) {
        let offers = raise::offers(&ctx).await?;
        let latest = act::latest(&ctx).await?;
        return ctx.page_only(|| page::button::button(&ctx, &offers, &latest, &Complaints::default()));
    }
    let alarms = act::list(&ctx, &filter).await?;
    ctx.show(&alarms, |alarms| page::list(&ctx, &filter, alarms))
}

async fn call(ctx: Ctx, Input(form): Input<AlarmForm>) -> Answer {
    match raise::raise(&ctx, &form).await {
        Ok(raised) if ctx.may(super::VIEW) => ctx.created(&raised, &format!("/sos/{}", raised.id)),
        Ok(raised) => ctx.created(&raised, "/sos"),
        Err(error) => {
            ctx.require(TRIGGER)?;
            let offers = raise::offers(&ctx).await?;
            let latest = act::latest(&ctx).await?;
            ctx.again(error, |wrong| page::button::button(&ctx, &offers, &latest, wrong))
        }
    }
}

async fn export_csv(ctx: Ctx, Query(filter): Query<AlarmFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn own_card(ctx: Ctx) -> Answer {
    let card = card::own(&ctx).await?;
    ctx.show(&card, |card| page::card::form(&ctx, &page::card::filled(card), &Complaints::default()))
}

async fn save_card(ctx: Ctx, Input(form): Input<CardForm>) -> Answer {
    match card::save(&ctx, &form).await {
        Ok(card) => ctx.done(&card, "/sos"),
        Err(error) => ctx.again(error, |wrong| page::card::form(&ctx, &form, wrong)),
    }
}

async fn show(ctx: Ctx, Path(id): Path<AlarmId>) -> Answer {
    let (alarm, facts) = act::whole(&ctx, id).await?;
    ctx.show(&alarm, |alarm| page::show::show(&ctx, alarm, &facts, &Complaints::default()))
}

async fn acknowledge(ctx: Ctx, Path(id): Path<AlarmId>) -> Answer {
    match act::acknowledge(&ctx, id).await {
        Ok(alarm) => ctx.done(&alarm, &format!("/sos/{id}")),
        Err(error) => again(&ctx, id, error).await,
    }
}

async fn note(ctx: Ctx, Path(id): Path<AlarmId>, Input(form): Input<NoteForm>) -> Answer {
    match act::note(&ctx, id, &form).await {
        Ok(alarm) => ctx.done(&alarm, &format!("/sos/{id}")),
        Err(error) => again(&ctx, id, error).await,
    }
}

async fn close(ctx: Ctx, Path(id): Path<AlarmId>, Input(form): Input<NoteForm>) -> Answer {
    match act::close(&ctx, id, &form).await {
        Ok(alarm) => ctx.done(&alarm, &format!("/sos/{id}")),
        Err(error) => again(&ctx, id, error).await,
    }
}

/// The alarm's page with what was wrong; where there is none for the asker, nothing else is said.
async fn again(ctx: &Ctx, id: AlarmId, error: kernel::Error) -> Answer {
    let (alarm, facts) = act::whole(ctx, id).await?;
    ctx.again(error, |wrong| page::show::show(ctx, &alarm, &facts, wrong))
}
