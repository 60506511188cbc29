//! What forms offer: current sites within the plan, and what was typed of them.

use access::{Facts, Permission};
use kernel::id::SiteId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use maud::{Markup, html};
use store::listing::{self, Listing};
use store::{FromRow, Row};
use web::reply::Complaints;
use web::{Answer, Ctx, Text};

use crate::query::{self, Place, SEE_SITES, SITES};

/// So many are offered at most; a longer list helps nobody to choose.
const MOST: usize = 1_000;

/// A site to choose.
#[derive(Clone, Debug)]
pub(crate) struct SiteChoice {
    pub(crate) id: SiteId,
    pub(crate) name: String,
}

impl FromRow for SiteChoice {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)? })
    }
}

/// The current sites at which the asker may do this, by name.
pub(crate) async fn sites(ctx: &Ctx, to_do: Permission) -> Result<Vec<SiteChoice>> {
    let mut all: Vec<SiteChoice> = Vec::new();
    let mut cursor: Option<String> = None;
    while ctx.may(to_do) && ctx.may(SEE_SITES) && all.len() < MOST {
        let page: Page<SiteChoice> = Listing::new(&ctx.plan, SEE_SITES, &SITES)?
            .within(to_do)
            .is("archived", 0)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// A site at which the asker may do this, with its facts. One that is hidden answers as one that is not there.
pub(crate) async fn site(ctx: &Ctx, to_do: Permission, typed: &Text) -> Result<(SiteId, Place, Facts)> {
    let unknown = || Error::field("site", "choose one of your sites");
    let id: SiteId = typed.parse().map_err(|_unreadable: String| unknown())?;
    let found = listing::find::<SiteChoice>(ctx.store(), &ctx.plan, to_do, &SITES, id.uuid()).await;
    let (_, facts) = match found {
        Ok(found) => found,
        Err(Error::NotFound) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let place = query::place(ctx.store(), ctx.who.organization, id).await?;
    if place.archived {
        return Err(Error::field("site", "this site is archived; restore it first"));
    }
    Ok((id, place, facts))
}

/// A form that was refused comes back with what its page needs to offer.
pub(crate) async fn refused(
    ctx: &Ctx,
    error: Error,
    form: impl AsyncFnOnce(&Complaints) -> Result<Markup>,
) -> Answer {
    let known = match &error {
        Error::Invalid(fields) => Some(Complaints { fields: fields.clone(), whole: None }),
        Error::Conflict(text) | Error::BadRequest(text) | Error::Forbidden(text) => {
            Some(Complaints { whole: Some(text.clone()), ..Complaints::default() })
        }
        Error::Stale => Some(Complaints { whole: Some(error.to_string()), ..Complaints::default() }),
        _ => None,
    };
    let markup = match &known {
        Some(wrong) if ctx.portal().is_some() => form(wrong).await?,
        _ => html! {},
    };
    ctx.again(error, |_| markup)
}
