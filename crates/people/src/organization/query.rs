//! SQL of organizations, their features and switches.

use access::{Feature, FeatureSet, Switch, SwitchSet};
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use web::Logo;

use super::features::Subscribed;
use crate::setup::NewOrganization;

pub(crate) fn insert(batch: &mut Batch, id: OrganizationId, new: &NewOrganization, now: Timestamp) {
    batch.run(
        "insert into organizations (id, name, hue, zone, created_at) values ($1, $2, $3, $4, $5)",
        params![id, &new.name, i64::from(new.hue % 360), new.zone.as_str(), now],
    );
    for feature in &new.features {
        batch.run(
            "insert into organization_features (organization_id, feature) values ($1, $2) on conflict do nothing",
            params![id, feature.number()],
        );
    }
    for switch in &new.switches {
        batch.run(
            "insert into organization_switches (organization_id, switch, set_at) values ($1, $2, $3) on conflict do nothing",
            params![id, switch.number(), now],
        );
    }
}

/// Must a client's account have a static site?
pub(crate) async fn asks_for_a_static_site(store: &Store, id: OrganizationId) -> Result<bool> {
    let (on,): (i64,) =
        store.one("select require_static_site from organizations where id = $1", params![id]).await?;
    Ok(on == 1)
}

/// Is the staff list closed to client accounts?
pub(crate) async fn refuses_staff_email(store: &Store, id: OrganizationId) -> Result<bool> {
    let (on,): (i64,) =
        store.one("select refuse_staff_email from organizations where id = $1", params![id]).await?;
    Ok(on == 1)
}

/// What is on in an organization as of an instant, and its epoch.
pub(crate) async fn standing(
    store: &Store,
    id: OrganizationId,
    now: Timestamp,
) -> Result<(FeatureSet, SwitchSet, i64)> {
    let (epoch,): (i64,) = store.one("select epoch from organizations where id = $1", params![id]).await?;
    let features: Vec<(i64,)> = store
        .all(
            "select feature from organization_features where organization_id = $1 \
             and (from_at is null or from_at <= $2) and (until_at is null or until_at > $2)",
            params![id, now],
        )
        .await?;
    let switches: Vec<(i64,)> =
        store.all("select switch from organization_switches where organization_id = $1", params![id]).await?;
    Ok((
        features.into_iter().filter_map(|(n,)| Feature::try_from(n).ok()).collect(),
        switches.into_iter().filter_map(|(n,)| Switch::try_from(n).ok()).collect(),
        epoch,
    ))
}

/// An organization as it is stored.
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) details: String,
    pub(super) zone: String,
    pub(super) hue: i64,
    pub(super) require_static_site: bool,
    pub(super) refuse_staff_email: bool,
    pub(super) mail_on_publish: bool,
    pub(super) logo: Option<Logo>,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            name: row.get(0)?,
            details: row.get(1)?,
            zone: row.get(2)?,
            hue: row.get(3)?,
            require_static_site: row.get::<i64>(4)? == 1,
            refuse_staff_email: row.get::<i64>(5)? == 1,
            logo: Logo::of(row.get(6)?, row.get(7)?, row.get(8)?),
            mail_on_publish: row.get::<i64>(9)? == 1,
        })
    }
}

pub(super) async fn row(store: &Store, id: OrganizationId) -> Result<Stored> {
    store
        .one(
            "select name, details, zone, hue, require_static_site, refuse_staff_email, logo, logo_width, logo_height, \
               mail_on_publish \
             from organizations where id = $1",
            params![id],
        )
        .await
}

pub(super) async fn switches(store: &Store, id: OrganizationId) -> Result<Vec<(i64,)>> {
    store
        .all(
            "select switch from organization_switches where organization_id = $1 order by switch",
            params![id],
        )
        .await
}

pub(super) async fn features(store: &Store, id: OrganizationId, now: Timestamp) -> Result<Vec<(i64,)>> {
    store
        .all(
            "select feature from organization_features where organization_id = $1 \
             and (from_at is null or from_at <= $2) and (until_at is null or until_at > $2) order by feature",
            params![id, now],
        )
        .await
}

pub(super) fn update(batch: &mut Batch, permit: &access::Permit, draft: &super::model::Draft) {
    batch.run(
        "update organizations set name = $2, details = $3, zone = $4, hue = $5, require_static_site = $6, \
         refuse_staff_email = $7, mail_on_publish = $8 where id = $1",
        params![
            permit.organization(),
            &draft.name,
            &draft.details,
            draft.zone.as_str(),
            draft.hue,
            i64::from(draft.require_static_site),
            i64::from(draft.refuse_staff_email),
            i64::from(draft.mail_on_publish)
        ],
    );
}

/// Sets the mark, or takes it away. The picture stays among the files: a backup may still name it.
pub(super) fn set_logo(batch: &mut Batch, permit: &access::Permit, logo: Option<&Logo>) {
    batch.run(
        "update organizations set logo = $2, logo_width = $3, logo_height = $4 where id = $1",
        params![
            permit.organization(),
            logo.map(|logo| logo.digest),
            logo.map(|logo| i64::from(logo.width)),
            logo.map(|logo| i64::from(logo.height))
        ],
    );
}

/// Is this content some organization's mark? Marks are shown before anybody signs in, so this needs no plan.
pub(super) async fn is_logo(store: &Store, digest: [u8; 32]) -> Result<bool> {
    let found: Option<(i64,)> =
        store.first("select 1 from organizations where logo = $1 limit 1", params![digest]).await?;
    Ok(found.is_some())
}

pub(super) fn set_switch(
    batch: &mut Batch,
    permit: &access::Permit,
    switch: access::Switch,
    on: bool,
    now: Timestamp,
) {
    if on {
        batch.run(
            "insert into organization_switches (organization_id, switch, set_at) values ($1, $2, $3) on conflict do nothing",
            params![permit.organization(), switch.number(), now],
        );
    } else {
        batch.run(
            "delete from organization_switches where organization_id = $1 and switch = $2",
            params![permit.organization(), switch.number()],
        );
    }
}

/// What is subscribed, with its times, live or not.
pub(super) async fn subscribed(store: &Store, id: OrganizationId) -> Result<Vec<Subscribed>> {
    let rows: Vec<(i64, Option<Timestamp>, Option<Timestamp>)> = store
        .all(
            "select feature, from_at, until_at from organization_features where organization_id = $1 order by feature",
            params![id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(feature, from, until)| {
            Some(Subscribed { feature: Feature::try_from(feature).ok()?, from, until })
        })
        .collect())
}

/// Which active members hold which role, however long.
pub(super) async fn held(store: &Store, id: OrganizationId) -> Result<Vec<(String, MembershipId)>> {
    store
        .all(
            "select s.role_key, s.membership_id from assignments s join memberships m on m.id = s.membership_id \
             where s.organization_id = $1 and m.active = 1",
            params![id],
        )
        .await
}

/// Turns a feature on for a time, or off.
pub(super) fn put_feature(
    batch: &mut Batch,
    permit: &access::Permit,
    feature: Feature,
    wish: Option<Subscribed>,
) {
    batch.run(
        "delete from organization_features where organization_id = $1 and feature = $2",
        params![permit.organization(), feature.number()],
    );
    if let Some(wish) = wish {
        batch.run(
            "insert into organization_features (organization_id, feature, from_at, until_at) values ($1, $2, $3, $4)",
            params![permit.organization(), feature.number(), wish.from, wish.until],
        );
    }
}
