//! The letter to a reviewer: that there is something to decide, how much, by when. It names nobody whose roles are
//! reviewed, and goes only to those who may decide on something in the campaign.

use access::Plan;
use jobs::mail::NewMail;
use kernel::id::{OrganizationId, ReviewId};
use kernel::text::EmailAddress;
use kernel::{Portal, Result, Timestamp};
use store::listing::Listing;
use store::{Batch, Store};

use super::model::Decision;
use super::query::ITEMS;
use super::{TAKE, VIEW};

/// What a letter says.
pub(super) struct Asked<'a> {
    pub(super) organization: OrganizationId,
    pub(super) name: &'a str,
    pub(super) hue: u16,
    pub(super) public_url: &'a str,
    pub(super) path: String,
    pub(super) review: &'a str,
    pub(super) by: &'a str,
    pub(super) due: String,
    pub(super) many: usize,
    pub(super) at: Timestamp,
}

/// Where the reviewer opens the campaign: through the first door of theirs that shows it.
pub(super) fn path(portals: &[Portal], id: ReviewId) -> String {
    let door = if portals.contains(&Portal::Office) { "/office" } else { "/client" };
    format!("{door}/reviews/{id}?decision=open")
}

/// How many open grants of a campaign somebody may decide on, by their own plan; their own roles are not among them.
///
/// # Errors
/// The store's.
pub(super) async fn waiting(store: &Store, plan: &Plan, id: ReviewId) -> Result<usize> {
    if !plan.may_ever(TAKE) || !plan.may_ever(VIEW) {
        return Ok(0);
    }
    let open = || -> Result<Listing<'_>> {
        Listing::new(plan, TAKE, &ITEMS)?
            .is("review", id)?
            .is("decision", Decision::Open.number())?
            .is("there", 1)
    };
    let all = open()?.count(store, 9999).await?;
    let own = open()?.is("member", plan.membership)?.count(store, 9999).await?;
    Ok(all.saturating_sub(own))
}

fn grants(many: usize) -> String {
    crate::words::count(many, "grant", "grants")
}

/// "You are asked to review."
pub(super) fn ask(batch: &mut Batch, to: &EmailAddress, asked: &Asked<'_>) {
    let said = format!(
        "{} asks you to decide who keeps which role: “{}” holds {} for you to confirm or revoke, by {}.",
        asked.by,
        asked.review,
        grants(asked.many),
        asked.due
    );
    post(batch, to, asked, "Access review", &[&said], "because you were named as a reviewer.");
}

/// "It is still waiting."
pub(super) fn remind(batch: &mut Batch, to: &EmailAddress, asked: &Asked<'_>, overdue: bool) {
    let said = format!(
        "{} in “{}” still {} for your decision.",
        grants(asked.many),
        asked.review,
        if asked.many == 1 { "waits" } else { "wait" }
    );
    let day = if overdue {
        format!("The last day was {}.", asked.due)
    } else {
        format!("The last day is {}.", asked.due)
    };
    let heading = if overdue { "Access review: overdue" } else { "Access review: due soon" };
    post(batch, to, asked, heading, &[&said, &day], "because you are a reviewer of this campaign.");
}

fn post(
    batch: &mut Batch,
    to: &EmailAddress,
    asked: &Asked<'_>,
    heading: &str,
    paragraphs: &[&str],
    why: &str,
) {
    let url = format!("{}{}", asked.public_url, asked.path);
    let letter = ui::Mail {
        organization: asked.name,
        hue: asked.hue,
        heading,
        paragraphs,
        action: Some(("Open the campaign", &url)),
        why,
        ..ui::Mail::default()
    };
    let (html, plain) = ui::mail(&letter);
    let subject = format!("{heading}: {}", asked.review);
    jobs::mail::enqueue(
        batch,
        &NewMail {
            about: None,
            good_until: None,
            organization: Some(asked.organization),
            recipient: to,
            subject: &subject,
            html: &html,
            plain: &plain,
            why,
            at: asked.at,
        },
    );
}
