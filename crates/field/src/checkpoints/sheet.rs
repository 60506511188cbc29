//! The sheet of a site: its checkpoints' codes, to be cut out and put on the wall.

use kernel::id::SiteId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use maud::{Markup, html};
use store::listing::{self, Listing};
use ui::{Empty, Kind, button_link};
use web::Ctx;
use web::reply::PageParts;

use super::model::{CheckpointOut, CodeOut, SheetFilter, SheetOut};
use super::query::{self, CHECKPOINTS};
use super::{EDIT, VIEW, code};
use crate::choices::SiteChoice;
use crate::query::{SEE_SITES, SITES};

/// The codes of a site, for those who may change its checkpoints.
pub(super) async fn sheet(ctx: &Ctx, filter: &SheetFilter) -> Result<SheetOut> {
    ctx.require(VIEW)?;
    if !ctx.may(EDIT) {
        return Err(Error::forbidden(
            "none of your roles lets you change checkpoints, and with that see codes",
        ));
    }
    if filter.site.is_empty() {
        return Ok(SheetOut { site: String::new(), codes: Vec::new() });
    }
    let site: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
    let (choice, _) =
        listing::find::<SiteChoice>(ctx.store(), &ctx.plan, SEE_SITES, &SITES, site.uuid()).await?;
    let page: Page<CheckpointOut> = Listing::new(&ctx.plan, VIEW, &CHECKPOINTS)?
        .within(EDIT)
        .is("archived", 0)?
        .is("site_id", site)?
        .order("place")?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    let known = query::codes(ctx.store(), ctx.who.organization, site).await?;
    let codes = page
        .items
        .into_iter()
        .filter_map(|checkpoint| {
            let (_, typed, version) = known.iter().find(|(id, ..)| *id == checkpoint.id)?;
            Some(CodeOut {
                id: checkpoint.id,
                link: code::link(&ctx.app, checkpoint.id, *version),
                code: code::spoken(typed),
                name: checkpoint.name,
            })
        })
        .collect();
    Ok(SheetOut { site: choice.name, codes })
}

pub(super) fn page(ctx: &Ctx, sheet: &SheetOut) -> Markup {
    let body = html! {
        @if sheet.site.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::site(),
                    title: "Of which site?",
                    text: "Choose a site in the list of checkpoints; from there its codes are printed.",
                },
                button_link(Kind::Primary, "Checkpoints", &ctx.href("/checkpoints"), None),
            ))
        } @else if sheet.codes.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::site(),
                    title: "No checkpoints at this site",
                    text: "Add some first; their codes stand here to be printed.",
                },
                html! {},
            ))
        } @else {
            p.unprinted {
                "Print this page, cut it, and put each code up at its checkpoint. A phone's camera reads it; where it \
                 cannot, the word below is typed. Whoever has a code can claim to have been there: keep spare sheets \
                 locked away, and give a checkpoint another code when a sheet is lost."
            }
            div.codes {
                @for one in &sheet.codes {
                    figure.codes-one {
                        (code::drawn(&one.link, &format!("Code of {}", one.name)))
                        figcaption {
                            strong { (one.name) }
                            span { (sheet.site) }
                            code { (one.code) }
                        }
                    }
                }
            }
        }
    };
    let title = if sheet.site.is_empty() { "Codes".to_owned() } else { format!("Codes of {}", sheet.site) };
    ctx.page(PageParts::titled(&title).crumb("Checkpoints", "/checkpoints"), body)
}
