//! The sites at which somebody may be in need, within their plan, and why the alarm is not to be raised at some.

use access::FieldClass::Public;
use access::{Action, Facts, Permission, Resource, permission};
use kernel::Result;
use kernel::geo::Point;
use kernel::id::{ClientId, SiteId};
use kernel::page::{Page, PageSize};
use store::listing::{Keys, Listing, Order, Table, field};
use store::{FromRow, Row};
use uuid::Uuid;
use web::Ctx;

const SEE_SITES: Permission = permission(Resource::Site, Action::View);
/// So many are offered at most; a longer list helps nobody in need.
const MOST: usize = 1_000;

/// Sites. The table is written by `places`. Whether a client has emergency access is told to whoever meets the site:
/// it is the reason beside a button that cannot be pressed (ROLES.md: MyProtektor).
static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", Public),
        field("name", "t.name", Public),
        field("zone", "t.zone", Public),
        field("client_id", "t.client_id", Public),
        // For stamping the alarm, never shown from here.
        field("client", "c.name", Public),
        field("area_id", "t.area_id", Public),
        field("emergency", "c.emergency_access", Public),
        field("latitude", "t.latitude", Public),
        field("longitude", "t.longitude", Public),
        field("archived", "t.archived", Public),
    ],
    joins: "join clients c on c.id = t.client_id",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A site as an alarm is stamped with it.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) client: ClientId,
    pub(crate) client_name: String,
    pub(crate) area: Option<Uuid>,
    pub(crate) emergency: i64,
    pub(crate) point: Option<Point>,
}

impl FromRow for Ground {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (latitude, longitude): (Option<f64>, Option<f64>) = (row.get(7)?, row.get(8)?);
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            zone: row.get(2)?,
            client: row.get(3)?,
            client_name: row.get(4)?,
            area: row.get(5)?,
            emergency: row.get(6)?,
            point: latitude.zip(longitude).and_then(|(n, e)| Point::new(n, e).ok()),
        })
    }
}

impl Ground {
    /// Is emergency access on for the client (ROLES.md: MyProtektor)?
    pub(crate) const fn has_emergency_access(&self) -> bool {
        self.emergency == 1
    }

    /// What decisions see of an alarm that the asker would raise here.
    pub(crate) fn facts(&self, ctx: &Ctx) -> Facts {
        let me = Some(ctx.who.membership.uuid());
        Facts {
            client: Some(self.client.uuid()),
            site: Some(self.id.uuid()),
            area: self.area,
            emergency: Some(self.emergency),
            closed: Some(0),
            author: me,
            ..Facts::of(ctx.who.organization.uuid())
        }
    }
}

/// The current sites that the asker sees, by name.
pub(crate) async fn sites(ctx: &Ctx) -> Result<Vec<Ground>> {
    let mut all: Vec<Ground> = Vec::new();
    let mut cursor: Option<String> = None;
    while ctx.may(SEE_SITES) && all.len() < MOST {
        let page: Page<Ground> = Listing::new(&ctx.plan, SEE_SITES, &SITES)?
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

/// The site to presume where nobody said one: where the asker is on duty, else the nearest, else the first.
pub(crate) fn presumed(all: &[Ground], duty: Option<SiteId>, at: Option<Point>) -> Option<&Ground> {
    let here = all.iter().find(|ground| Some(ground.id) == duty);
    let nearest = || {
        let at = at?;
        let away = |ground: &Ground| ground.point.map(|point| at.metres_to(point));
        all.iter()
            .filter(|ground| away(ground).is_some())
            .min_by(|a, b| away(a).unwrap_or(f64::MAX).total_cmp(&away(b).unwrap_or(f64::MAX)))
    };
    here.or_else(nearest).or_else(|| all.first())
}
