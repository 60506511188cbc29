//! The journal as a file, CSV or one JSON value a line: what the asker's list shows, and its taking-away is a line of
//! the journal itself, written before the first byte leaves.

use access::{Facts, Resource};
use kernel::{Error, Timestamp};
use serde_json::json;
use store::Batch;
use web::{Answer, Ctx, RecordPage};

use super::model::{Line, LineFilter};
use super::{EXPORT, VIEW, act};

/// The page of the kind of record that a line speaks of.
pub(super) fn page_of<'a>(ctx: &'a Ctx, line: &Line) -> Option<&'a RecordPage> {
    // People and the letters that invite them are one resource; the action tells which is meant.
    let letter = line.action.contains("invit") && line.action != "accept_invitation";
    let mut kinds = ctx.app.records.iter().filter(|page| page.record.table.resource.word() == line.resource);
    let first = kinds.clone().find(|page| (page.record.prefix == "inv") == letter);
    first.or_else(|| kinds.next())
}

const HEADINGS: [&str; 14] = [
    "Line",
    "Time (UTC)",
    "Local time",
    "Who",
    "Acting as",
    "Membership",
    "Sign-in",
    "Action",
    "Kind",
    "Record",
    "Called",
    "From",
    "Detail",
    "Hash",
];

fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn cells(ctx: &Ctx, zone: &jiff::tz::TimeZone, whole: bool, line: &Line) -> [String; 14] {
    let record =
        line.record.map(|id| page_of(ctx, line).map_or_else(|| kernel::id::encode(id), |p| p.written(id)));
    [
        if whole { line.sequence.to_string() } else { String::new() },
        utc(line.at),
        line.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string(),
        line.name.clone(),
        line.roles.clone(),
        line.membership.map(|id| id.to_string()).unwrap_or_default(),
        line.account.map(|id| id.to_string()).unwrap_or_default(),
        line.action.clone(),
        line.resource.clone(),
        record.unwrap_or_default(),
        line.label.clone(),
        line.address.clone(),
        line.detail.to_string(),
        store::journal::hex(&line.hash),
    ]
}

/// Streams the file.
pub(super) async fn file(ctx: &Ctx, filter: &LineFilter, rights: bool) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("None of your roles lets you export the journal.").into());
    }
    let lines = match filter.format.as_str() {
        "" | "csv" => false,
        "jsonl" => true,
        other => {
            return Err(Error::BadRequest(format!("there is no format {other}; choose csv or jsonl")).into());
        }
    };
    // A wrong filter is an error page, not a broken file.
    act::listing(ctx, filter, rights, &[VIEW, EXPORT])?;
    let mut batch = Batch::new();
    let asked =
        json!({ "asked": filter, "format": if lines { "jsonl" } else { "csv" }, "rights_only": rights });
    let none: Option<kernel::id::JournalEntryId> = None;
    ctx.journal(&mut batch, "export", Resource::Audit, none, "Journal", &asked);
    // In a preview nothing is written; the journal has the preview's own line about this page.
    if ctx.preview.is_none() {
        ctx.commit(batch).await?;
    }
    let (ctx, filter) = (ctx.clone(), filter.clone());
    let zone = crate::members::zone(&ctx);
    // Numbers with gaps would tell how much is not shown.
    let whole = act::reads_all(&ctx, &[VIEW, EXPORT]);
    if lines {
        web::csv::download_lines("journal.jsonl", move |file| async move {
            act::listing(&ctx, &filter, rights, &[VIEW, EXPORT])?
                .each(ctx.store(), |line: Line| {
                    let record = line.record.map(|id| {
                        page_of(&ctx, &line).map_or_else(|| kernel::id::encode(id), |p| p.written(id))
                    });
                    file.write(&json!({
                        "sequence": whole.then_some(line.sequence), "at": line.at, "who": line.name, "roles": line.roles,
                        "membership": line.membership, "account": line.account, "action": line.action,
                        "resource": line.resource, "record": record, "label": line.label,
                        "address": line.address, "detail": line.detail, "hash": store::journal::hex(&line.hash),
                    }))
                })
                .await
        })
        .await
    } else {
        web::csv::download("journal.csv", &HEADINGS, move |file| async move {
            act::listing(&ctx, &filter, rights, &[VIEW, EXPORT])?
                .each(ctx.store(), |line: Line| file.write(cells(&ctx, &zone, whole, &line)))
                .await
        })
        .await
    }
}

/// The facts of the organization as a whole.
pub(super) fn whole(ctx: &Ctx) -> Facts {
    Facts::of(ctx.who.organization.uuid())
}
