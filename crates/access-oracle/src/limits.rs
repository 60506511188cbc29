//! What outsiders can ever have, as a table read off ROLES.md by hand. It shares nothing with the core's ceiling.

use std::collections::HashMap;
use std::sync::LazyLock;

use access::{Permission, Switch};
use kernel::Audience;

/// One line of the table: what must be true besides a role's own words.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// `resource.action`.
    pub permission: &'static str,
    /// "Organization switches, each off until turned on."
    pub switch: Option<Switch>,
    /// How far the record must have been let out.
    pub let_out: LetOut,
    /// Only records of the membership's own clients.
    pub own_clients: bool,
    /// One more rule.
    pub also: Also,
}

/// How far a record must have been let out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetOut {
    /// Does not matter.
    Whatever,
    /// "released".
    Released,
    /// Handed in.
    HandedIn,
    /// "share all incident reports automatically on submission (otherwise staff share one by one, after review)".
    SharedOrAllShared,
    /// "with 'timesheets for approval' the client may approve": then they are shown what awaits approval.
    ApprovedOrAwaiting,
}

/// One more rule of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    /// None.
    Nothing,
    /// Only what the person made.
    Author,
    /// "works only when emergency access is on for that client".
    Emergency,
    /// "show live clock-ins" of the account.
    LiveClockIns,
    /// "jobs assigned to them": by team or to the person.
    GivenToThem,
}

const fn line(permission: &'static str) -> Limit {
    Limit { permission, switch: None, let_out: LetOut::Whatever, own_clients: true, also: Also::Nothing }
}

impl Limit {
    const fn switch(self, switch: Switch) -> Self {
        Self { switch: Some(switch), ..self }
    }
    const fn shown(self, let_out: LetOut) -> Self {
        Self { let_out, ..self }
    }
    const fn of_any_client(self) -> Self {
        Self { own_clients: false, ..self }
    }
    const fn also(self, also: Also) -> Self {
        Self { also, ..self }
    }
}

/// "View-only, except …"; "released reports"; "published incidents … never guard names, positions, notes,
/// assignment". Whatever is not here, nobody of the client side can ever hold.
pub const CLIENT: &[Limit] = &[
    // Company details and master licences belong to the organization, not to a client.
    line("organization.view").switch(Switch::CompanyDetails).of_any_client(),
    line("licence.view").switch(Switch::MasterLicences).shown(LetOut::Released).of_any_client(),
    // "create administrators, managers, basic users, guest contractors and guest technicians".
    line("account.view"),
    line("account.create"),
    line("account.edit"),
    line("account.delete"),
    line("account.reset_password"),
    line("account.invite"),
    line("assignment.view"),
    line("assignment.create"),
    line("assignment.edit"),
    line("assignment.delete"),
    line("worker.view"),
    line("worker.create"),
    line("worker.edit"),
    line("worker.delete"),
    line("contractor.view"),
    line("contractor.create"),
    line("contractor.edit"),
    line("contractor.delete"),
    line("client.view"),
    line("site.view"),
    // Released reports, published incidents.
    line("report.view").shown(LetOut::Released),
    line("report.export").shown(LetOut::Released),
    line("incident.view").switch(Switch::IncidentReports).shown(LetOut::SharedOrAllShared),
    line("incident.export").switch(Switch::IncidentReports).shown(LetOut::SharedOrAllShared),
    line("checkpoint_report.view").switch(Switch::CheckpointReports).shown(LetOut::Released),
    line("checkpoint_report.export").switch(Switch::CheckpointReports).shown(LetOut::Released),
    line("analytics.view").switch(Switch::VenueAnalytics),
    line("analytics.export").switch(Switch::VenueAnalytics),
    line("live_board.view").also(Also::LiveClockIns),
    line("shift.view").shown(LetOut::Released),
    line("timesheet.view").shown(LetOut::ApprovedOrAwaiting),
    line("timesheet.export").shown(LetOut::ApprovedOrAwaiting),
    line("timesheet.approve").switch(Switch::TimesheetsForApproval).shown(LetOut::HandedIn),
    // The panic button.
    line("sos.trigger").also(Also::Emergency),
    line("sos.view").also(Also::Author),
    // "see records, jobs, inspections, equipment"; "assign contractors to jobs"; "see invoices".
    line("work_order.view"),
    line("work_order.create"),
    line("work_order.edit"),
    line("work_order.approve"),
    line("work_order.assign"),
    line("work_order.close"),
    line("work_order.export"),
    line("work_order.prices"),
    line("inspection.view").shown(LetOut::Released),
    line("inspection.export").shown(LetOut::Released),
    line("inspection.prices").shown(LetOut::Released),
    line("inspection.create"),
    line("inspection.edit"),
    // "approve or decline the client's inspections, line by line".
    line("inspection.decide").shown(LetOut::Released),
    line("inspection.approve").shown(LetOut::Released),
    line("equipment.view"),
    line("equipment.create"),
    line("equipment.edit"),
    line("equipment.export"),
    line("service_record.view").shown(LetOut::HandedIn),
    line("service_record.export").shown(LetOut::HandedIn),
    line("invoice.view").shown(LetOut::Released),
    line("invoice.export").shown(LetOut::Released),
    line("invoice.prices").shown(LetOut::Released),
    // "own commissions"; "Monitor for orders they take part in"; "may move a repair order's status".
    line("commission.view"),
    line("commission.prices"),
    line("commission.export"),
    line("monitor.view"),
    line("monitor.edit"),
    line("notification.view").of_any_client().also(Also::Author),
    line("notification.edit").of_any_client().also(Also::Author),
];

/// "jobs assigned to them at named sites of that client … carry out assigned work, write service records and
/// inspections; a guest contractor adds its own technicians". A subcontractor belongs to no client.
pub const CONTRACTOR: &[Limit] = &[
    line("site.view"),
    line("equipment.view"),
    line("contractor.view"),
    line("licence.view"),
    line("account.view").also(Also::GivenToThem),
    line("account.create").also(Also::GivenToThem),
    line("account.edit").also(Also::GivenToThem),
    line("account.reset_password").also(Also::GivenToThem),
    line("account.invite").also(Also::GivenToThem),
    line("assignment.view"),
    line("assignment.create"),
    line("worker.view"),
    line("worker.create"),
    line("worker.edit"),
    line("work_order.view").also(Also::GivenToThem),
    line("work_order.edit").also(Also::GivenToThem),
    line("work_order.claim").also(Also::GivenToThem),
    line("work_order.close").also(Also::GivenToThem),
    line("inspection.view").also(Also::GivenToThem),
    line("inspection.create").also(Also::GivenToThem),
    line("inspection.edit").also(Also::GivenToThem),
    line("service_record.view").also(Also::GivenToThem),
    line("service_record.create").also(Also::GivenToThem),
    line("service_record.edit").also(Also::GivenToThem),
    line("service_record.export").also(Also::GivenToThem),
    line("notification.view").of_any_client().also(Also::Author),
    line("notification.edit").of_any_client().also(Also::Author),
];

static TABLES: LazyLock<[HashMap<Permission, Limit>; 2]> = LazyLock::new(|| {
    [CLIENT, CONTRACTOR].map(|table| {
        table
            .iter()
            .map(|limit| {
                let permission = limit.permission.parse();
                (permission.unwrap_or_else(|e| panic!("{}: {e}", limit.permission)), *limit)
            })
            .collect()
    })
});

/// What an audience may have of a permission.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// Whatever its roles say.
    Free,
    /// That, where this line's rules hold too.
    Limited(Limit),
    /// Nothing, whatever its roles say.
    Never,
}

/// The line of a permission for an audience.
#[must_use]
pub fn bound(audience: Audience, permission: Permission) -> Bound {
    let table = match audience {
        Audience::Staff => return Bound::Free,
        Audience::Client => &TABLES[0],
        Audience::Contractor => &TABLES[1],
    };
    table.get(&permission).map_or(Bound::Never, |limit| Bound::Limited(*limit))
}
