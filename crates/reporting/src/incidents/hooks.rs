//! Where other capabilities of this area add to an incident's page. Each gets the record as it was found within
//! the asker's plan, with the facts further decisions need.

use access::Facts;
use kernel::Result;
use kernel::id::IncidentId;
use maud::{Markup, html};
use web::Ctx;

/// Sections below the story: photos and files.
pub(super) async fn sections(_ctx: &Ctx, _id: IncidentId, _facts: &Facts) -> Result<Markup> {
    Ok(html! {})
}

/// A link beside the state of publication: who can see this, and why?
pub(super) fn explain(_ctx: &Ctx, _id: IncidentId, _facts: &Facts) -> Markup {
    html! {}
}
