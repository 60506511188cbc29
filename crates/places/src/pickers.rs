//! What forms and filters offer: current records within the plan, by name.

use kernel::id::{AreaId, ClientId, TeamId};
use kernel::page::PageSize;
use kernel::{Audience, Error, Result};
use store::listing::{Listing, Table};
use store::{FromRow, Row};
use web::Ctx;

use crate::members::{self, MEMBERS, Member};
use crate::{areas, clients, sites, teams};

/// So many are offered at most; a longer list helps nobody to choose.
const MOST: usize = 1_000;

/// Something to choose: the id as forms send it, and its name.
pub(crate) type Offer = (String, String);

/// Reads a listing page by page, as far as [`MOST`].
async fn all<T, F>(
    ctx: &Ctx,
    permission: access::Permission,
    table: &'static Table,
    read: F,
) -> Result<Vec<Offer>>
where
    T: FromRow,
    F: Fn(T) -> Offer,
{
    let mut offers = Vec::new();
    let mut cursor: Option<String> = None;
    if !ctx.may(permission) {
        return Ok(offers);
    }
    while offers.len() < MOST {
        let page = Listing::new(&ctx.plan, permission, table)?
            .is("archived", 0)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<T>(ctx.store())
            .await?;
        offers.extend(page.items.into_iter().map(&read));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(offers)
}

/// Id and name, which stand first in every table here.
struct Named<T>(T, String);

impl<T: store::Decode> FromRow for Named<T> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(row.get(0)?, row.get(1)?))
    }
}

/// The areas that may be seen.
pub(crate) async fn areas(ctx: &Ctx) -> Result<Vec<Offer>> {
    all(ctx, areas::VIEW, &areas::query::AREAS, |Named(id, name): Named<AreaId>| (id.to_string(), name)).await
}

/// The teams that may be seen.
pub(crate) async fn teams(ctx: &Ctx) -> Result<Vec<Offer>> {
    all(ctx, teams::VIEW, &teams::query::TEAMS, |Named(id, name): Named<TeamId>| (id.to_string(), name)).await
}

/// The clients that may be seen; for those who may see no client as such, the clients of the sites they see.
pub(crate) async fn clients(ctx: &Ctx) -> Result<Vec<Offer>> {
    if ctx.may(clients::VIEW) {
        let read = |Named(id, name): Named<ClientId>| (id.to_string(), name);
        return all(ctx, clients::VIEW, &clients::query::CLIENTS, read).await;
    }
    let read = |site: sites::SiteOut| (site.client.to_string(), site.client_name);
    let mut offers = all(ctx, sites::VIEW, &sites::query::SITES, read).await?;
    offers.sort_by_cached_key(|(_, name)| store::fold(name));
    offers.dedup();
    Ok(offers)
}

/// Is this client one that [`clients`] offers, or would with a longer list?
///
/// # Errors
/// A message at `client`: the same for one that is not there, is archived, or may not be seen.
pub(crate) async fn client(ctx: &Ctx, id: ClientId) -> Result<()> {
    let unknown = || Error::field("client", "choose one of the current clients");
    if ctx.may(clients::VIEW) {
        return match clients::find(ctx, id).await {
            Ok((client, _)) if !client.archived => Ok(()),
            Ok(_) | Err(Error::NotFound) => Err(unknown()),
            Err(other) => Err(other),
        };
    }
    let known = ctx.may(sites::VIEW)
        && Listing::new(&ctx.plan, sites::VIEW, &sites::query::SITES)?
            .is("archived", 0)?
            .is("client", id)?
            .count(ctx.store(), 1)
            .await?
            > 0;
    if known { Ok(()) } else { Err(unknown()) }
}

/// Is this area one that [`areas`] offers?
///
/// # Errors
/// A message at `area`.
pub(crate) async fn area(ctx: &Ctx, id: AreaId) -> Result<()> {
    current(ctx, areas::VIEW, &areas::query::AREAS, id.uuid(), "area", "choose one of the current areas")
        .await
}

/// Is this team one that [`teams`] offers?
///
/// # Errors
/// A message at `team`.
pub(crate) async fn team(ctx: &Ctx, id: TeamId) -> Result<()> {
    current(ctx, teams::VIEW, &teams::query::TEAMS, id.uuid(), "team", "choose one of the current teams")
        .await
}

async fn current(
    ctx: &Ctx,
    view: access::Permission,
    table: &'static Table,
    id: uuid::Uuid,
    field: &'static str,
    message: &str,
) -> Result<()> {
    let known = ctx.may(view)
        && Listing::new(&ctx.plan, view, table)?
            .is("archived", 0)?
            .is("id", id)?
            .count(ctx.store(), 1)
            .await?
            > 0;
    if known { Ok(()) } else { Err(Error::field(field, message)) }
}

/// The people who may be a worker's login: members of the staff and contractor sides that may be seen.
pub(crate) async fn logins(ctx: &Ctx) -> Result<Vec<Offer>> {
    if !ctx.may(members::VIEW) {
        return Ok(Vec::new());
    }
    let sides = [Audience::Staff, Audience::Contractor].map(|side| side.number().into()).to_vec();
    let mut offers = Vec::new();
    let mut cursor: Option<String> = None;
    while offers.len() < MOST {
        let page = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .is("active", 1)?
            .one_of("audience", sides.clone())?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<Member>(ctx.store())
            .await?;
        offers.extend(page.items.into_iter().map(|member| (member.id.to_string(), member.name)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(offers)
}
