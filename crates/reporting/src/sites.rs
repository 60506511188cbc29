//! Sites to write something for, within the plan.

use access::{Action, Facts, FieldClass, Permission, Resource, permission};
use kernel::id::SiteId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use store::listing::{self, Keys, Listing, Order, Table, field};
use store::{FromRow, Row};
use uuid::Uuid;
use web::{Ctx, Text};

const SEE_SITES: Permission = permission(Resource::Site, Action::View);

/// Sites, for choosing one. The table is written by `places`.
static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
    ],
    joins: "",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// More sites than this are not listed.
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

/// The current sites for which the asker may do this, by name.
pub(crate) async fn to_choose(ctx: &Ctx, to_do: Permission) -> Result<Vec<SiteChoice>> {
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

/// A site as its records stamp it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) facts: Facts,
}

/// The site that was chosen. One that is hidden answers as one that is not there.
pub(crate) async fn chosen(ctx: &Ctx, to_do: Permission, typed: &Text) -> Result<Place> {
    let unknown = || Error::field("site", "choose one of your sites");
    let id: SiteId = typed.parse().map_err(|_unreadable: String| unknown())?;
    let found = listing::find::<SiteChoice>(ctx.store(), &ctx.plan, to_do, &SITES, id.uuid()).await;
    let facts = match found {
        Ok((_, facts)) => facts,
        Err(Error::NotFound) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let (name, zone, archived) = crate::query::site(ctx.store(), ctx.who.organization, id).await?;
    if archived == 1 {
        return Err(Error::field("site", "this site is archived; restore it first"));
    }
    Ok(Place { name, zone, facts: Facts { site: Some(id.uuid()), ..facts } })
}

/// The keys of a record's facts, as its row stamps them.
pub(crate) fn keys(facts: &Facts) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    (facts.client, facts.site, facts.area)
}
