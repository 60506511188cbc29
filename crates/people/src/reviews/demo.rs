//! A campaign of the demo world, which runs and is partly decided.

use kernel::Result;
use kernel::id::MembershipId;
use web::{Ctx, Text};

use super::model::{DecisionsForm, ItemFilter, ReviewForm, Scope};
use super::{act, create, decide, query};
use crate::members::zone;

/// Starts the campaign of the season and decides on some of it.
///
/// # Errors
/// The store's, or a refusal.
pub(crate) async fn live(ctx: &Ctx, other: MembershipId) -> Result<()> {
    let day = ctx.now().to_zoned(zone(ctx)).date();
    let due = day.checked_add(jiff::Span::new().days(10)).unwrap_or(day);
    let form = ReviewForm {
        name: Text::from("Who may do what this season"),
        note: Text::from("Confirm what people still need for their posts; revoke what nobody has used."),
        scope: Text::from(Scope::Everything.word()),
        reviewers: vec![Text(ctx.who.membership.to_string()), Text(other.to_string())],
        due: Text(due.to_string()),
        ..ReviewForm::default()
    };
    let review = create::create(ctx, &form).await?;
    let filter = ItemFilter { limit: Some(200), ..ItemFilter::default() };
    let items = act::items(ctx, &review, &filter).await?;
    let mine = |wanted: bool| {
        items.items.iter().filter(move |item| item.may_decide && item.proposed.is_empty() == wanted)
    };
    let confirm = DecisionsForm {
        decision: Text::from("confirm"),
        items: mine(true).take(12).map(|item| Text(item.id.to_string())).collect(),
        ..DecisionsForm::default()
    };
    decide::decide(ctx, review.id, &confirm).await?;
    // Nobody of the world loses a role that its sign-in page promises: only people without a button there.
    let mut unused = Vec::new();
    for item in mine(false).filter(|item| item.role == "officer") {
        let mailbox = query::mailbox(ctx.store(), ctx.who.organization, item.member).await?;
        if mailbox.is_some_and(|mailbox| !mailbox.as_str().ends_with("@demo.example")) {
            unused.push(Text(item.id.to_string()));
        }
    }
    unused.truncate(2);
    let revoke = DecisionsForm {
        decision: Text::from("revoke"),
        items: unused,
        reason: Text::from("Not seen on a post since the spring"),
        ..DecisionsForm::default()
    };
    if !revoke.items.is_empty() {
        decide::decide(ctx, review.id, &revoke).await?;
    }
    Ok(())
}
