//! How incidents, and what is chosen for them, answer a plan.

use access::FieldClass::{Location, Notes, Operational, People, Public};
use access::{FieldClass, Resource};
use store::listing::{Field, Keys, Order, Table, field};

// What a column is, is said once; the narrow table (lists) and the wide one (one incident) pick from these.
const ID: Field = field("id", "t.id", Public);
const REFERENCE: Field = field("reference", "t.reference", Public);
const KIND: Field = field("kind", "t.kind", Public);
const SEVERITY: Field = field("severity", "t.severity", Public);
const STATUS: Field = field("status", "t.status", Public);
const OCCURRED_AT: Field = field("occurred_at", "t.occurred_at", Public);
const ENDED_AT: Field = field("ended_at", "t.ended_at", Public);
const ZONE: Field = field("zone", "t.zone", Public);
const SITE_ID: Field = field("site_id", "t.site_id", Public);
const SITE: Field = field("site", "t.site_name", Public);
const PUBLIC_DETAILS: Field = field("public_details", "t.public_details", Public);
const RELEASED_AT: Field = field("released_at", "t.released_at", Public);
// Public, because an archived incident is held back (see `set_archived`): outsiders meet only the other ones.
const ARCHIVED: Field = field("archived", "t.archived", Public);
const NUMBER: Field = field("number", "t.number", Operational);
const TITLE: Field = field("title", "t.title", Operational);
const SOURCE: Field = field("source", "t.source", Operational);
const ESCALATED: Field = field("escalated", "t.escalated", Operational);
const BOARD: Field = field("board", "t.board", Operational);
const MOVED_AT: Field = field("moved_at", "t.moved_at", Operational);
const VISIBILITY: Field = field("visibility", "t.visibility", Operational);
const APPROVAL_REQUIRED: Field = field("approval_required", "t.approval_required", Operational);
const APPROVED_AT: Field = field("approved_at", "t.approved_at", Operational);
const CLIENT_ID: Field = field("client_id", "t.client_id", Operational);
const CLIENT: Field = field("client", "t.client_name", Operational);
const VERSION: Field = field("version", "t.version", Operational);
const NARRATIVE: Field = field("narrative", "t.narrative", Operational);
const PLACE: Field = field("place", "t.place", Operational);
const REPORTED_AT: Field = field("reported_at", "t.reported_at", Operational);
const AUTHOR_MAY_EDIT: Field = field("author_may_edit", "t.author_may_edit", Operational);
const AUTHOR: Field = field("author", "t.author_name", People);
const AUTHOR_ROLE: Field = field("author_role", "t.author_role", People);
const FILED_BY: Field = field("filed_by", "t.filed_by", People);
const ASSIGNEE_ID: Field = field("assignee_id", "t.assignee_id", People);
const ASSIGNEE: Field = field("assignee", "t.assignee_name", People);
const APPROVED_BY: Field = field("approved_by", "t.approved_by", People);
const RELEASED_BY: Field = field("released_by", "t.released_by", People);
const INTERNAL_NOTES: Field = field("internal_notes", "t.internal_notes", Notes);
const LATITUDE: Field = field("latitude", "t.latitude", Location);
const LONGITUDE: Field = field("longitude", "t.longitude", Location);

const KEYS: Keys = Keys {
    area: Some("area_id"),
    team: Some("team_id"),
    client: Some("client_id"),
    site: Some("site_id"),
    visibility: Some("visibility"),
    author_may_edit: Some("author_may_edit"),
    closed: Some("closed"),
    author: Some("author_id"),
    assignee: Some("assignee_id"),
    indexes: &[
        ("organization_id", "incidents_by_time"),
        ("area_id", "incidents_by_area"),
        ("team_id", "incidents_by_team"),
        ("client_id", "incidents_by_client"),
        ("site_id", "incidents_by_site"),
        ("author_id", "incidents_by_author"),
        ("assignee_id", "incidents_by_assignee"),
    ],
    ..Keys::NONE
};

const ORDERS: &[Order] = &[
    Order { name: "occurred", column: "occurred_at", text: false, descending: true, class: Public },
    Order { name: "number", column: "number", text: false, descending: true, class: Operational },
    Order { name: "moved", column: "moved_at", text: false, descending: true, class: Operational },
];

/// What may be searched is what may be seen: one folded column a class.
const SEARCH: &[(&str, FieldClass)] = &[
    ("t.search_public", Public),
    ("t.search_staff", Operational),
    ("t.search_notes", Notes),
    ("t.search_people", People),
];

/// Incidents as lists show them; without the long texts.
pub(in crate::incidents) static ROWS: Table = Table {
    resource: Resource::Incident,
    name: "incidents",
    fields: &[
        ID,
        REFERENCE,
        KIND,
        SEVERITY,
        STATUS,
        OCCURRED_AT,
        ENDED_AT,
        ZONE,
        SITE_ID,
        SITE,
        PUBLIC_DETAILS,
        RELEASED_AT,
        ARCHIVED,
        NUMBER,
        TITLE,
        SOURCE,
        ESCALATED,
        VISIBILITY,
        APPROVAL_REQUIRED,
        APPROVED_AT,
        CLIENT_ID,
        CLIENT,
        VERSION,
        AUTHOR,
        ASSIGNEE_ID,
        ASSIGNEE,
        BOARD,
        MOVED_AT,
    ],
    joins: "",
    orders: ORDERS,
    search: SEARCH,
    keys: KEYS,
    visibility_in_index: true,
};

/// Incidents whole.
pub(crate) static INCIDENTS: Table = Table {
    resource: Resource::Incident,
    name: "incidents",
    fields: &[
        ID,
        REFERENCE,
        KIND,
        SEVERITY,
        STATUS,
        OCCURRED_AT,
        ENDED_AT,
        ZONE,
        SITE_ID,
        SITE,
        PUBLIC_DETAILS,
        RELEASED_AT,
        ARCHIVED,
        NUMBER,
        TITLE,
        SOURCE,
        ESCALATED,
        VISIBILITY,
        APPROVAL_REQUIRED,
        APPROVED_AT,
        CLIENT_ID,
        CLIENT,
        VERSION,
        AUTHOR,
        ASSIGNEE_ID,
        ASSIGNEE,
        NARRATIVE,
        PLACE,
        REPORTED_AT,
        AUTHOR_MAY_EDIT,
        AUTHOR_ROLE,
        FILED_BY,
        APPROVED_BY,
        RELEASED_BY,
        INTERNAL_NOTES,
        LATITUDE,
        LONGITUDE,
    ],
    joins: "",
    orders: ORDERS,
    search: SEARCH,
    keys: KEYS,
    visibility_in_index: true,
};

/// Sites, for choosing one. The table is written by `places`.
pub(in crate::incidents) static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", Public),
        field("name", "t.name", Public),
        field("zone", "t.zone", Public),
        field("client", "c.name", Operational),
        field("archived", "t.archived", Public),
    ],
    joins: "join clients c on c.id = t.client_id",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Workers, for naming the one a report came from. The table is written by `places`.
pub(in crate::incidents) static WORKERS: Table = Table {
    resource: Resource::Worker,
    name: "workers",
    fields: &[
        field("id", "t.id", Public),
        field("name", "t.name", Public),
        field("employee_number", "t.employee_number", Operational),
        field("membership_id", "t.membership_id", Operational),
        field("team_id", "t.team_id", Operational),
        field("archived", "t.archived", Public),
    ],
    joins: "",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { team: Some("team_id"), client: Some("client_id"), ..Keys::NONE },
    visibility_in_index: false,
};
