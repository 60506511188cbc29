//! A campaign as a file: the grants in it that the asker may see, and what became of each. Taking it away is a line
//! of the journal.

use access::Resource;
use kernel::id::ReviewId;
use kernel::{Error, Timestamp};
use serde_json::json;
use store::Batch;
use web::{Answer, Ctx};

use super::act;
use super::model::{ItemFilter, ItemOut};

const HEADINGS: [&str; 16] = [
    "Person",
    "Membership",
    "Side",
    "Role",
    "Role key",
    "Targets",
    "From",
    "Until",
    "Given",
    "Given by",
    "Last used",
    "Proposed for removal",
    "Decision",
    "Decided",
    "Decided by",
    "Reason",
];

fn utc(at: Option<Timestamp>) -> String {
    at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// Where a grant is held. Ids of places are for those who see every place; others get the kinds alone.
fn targets(ctx: &Ctx, item: &ItemOut) -> Vec<String> {
    let all = crate::targets::names::sees_every_place(&ctx.plan);
    let kind = |word: &String| word.split(':').next().unwrap_or_default().to_owned();
    item.targets.iter().map(|word| if all { word.clone() } else { kind(word) }).collect()
}

fn cells(ctx: &Ctx, item: &ItemOut) -> [String; 16] {
    [
        item.member_name.clone(),
        item.member.to_string(),
        item.audience.word().to_owned(),
        item.role_name.clone(),
        item.role.clone(),
        targets(ctx, item).join(" "),
        utc(item.from),
        utc(item.until),
        utc(Some(item.given_at)),
        item.given_by.clone().unwrap_or_default(),
        utc(item.used_at),
        item.proposed.clone(),
        item.decision.word().to_owned(),
        utc(item.decided_at),
        item.decided_by.clone().unwrap_or_default(),
        item.reason.clone(),
    ]
}

/// Streams the file.
pub(super) async fn file(ctx: &Ctx, id: ReviewId, filter: &ItemFilter) -> Answer {
    let review = act::find(ctx, id).await?;
    let lines = match filter.format.as_str() {
        "" | "csv" => false,
        "jsonl" => true,
        other => {
            return Err(Error::BadRequest(format!("there is no format {other}; choose csv or jsonl")).into());
        }
    };
    act::listing(ctx, id, filter)?;
    let mut batch = Batch::new();
    let detail = json!({ "format": if lines { "jsonl" } else { "csv" } });
    ctx.journal(&mut batch, "export_review", Resource::Assignment, Some(id), &review.name, &detail);
    // In a preview nothing is written; the journal has the preview's own line about this page.
    if ctx.preview.is_none() {
        ctx.commit(batch).await?;
    }
    let (ctx, filter) = (ctx.clone(), filter.clone());
    if lines {
        web::csv::download_lines("review.jsonl", move |file| async move {
            act::listing(&ctx, id, &filter)?
                .each(ctx.store(), |item: ItemOut| {
                    file.write(&json!({
                        "assignment": item.assignment, "member": item.member, "member_name": item.member_name,
                        "audience": item.audience, "role": item.role, "role_name": item.role_name,
                        "targets": targets(&ctx, &item), "from": item.from, "until": item.until, "given_at": item.given_at,
                        "given_by": item.given_by, "used_at": item.used_at, "proposed": item.proposed,
                        "decision": item.decision, "decided_at": item.decided_at, "decided_by": item.decided_by,
                        "reason": item.reason,
                    }))
                })
                .await
        })
        .await
    } else {
        web::csv::download("review.csv", &HEADINGS, move |file| async move {
            act::listing(&ctx, id, &filter)?
                .each(ctx.store(), |item: ItemOut| file.write(cells(&ctx, &item)))
                .await
        })
        .await
    }
}
