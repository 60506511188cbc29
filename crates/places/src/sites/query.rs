//! SQL of sites, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{ClientId, OrganizationId, SiteId};
use kernel::{Error, Timestamp};
use store::listing::{Field, Keys, Table, field};
use store::{Batch, Value, params};

use super::model::{ReportOptions, SiteDraft};
use crate::kept::{BY_NAME, taken};

const JOINS: &str = "join clients c on c.id = t.client_id left join areas a on a.id = t.area_id";
const KEYS: Keys = Keys { site: Some("id"), client: Some("client_id"), area: Some("area_id"), ..Keys::NONE };
const SEARCH: &[(&str, FieldClass)] =
    &[("t.search", FieldClass::Public), ("lower(t.code)", FieldClass::Operational)];

/// What a client sees of its sites is where they are; how the organization works there is its own.
const LISTED: [Field; 14] = [
    field("id", "t.id", FieldClass::Public),
    field("name", "t.name", FieldClass::Public),
    field("kind", "t.kind", FieldClass::Public),
    field("client", "t.client_id", FieldClass::Public),
    field("client_name", "c.name", FieldClass::Public),
    field("area", "t.area_id", FieldClass::Operational),
    field("area_name", "a.name", FieldClass::Operational),
    field("code", "t.code", FieldClass::Operational),
    field("address", "t.address", FieldClass::Public),
    field("zone", "t.zone", FieldClass::Public),
    field("latitude", "t.latitude", FieldClass::Public),
    field("longitude", "t.longitude", FieldClass::Public),
    field("archived", "t.archived", FieldClass::Public),
    field("version", "t.version", FieldClass::Public),
];

/// Sites in lists.
pub(crate) static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &LISTED,
    joins: JOINS,
    orders: BY_NAME,
    search: SEARCH,
    keys: KEYS,
    visibility_in_index: false,
};

/// One site with all there is; a fence may be long, so lists go without.
pub(crate) static SITE: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: {
        let [
            id,
            name,
            kind,
            client,
            client_name,
            area,
            area_name,
            code,
            address,
            zone,
            latitude,
            longitude,
            archived,
            version,
        ] = LISTED;
        &[
            id,
            name,
            kind,
            client,
            client_name,
            area,
            area_name,
            code,
            address,
            zone,
            latitude,
            longitude,
            archived,
            version,
            field("fence", "t.fence", FieldClass::Operational),
            field("instructions", "t.instructions", FieldClass::Operational),
            field("approval_required", "t.approval_required", FieldClass::Operational),
            field("editable_by_author", "t.editable_by_author", FieldClass::Operational),
            field("send_daily_report", "t.send_daily_report", FieldClass::Operational),
            field("report_options_at", "t.report_options_at", FieldClass::Operational),
        ]
    },
    joins: JOINS,
    orders: BY_NAME,
    search: SEARCH,
    keys: KEYS,
    visibility_in_index: false,
};

/// The columns of a draft, in the order both statements name them.
fn columns(draft: &SiteDraft, key: &str) -> Vec<Value> {
    params![
        draft.client,
        draft.area,
        draft.kind.number(),
        &draft.name,
        draft.search(),
        draft.code.as_ref().map_or("", |code| code.as_str()),
        &draft.address,
        draft.zone.as_str(),
        draft.position.map(kernel::geo::Point::latitude),
        draft.position.map(kernel::geo::Point::longitude),
        draft.fence.as_ref().map(ToString::to_string),
        &draft.instructions,
        i64::from(draft.reports.approval_required),
        i64::from(draft.reports.editable_by_author),
        i64::from(draft.reports.send_daily_report),
        key
    ]
}

const INSERT: &str = "insert into sites (id, organization_id, created_at, client_id, area_id, kind, name, search, code, \
       address, zone, latitude, longitude, fence, instructions, approval_required, editable_by_author, \
       send_daily_report, name_key) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";

fn insert_values(
    organization: OrganizationId,
    id: SiteId,
    draft: &SiteDraft,
    key: &str,
    now: Timestamp,
) -> Vec<Value> {
    let mut values = params![id, organization, now];
    values.extend(columns(draft, key));
    values
}

/// Stores a site without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: SiteId,
    draft: &SiteDraft,
    key: &str,
    now: Timestamp,
) {
    batch.run(INSERT, insert_values(organization, id, draft, key, now));
    taken(batch, "site of this client");
}

/// As [`put`], but leaves alone what is there under this name; touches a row only if it was new.
pub(crate) fn put_new(
    batch: &mut Batch,
    organization: OrganizationId,
    id: SiteId,
    draft: &SiteDraft,
    now: Timestamp,
) -> store::Slot {
    let sql = format!("{INSERT} on conflict (organization_id, client_id, name_key) do nothing");
    batch.run(sql, insert_values(organization, id, draft, draft.name.as_str(), now))
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: SiteId,
    draft: &SiteDraft,
    key: &str,
    now: Timestamp,
) {
    put(batch, permit.organization(), id, draft, key, now);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: SiteId,
    version: i64,
    draft: &SiteDraft,
    key: &str,
    now: Timestamp,
) {
    let mut values = params![permit.organization(), id, version];
    values.extend(columns(draft, key));
    values.push(now.into());
    batch.guard(
        "update sites set name_key = case when name = $7 and client_id = $4 then name_key else $19 end, \
           client_id = $4, area_id = $5, kind = $6, name = $7, search = $8, code = $9, address = $10, \
           zone = $11, latitude = $12, longitude = $13, fence = $14, instructions = $15, approval_required = $16, \
           editable_by_author = $17, send_daily_report = $18, version = version + 1, \
           report_options_at = case when approval_required = $16 and editable_by_author = $17 \
             and send_daily_report = $18 then report_options_at else $20 end \
         where organization_id = $1 and id = $2 and version = $3",
        values,
        Error::Stale,
    );
    taken(batch, "site of this client");
}

/// Changes nothing but the report options, from now on.
pub(super) fn set_reports(
    batch: &mut Batch,
    permit: &Permit,
    id: SiteId,
    version: i64,
    reports: ReportOptions,
    now: Timestamp,
) {
    batch.guard(
        "update sites set approval_required = $4, editable_by_author = $5, send_daily_report = $6, \
           report_options_at = $7, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            i64::from(reports.approval_required),
            i64::from(reports.editable_by_author),
            i64::from(reports.send_daily_report),
            now
        ],
        Error::Stale,
    );
}

pub(super) fn archive_with_client(batch: &mut Batch, permit: &Permit, client: ClientId, at: Timestamp) {
    batch.run(
        "update sites set archived = 1, archived_at = $3, version = version + 1 \
         where organization_id = $1 and client_id = $2 and archived = 0",
        params![permit.organization(), client, at],
    );
}

pub(super) fn restore_with_client(batch: &mut Batch, permit: &Permit, client: ClientId) {
    batch.run(
        "update sites set archived = 0, archived_at = null, version = version + 1 \
         where organization_id = $1 and client_id = $2 and archived = 1 \
           and archived_at = (select archived_at from clients where id = $2)",
        params![permit.organization(), client],
    );
}

/// Refuses the batch unless the client of a site that is to be current is current itself.
pub(super) fn client_is_current(batch: &mut Batch, permit: &Permit, client: ClientId) {
    batch.guard(
        "update clients set archived = archived where organization_id = $1 and id = $2 and archived = 0",
        params![permit.organization(), client],
        Error::conflict("The client of this site is archived. Restore the client first."),
    );
}
