//! Who read an incident: its page, its files, through the API or in an export, on whichever side they stand. For
//! those whose right to read the journal reaches the incident. Lists that only name it do not count as reading it.

mod act;
mod page;
mod routes;
#[cfg(test)]
mod tests;

use access::Facts;
use kernel::Result;
use kernel::id::IncidentId;
use maud::Markup;
use web::{Ctx, Feature};

/// What this adds to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "readers", routes: routes::routes, open: None, nav: &[] }
}

/// The section of an incident's page that says who read it; nothing for those who may not know.
///
/// # Errors
/// The store's.
pub(crate) async fn section(ctx: &Ctx, id: IncidentId, facts: &Facts) -> Result<Markup> {
    if ctx.portal() != Some(kernel::Portal::Office) || !ctx.plan.check(web::journal::AUDIT, facts) {
        return Ok(maud::html! {});
    }
    let readers = act::readers(ctx, id, act::FEW).await?;
    Ok(page::section(ctx, id, &readers))
}
