//! The leak test finds nothing in the program as it is, and every one of ten leaks that are planted into it.

use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use http::StatusCode;
use kernel::id::{AttachmentId, ClientId, IncidentId, MembershipId};
use kernel::text::EmailAddress;
use serde::Deserialize;
use serde_json::json;
use store::{Batch, params};
use web::{Ctx, Feature, Route};

use super::report::Check;
use super::{Depth, Likeness, Report, run};

/// Who walks: one of each side and reach, among them somebody who may do everything.
const WALKERS: [&str; 6] =
    ["customer_admin", "supervisor", "officer", "client_user", "basic_user", "area_administrator"];

/// Paths that take something else than a record's id, and why nothing is planted for them.
const UNPLANTED: [(&str, &str); 8] = [
    ("/checkpoints/{id}", "not planted yet; its own role table is in its folder"),
    ("/tours/{id}", "not planted yet; its own role table is in its folder"),
    ("/checkpoint-reports/{id}", "not planted yet; its own role table is in its folder"),
    ("/post-orders/{id}", "not planted yet; its own role table is in its folder"),
    ("/passdown/{id}", "not planted yet; its own role table is in its folder"),
    ("/timesheets/{id}", "not planted yet: lines follow from shifts and punches, and none are over here"),
    ("/organization/features/{feature}", "features are words of the program, the same for everybody"),
    ("/incidents/types/{id}", "a type is a word that everybody who files is offered; its id opens no page"),
];

async fn walk(features: Vec<Feature>, walkers: &[&str], engines: usize) -> Vec<Report> {
    let mut all = Vec::new();
    for database in testkit::engines().await.into_iter().take(engines) {
        let mut likeness = Likeness::everything();
        likeness.only = walkers.iter().map(|key| (*key).to_owned()).collect();
        let report = run(database.settings(), &features, &likeness, Depth::Quick, &|_, _, _| {}).await;
        all.push(report.unwrap_or_else(|refusal| panic!("{}", refusal.0)));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_tells_nobody_what_is_hidden_from_them() {
    for report in walk(crate::features(), &WALKERS, 2).await {
        assert_eq!(report.found, 0, "{:#?}", report.leaks);
        // A kind of record that nobody plants would be walked past: say at its route how it is planted.
        let unknown: Vec<&String> = report
            .not_walked
            .iter()
            .filter(|line| !UNPLANTED.iter().any(|(path, _)| line.contains(path)))
            .collect();
        assert!(unknown.is_empty(), "{unknown:#?}");
        // A walk past closed doors would find nothing either.
        assert!(report.right > 500, "{} answers held something", report.right);
        assert!(report.questions > 5_000 && report.canaries > 150, "{report:?}");
    }
}

/// A list that its plan narrows, for leaks that show beside it.
#[derive(Deserialize, schemars::JsonSchema)]
struct Asked {
    #[serde(default)]
    q: String,
}

type Told = Result<axum::response::Response, StatusCode>;

fn told(value: &serde_json::Value) -> Told {
    Ok(axum::Json(value.clone()).into_response())
}

fn failed(_: kernel::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Id, visibility, site, client, area and author of an incident.
type Stored = (IncidentId, i64, Maybe, Maybe, Maybe, Maybe);
type Maybe = Option<uuid::Uuid>;

/// Incidents that the asker may see, the right way: ids from the program's own list.
async fn seen(ctx: &Ctx) -> Vec<IncidentId> {
    let all: Vec<Stored> = ctx
        .store()
        .all(
            "select id, visibility, site_id, client_id, area_id, author_id from incidents where organization_id = $1 order by id",
            params![ctx.who.organization],
        )
        .await
        .unwrap_or_default();
    let permission = "incident.view".parse().unwrap();
    all.into_iter()
        .filter(|(_, visibility, site, client, area, author)| {
            let facts = access::Facts {
                visibility: Some(*visibility),
                site: *site,
                client: *client,
                area: *area,
                author: *author,
                ..access::Facts::of(ctx.who.organization.uuid())
            };
            ctx.plan.check(permission, &facts)
        })
        .map(|(id, ..)| id)
        .collect()
}

async fn field(ctx: &Ctx, id: IncidentId, column: &'static str) -> Result<String, StatusCode> {
    let found: Option<(String,)> = ctx
        .store()
        .first(&format!("select {column} from incidents where id = $1"), params![id])
        .await
        .map_err(failed)?;
    found.map(|(text,)| text).ok_or(StatusCode::NOT_FOUND)
}

async fn counts(ctx: Ctx) -> Told {
    let (all,): (i64,) = ctx
        .store()
        .one("select count(*) from incidents where organization_id = $1", params![ctx.who.organization])
        .await
        .map_err(failed)?;
    told(&json!({ "incidents": all }))
}

async fn file(ctx: Ctx, Path(id): Path<AttachmentId>) -> Told {
    let (name,): (String,) = ctx
        .store()
        .one(
            "select name from attachments where organization_id = $1 and id = $2",
            params![ctx.who.organization, id],
        )
        .await
        .map_err(|_gone| StatusCode::NOT_FOUND)?;
    Ok(name.into_response())
}

async fn export(ctx: Ctx) -> Told {
    let rows: Vec<(String,)> = ctx
        .store()
        .all(
            "select public_details from incidents where organization_id = $1 order by id",
            params![ctx.who.organization],
        )
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(|(text,)| text + "\r\n").collect::<String>().into_response())
}

/// Answers with what may be seen only, but looks through what may not.
async fn search(ctx: Ctx, Query(asked): Query<Asked>) -> Told {
    let mut hits = 0;
    for id in seen(&ctx).await {
        hits += i64::from(!asked.q.is_empty() && field(&ctx, id, "internal_notes").await? == asked.q);
    }
    told(&json!({ "hits": hits }))
}

async fn refusal(ctx: Ctx, Path(id): Path<IncidentId>) -> Told {
    let title = field(&ctx, id, "reference").await?;
    if seen(&ctx).await.contains(&id) {
        return told(&json!({ "id": id }));
    }
    Ok((StatusCode::FORBIDDEN, format!("You may not see {title}.")).into_response())
}

async fn order(ctx: Ctx) -> Told {
    let mut all = Vec::new();
    for id in seen(&ctx).await {
        all.push((field(&ctx, id, "narrative").await?, id.to_string()));
    }
    all.sort();
    let digest = all.iter().fold(0_u64, |sum, (text, _)| {
        text.bytes().fold(sum, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
    });
    told(&json!({ "order": all.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), "stamp": digest }))
}

async fn unmasked(ctx: Ctx) -> Told {
    let mut all = Vec::new();
    for id in seen(&ctx).await {
        all.push(json!({ "id": id, "notes": field(&ctx, id, "internal_notes").await? }));
    }
    told(&json!(all))
}

/// Looks by id alone: another organization's records are found, too.
async fn tenant(ctx: Ctx, Path(id): Path<IncidentId>) -> Told {
    field(&ctx, id, "public_details").await.map(IntoResponse::into_response)
}

/// The shifts of the asker's places, the drafts among them: where they lie is asked of the plan, how far they are is not.
async fn shifts(ctx: Ctx) -> Told {
    let all: Vec<(Maybe, Maybe, Maybe, String)> = ctx
        .store()
        .all(
            "select site_id, client_id, area_id, note from shifts where organization_id = $1 order by id",
            params![ctx.who.organization],
        )
        .await
        .map_err(failed)?;
    let permission = "shift.view".parse().unwrap();
    let seen = all.into_iter().filter(|(site, client, area, _)| {
        let facts = access::Facts {
            site: *site,
            client: *client,
            area: *area,
            visibility: Some(access::Visibility::Submitted.number()),
            closed: Some(0),
            ..access::Facts::of(ctx.who.organization.uuid())
        };
        ctx.plan.check(permission, &facts)
    });
    told(&json!(seen.map(|(.., note)| note).collect::<Vec<_>>()))
}

/// A week of the schedule that counts drafts, too.
async fn week(ctx: Ctx) -> Told {
    let (all,): (i64,) = ctx
        .store()
        .one("select count(*) from shifts where organization_id = $1", params![ctx.who.organization])
        .await
        .map_err(failed)?;
    told(&json!({ "planned": all }))
}

/// Asks for the second id alone, and never whether it lies within the first.
async fn two(ctx: Ctx, Path((_, id)): Path<(ClientId, MembershipId)>) -> Told {
    let found: Option<(i64,)> = ctx
        .store()
        .first(
            "select active from memberships where organization_id = $1 and id = $2",
            params![ctx.who.organization, id],
        )
        .await
        .map_err(failed)?;
    found.map(|_| told(&json!({})).into_response()).ok_or(StatusCode::NOT_FOUND)
}

async fn header(ctx: Ctx) -> Told {
    let (latest,): (String,) = ctx
        .store()
        .one(
            "select title from incidents where organization_id = $1 order by number limit 1",
            params![ctx.who.organization],
        )
        .await
        .map_err(failed)?;
    Ok(([("x-latest", latest)], "{}").into_response())
}

async fn mail(ctx: Ctx) -> Told {
    let rows: Vec<(String,)> = ctx
        .store()
        .all("select narrative from incidents where organization_id = $1", params![ctx.who.organization])
        .await
        .map_err(failed)?;
    let text = rows.into_iter().map(|(text,)| text).collect::<Vec<_>>().join("\n");
    let recipient: EmailAddress = ctx.who.email.parse().map_err(|_wrong: String| StatusCode::NOT_FOUND)?;
    let mut batch = Batch::new();
    jobs::mail::enqueue(
        &mut batch,
        &jobs::mail::NewMail {
            organization: Some(ctx.who.organization),
            recipient: &recipient,
            subject: "All that happened",
            html: "",
            plain: &text,
            why: "You asked for it.",
            at: ctx.now(),
            about: None,
            good_until: None,
        },
    );
    ctx.commit(batch).await.map_err(failed)?;
    told(&json!({ "sent": true }))
}

/// A verb that says whether there is such a record before it asks who wants to know.
async fn poke(ctx: Ctx, Path(id): Path<IncidentId>) -> Told {
    field(&ctx, id, "title").await?;
    Err(StatusCode::CONFLICT)
}

fn planted() -> Feature {
    Feature {
        name: "planted",
        routes: || {
            vec![
                Route::get("/planted/count", counts),
                Route::get("/attachments/{id}/planted", file),
                Route::get("/planted/export", export),
                Route::get("/planted/search", search).asks::<Asked>(),
                Route::get("/incidents/{id}/planted-refusal", refusal),
                Route::get("/planted/order", order),
                Route::get("/planted/unmasked", unmasked),
                Route::get("/incidents/{id}/planted-tenant", tenant),
                Route::get("/planted/header", header),
                Route::get("/planted/mail", mail),
                Route::get("/shifts/planted-list", shifts),
                Route::get("/shifts/planted-week", week),
                Route::get("/clients/{id}/portal/accounts/{membership}/planted", two),
                Route::post("/incidents/{id}/planted-poke", poke),
            ]
        },
        open: None,
        nav: &[],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_planted_leak_is_found() {
    let mut features = crate::features();
    features.push(planted());
    for report in walk(features, &["customer_admin", "officer", "client_user"], 1).await {
        let found = |check: Check, place: &str| {
            report.leaks.iter().any(|leak| leak.check == check && leak.question.contains(place))
        };
        let expected = [
            (Check::Interference, "/planted/count"),
            (Check::Words, "FILE"),
            (Check::Words, "/planted/export"),
            (Check::Search, "/planted/search"),
            (Check::Existence, "/planted-refusal"),
            (Check::Interference, "/planted/order"),
            (Check::Words, "/planted/unmasked"),
            (Check::Words, "/planted-tenant"),
            (Check::Words, "/planted/header"),
            (Check::Mail, "All that happened"),
            (Check::Existence, "/planted-poke"),
            (Check::Words, "/shifts/planted-list"),
            (Check::Interference, "/shifts/planted-week"),
            (Check::Existence, "PAIR"),
        ];
        for (check, place) in expected {
            let there = match place {
                "FILE" => report.leaks.iter().any(|leak| {
                    leak.check == check
                        && leak.question.contains("/attachments/")
                        && leak.question.ends_with("/planted")
                }),
                "PAIR" => report.leaks.iter().any(|leak| {
                    leak.check == check
                        && leak.question.contains("/accounts/")
                        && leak.question.ends_with("/planted")
                }),
                place => found(check, place),
            };
            assert!(there, "{check:?} at {place} was not found; found were {:#?}", report.leaks);
        }
        // And nothing else is blamed.
        let innocent =
            report.leaks.iter().find(|leak| !leak.question.contains("planted") && leak.check != Check::Mail);
        assert!(innocent.is_none(), "{innocent:#?}");
    }
}
