//! The closed vocabulary: resources, actions, permissions, features, switches, events (ROLES.md: Permission
//! list). Words are stable; roles, exports and URLs use them.

use std::fmt;
use std::str::FromStr;

use kernel::text::closed;

closed! {
    /// What can be done to a resource. The first row is CRUD, the second the verbs of the field, the third the
    /// facets: parts of a record that are read under a permission of their own.
    #[derive(PartialOrd, Ord)]
    pub enum Action: i64 {
        /// Read it.
        View = 0 => "view",
        /// Make one.
        Create = 1 => "create",
        /// Change it.
        Edit = 2 => "edit",
        /// Archive it; nothing is destroyed while records point to it.
        Delete = 3 => "delete",
        /// Say that it is right.
        Approve = 4 => "approve",
        /// Let the client side see it, or take it back.
        Publish = 5 => "publish",
        /// Let one party see it.
        Share = 6 => "share",
        /// Give it to somebody to do.
        Assign = 7 => "assign",
        /// Take an open one.
        Claim = 8 => "claim",
        /// Clock in, break, clock out.
        Clock = 9 => "clock",
        /// Scan a checkpoint.
        Scan = 10 => "scan",
        /// Raise the alarm.
        Trigger = 11 => "trigger",
        /// Say "I have it".
        Acknowledge = 12 => "acknowledge",
        /// End it.
        Close = 13 => "close",
        /// Accept or decline, line by line.
        Decide = 14 => "decide",
        /// Take it away as a file.
        Export = 15 => "export",
        /// Bring many in from a file.
        Import = 16 => "import",
        /// Start a password reset for somebody.
        ResetPassword = 17 => "reset_password",
        /// Send the letter that opens an account.
        Invite = 18 => "invite",
        /// Look through somebody's eyes, read-only.
        Impersonate = 19 => "impersonate",
        /// Facet: internal notes.
        Notes = 20 => "notes",
        /// Facet: who did it, who has it.
        People = 21 => "people",
        /// Facet: positions and trails.
        Location = 22 => "location",
        /// Facet: prices and amounts.
        Prices = 23 => "prices",
        /// Ask who can see what, and why.
        Explain = 24 => "explain",
    }
}

macro_rules! resources {
    ($( $(#[$doc:meta])* $variant:ident $word:literal $label:literal: $($action:ident)+; )+) => {
        /// What permissions are about (ROLES.md: Permission list).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Resource { $( $(#[$doc])* $variant, )+ }

        impl Resource {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The stable word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// What a person calls several of them.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $( Self::$variant => $label, )+ }
            }
        }

        const TABLE: &[(Resource, Action)] = &[
            $( $( (Resource::$variant, Action::$action), )+ )+
        ];
    };
}

resources! {
    /// The company itself: name, details, settings.
    Organization "organization" "Organization": View Edit;
    /// Subscription features.
    Feature "feature" "Features": View Edit;
    /// People's memberships and sign-ins.
    Account "account" "People": View Create Edit Delete ResetPassword Invite Impersonate Explain;
    /// Named sets of grants.
    Role "role" "Roles": View Create Edit Delete Export Import;
    /// Who holds which role where.
    Assignment "assignment" "Assignments": View Create Edit Delete;
    /// Companies that buy service.
    Client "client" "Clients": View Create Edit Delete Export Import;
    /// Places of work.
    Site "site" "Sites": View Create Edit Delete Export Import;
    /// Territories.
    Area "area" "Areas": View Create Edit Delete;
    /// Groups of workers.
    Team "team" "Teams": View Create Edit Delete;
    /// People in the field.
    Worker "worker" "Workers": View Create Edit Delete Export Import Notes;
    /// Outside companies that do work.
    Contractor "contractor" "Contractors": View Create Edit Delete;
    /// Licences of workers and contractors.
    Licence "licence" "Licences": View Create Edit Delete;
    /// Standing instructions of a site.
    PostOrder "post_order" "Post orders": View Create Edit Delete Acknowledge;
    /// Notes from one officer to the next at a site.
    Passdown "passdown" "Passdown notes": View Create Delete Acknowledge;
    /// Things to be done on a shift.
    Task "task" "Tasks": View Create Edit Delete Assign Close;
    /// Planned work.
    Shift "shift" "Shifts": View Create Edit Delete Publish Approve Claim Assign Export People;
    /// Punches.
    TimeEntry "time_entry" "Time entries": View Create Edit Clock Export People Location;
    /// Hours worked, for approval and pay.
    Timesheet "timesheet" "Timesheets": View Edit Approve Export People Prices;
    /// Rounds.
    Tour "tour" "Tours": View Create Edit Delete Scan Export People;
    /// Places to be scanned.
    Checkpoint "checkpoint" "Checkpoints": View Create Edit Delete Export;
    /// What was scanned, for the client.
    CheckpointReport "checkpoint_report" "Checkpoint reports": View Export People;
    /// The fence of a site, and who left it.
    Geofence "geofence" "Geofence alerts": View Edit;
    /// Where somebody is.
    Position "position" "Positions": View Create Location;
    /// Daily activity, maintenance, custom and occurrence reports.
    Report "report" "Reports": View Create Edit Delete Approve Publish Share Export Notes People;
    /// Something that happened at a site.
    Incident "incident" "Incidents": View Create Edit Delete Approve Publish Share Assign Close Export Import Notes People Location Explain;
    /// Alarms.
    Sos "sos" "Alarms": View Trigger Acknowledge Close Export People Location;
    /// A request, a job and a work order: one record.
    WorkOrder "work_order" "Work orders": View Create Edit Delete Approve Assign Claim Close Export Import Notes People Prices;
    /// Judgements line by line.
    Inspection "inspection" "Inspections": View Create Edit Delete Approve Decide Export Import People Prices;
    /// Things that are serviced.
    Equipment "equipment" "Equipment": View Create Edit Delete Export Import;
    /// What was done to a thing.
    ServiceRecord "service_record" "Service records": View Create Edit Delete Export People Location;
    /// Bills.
    Invoice "invoice" "Invoices": View Create Edit Delete Approve Close Export Prices;
    /// What a salesperson earns.
    Commission "commission" "Commissions": View Edit Export Prices;
    /// The board of repair orders.
    Monitor "monitor" "Monitor": View Edit;
    /// Who is on duty now.
    LiveBoard "live_board" "Live board": View People Location;
    /// Counts and charts.
    Analytics "analytics" "Analytics": View Export;
    /// The journal.
    Audit "audit" "Journal": View Export Explain;
    /// Which mail one gets.
    Notification "notification" "Notifications": View Edit;
    /// Keys for machines.
    ApiToken "api_token" "API tokens": View Create Delete;
    /// Calls to other systems.
    Webhook "webhook" "Webhooks": View Create Edit Delete;
}

impl FromStr for Resource {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|r| r.word() == word)
            .ok_or_else(|| format!("there is no resource {word}"))
    }
}

/// A pair of resource and action that means something, as a small number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(u16);

/// The permission of an action on a resource; refused by the compiler when used in a `const` and the pair means
/// nothing.
///
/// # Panics
/// When the pair is not in the vocabulary; in a `const` that is a build error.
#[must_use]
#[expect(clippy::panic, reason = "evaluated by the compiler; at run time Permission::find is used")]
pub const fn permission(resource: Resource, action: Action) -> Permission {
    match Permission::find(resource, action) {
        Some(found) => found,
        None => panic!("this resource does not know this action"),
    }
}

impl Permission {
    /// How many there are.
    pub const COUNT: usize = TABLE.len();

    /// The permission, if the pair means something.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "const code; the loop keeps the index in range")]
    pub const fn find(resource: Resource, action: Action) -> Option<Self> {
        let mut index = 0;
        while index < TABLE.len() {
            if TABLE[index].0 as u8 == resource as u8 && TABLE[index].1 as u8 == action as u8 {
                return Some(Self(index as u16));
            }
            index += 1;
        }
        None
    }

    /// Every one, in the vocabulary's order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.len()).map(|index| Self(u16::try_from(index).unwrap_or(u16::MAX)))
    }

    /// Every one of a resource.
    pub fn of(resource: Resource) -> impl Iterator<Item = Self> {
        Self::all().filter(move |p| p.resource() == resource)
    }

    fn pair(self) -> (Resource, Action) {
        TABLE.get(usize::from(self.0)).copied().unwrap_or((Resource::Organization, Action::View))
    }

    /// What it is about.
    #[must_use]
    pub fn resource(self) -> Resource {
        self.pair().0
    }

    /// What it lets one do.
    #[must_use]
    pub fn action(self) -> Action {
        self.pair().1
    }

    /// Its place in the vocabulary.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource().word(), self.action())
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Permission {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (resource, action) = text.split_once('.').ok_or("write a permission as resource.action")?;
        Self::find(resource.parse()?, action.parse()?).ok_or_else(|| format!("there is no permission {text}"))
    }
}

impl serde::Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Permission {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Permission {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Permission".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let all: Vec<String> = Self::all().map(|p| p.to_string()).collect();
        schemars::json_schema!({ "type": "string", "enum": all })
    }
}

closed! {
    /// A switch of the organization's subscription (ROLES.md: Words). Packs of built-in roles are features too:
    /// turning one off makes its roles inert and deletes nothing.
    #[derive(PartialOrd, Ord)]
    pub enum Feature: i64 {
        /// The guarding pack.
        Guarding = 0 => "guarding",
        /// The service pack.
        Service = 1 => "service",
        /// The reconditioning pack.
        Reconditioning = 2 => "reconditioning",
        /// Technicians may sign in (ROLES.md: Reconditioning).
        TechnicianUsers = 3 => "technician_users",
        /// The Monitor board.
        Monitor = 4 => "monitor",
        /// Supplements on inspections.
        Supplements = 5 => "supplements",
        /// Timesheets.
        Timesheets = 6 => "timesheets",
    }
}

closed! {
    /// What an organization lets its client side see at all; each is off until turned on (ROLES.md: GuardHouse).
    #[derive(PartialOrd, Ord)]
    pub enum Switch: i64 {
        /// Released incidents.
        IncidentReports = 0 => "incident_reports",
        /// Venue analytics.
        VenueAnalytics = 1 => "venue_analytics",
        /// Hours wait for the client's approval.
        TimesheetsForApproval = 2 => "timesheets_for_approval",
        /// Checkpoint reports.
        CheckpointReports = 3 => "checkpoint_reports",
        /// Master licences of subcontractors.
        MasterLicences = 4 => "master_licences",
        /// The organization's own company details.
        CompanyDetails = 5 => "company_details",
    }
}

impl Switch {
    /// What the settings page and explanations call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::IncidentReports => "Incident reports",
            Self::VenueAnalytics => "Venue analytics",
            Self::TimesheetsForApproval => "Timesheets for approval",
            Self::CheckpointReports => "Checkpoint reports",
            Self::MasterLicences => "Subcontractor master licences",
            Self::CompanyDetails => "Company details",
        }
    }
}

closed! {
    /// What happens that somebody may want a message about (ROLES.md: e-mail by default).
    #[derive(PartialOrd, Ord)]
    pub enum Event: i64 {
        /// A daily activity report was released.
        DailyActivity = 0 => "daily_activity",
        /// An incident was released, or filed (staff).
        Incident = 1 => "incident",
        /// A maintenance request.
        Maintenance = 2 => "maintenance",
        /// A tour tracking report.
        TourTracking = 3 => "tour_tracking",
        /// A tour exception report.
        TourException = 4 => "tour_exception",
        /// A custom report.
        Custom = 5 => "custom",
        /// An alarm.
        Sos = 6 => "sos",
        /// Somebody left a fence.
        Geofence = 7 => "geofence",
        /// A shift nobody has.
        OpenShift = 8 => "open_shift",
        /// Tomorrow's shift.
        ShiftReminder = 9 => "shift_reminder",
        /// Something was given to this very person, or what they have became urgent.
        Assigned = 10 => "assigned",
    }
}

impl Event {
    /// What messages and settings call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::DailyActivity => "Daily activity reports",
            Self::Incident => "Incident reports",
            Self::Maintenance => "Maintenance requests",
            Self::TourTracking => "Tour tracking reports",
            Self::TourException => "Tour exceptions",
            Self::Custom => "Custom reports",
            Self::Sos => "Alarms",
            Self::Geofence => "Geofence alerts",
            Self::OpenShift => "Open shifts",
            Self::ShiftReminder => "Shift reminders",
            Self::Assigned => "Assigned work",
        }
    }

    /// Addressed to one person by name: everybody gets it unless they turn it off, whatever their roles bring.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Assigned)
    }
}

/// A small set of a closed vocabulary's words, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FeatureSet(u32);

impl FeatureSet {
    /// With one more.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | 1 << feature as u32)
    }

    /// In it?
    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u32) != 0
    }
}

impl FeatureSet {
    /// All of them.
    #[must_use]
    pub fn all() -> Self {
        Feature::ALL.iter().copied().collect()
    }
}

impl FromIterator<Feature> for FeatureSet {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        features.into_iter().fold(Self::default(), Self::with)
    }
}

/// The organization switches that are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SwitchSet(u32);

impl SwitchSet {
    /// With one more.
    #[must_use]
    pub const fn with(self, switch: Switch) -> Self {
        Self(self.0 | 1 << switch as u32)
    }

    /// In it?
    #[must_use]
    pub const fn has(self, switch: Switch) -> bool {
        self.0 & (1 << switch as u32) != 0
    }
}

impl SwitchSet {
    /// All of them.
    #[must_use]
    pub fn all() -> Self {
        Switch::ALL.iter().copied().collect()
    }
}

impl FromIterator<Switch> for SwitchSet {
    fn from_iter<I: IntoIterator<Item = Switch>>(switches: I) -> Self {
        switches.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_read_back_from_its_word() {
        for p in Permission::all() {
            assert_eq!(p.to_string().parse::<Permission>(), Ok(p));
        }
        assert!("incident.fly".parse::<Permission>().is_err());
        assert!("area.publish".parse::<Permission>().is_err());
        assert_eq!(Permission::all().count(), Permission::COUNT);
    }
}
