//! The audience ceiling: the most a membership of the client or contractor side can ever hold, whatever its roles
//! say. Roles can only be narrower, which is what makes roles built by customers safe.

use kernel::{Audience, Portal};

use crate::fact::{Column, Literal, Visibility};
use crate::role::Reach;
use crate::vocabulary::{Action, Feature, Permission, Resource, Switch};

/// What must be true besides the role's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ceiling {
    /// How far a record must have been let out.
    pub(crate) release: Release,
    /// One more statement that must hold.
    pub(crate) literal: Option<Literal>,
    /// The record must belong to one of the membership's clients.
    pub(crate) guarded: bool,
    /// Only what was given to the membership's teams or to the person; never a whole site, client or territory.
    pub(crate) given: bool,
    /// The organization switch that must be on.
    pub(crate) switch: Option<Switch>,
    /// The account's own switch that must be on.
    pub(crate) live_clock_ins: bool,
}

/// How far a record must have been let out before an outsider meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// Does not matter.
    Any,
    /// Handed in.
    Submitted,
    /// Released; or handed in, for accounts with "share all" (ROLES.md: GuardHouse).
    ReleasedOrShared,
    /// Released; or handed in while "timesheets for approval" is on.
    ReleasedOrForApproval,
    /// Released.
    Released,
}

impl Release {
    /// The lowest visibility that will do, given the account's and the organization's switches.
    pub(crate) fn least(self, share_all: bool, for_approval: bool) -> Option<Visibility> {
        match self {
            Self::Any => None,
            Self::Submitted => Some(Visibility::Submitted),
            Self::ReleasedOrShared if share_all => Some(Visibility::Submitted),
            Self::ReleasedOrForApproval if for_approval => Some(Visibility::Submitted),
            Self::ReleasedOrShared | Self::ReleasedOrForApproval | Self::Released => {
                Some(Visibility::Released)
            }
        }
    }
}

const PLAIN: Ceiling = Ceiling {
    release: Release::Any,
    literal: None,
    guarded: true,
    given: false,
    switch: None,
    live_clock_ins: false,
};

const fn released(release: Release) -> Ceiling {
    Ceiling { release, ..PLAIN }
}

const fn switched(switch: Switch, release: Release) -> Ceiling {
    Ceiling { release, switch: Some(switch), ..PLAIN }
}

const OWN: Ceiling = Ceiling { guarded: false, literal: Some(Literal::IsMe(Column::Author)), ..PLAIN };
const UNGUARDED: Ceiling = Ceiling { guarded: false, ..PLAIN };

/// The ceiling of a permission for an audience; `None` where that audience can never hold it.
pub(crate) fn ceiling(audience: Audience, permission: Permission) -> Option<Ceiling> {
    match audience {
        Audience::Staff => Some(UNGUARDED),
        Audience::Client => client(permission.resource(), permission.action()),
        Audience::Contractor => contractor(permission.resource(), permission.action()),
    }
}

fn client(resource: Resource, action: Action) -> Option<Ceiling> {
    use Action::{
        Approve, Assign, Close, Create, Decide, Delete, Edit, Export, Invite, Prices, ResetPassword, Trigger,
        View,
    };
    use Resource as R;
    Some(match (resource, action) {
        (R::Organization, View) => {
            Ceiling { guarded: false, ..switched(Switch::CompanyDetails, Release::Any) }
        }
        (R::Account, View | Create | Edit | Delete | ResetPassword | Invite)
        | (R::Assignment, View | Create | Edit | Delete)
        | (R::Client | R::Site, View)
        | (R::Worker | R::Contractor, View | Create | Edit | Delete)
        | (R::WorkOrder, View | Create | Edit | Approve | Assign | Close | Export | Prices)
        | (R::Inspection, Create | Edit)
        | (R::Equipment, View | Create | Edit | Export)
        | (R::Commission, View | Prices | Export)
        | (R::Monitor, View | Edit) => PLAIN,
        // Master licences are released ones: a guard's own licence is never handed out with them. They belong to
        // no client, so the client guard does not apply.
        (R::Licence, View) => {
            Ceiling { guarded: false, ..switched(Switch::MasterLicences, Release::Released) }
        }
        (R::Shift, View) | (R::Report, View | Export) => released(Release::Released),
        (R::LiveBoard, View) => Ceiling { live_clock_ins: true, ..PLAIN },
        (R::Timesheet, View | Export) => released(Release::ReleasedOrForApproval),
        (R::Timesheet, Approve) => switched(Switch::TimesheetsForApproval, Release::Submitted),
        (R::CheckpointReport, View | Export) => switched(Switch::CheckpointReports, Release::Released),
        (R::Incident, View | Export) => switched(Switch::IncidentReports, Release::ReleasedOrShared),
        (R::Sos, Trigger) => Ceiling { literal: Some(Literal::Is(Column::Emergency, 1)), ..PLAIN },
        (R::Sos, View) => Ceiling { literal: Some(Literal::IsMe(Column::Author)), ..PLAIN },
        (R::Inspection, View | Decide | Approve | Export | Prices) | (R::Invoice, View | Export | Prices) => {
            released(Release::Released)
        }
        (R::ServiceRecord, View | Export) => released(Release::Submitted),
        (R::Analytics, View | Export) => switched(Switch::VenueAnalytics, Release::Any),
        (R::Notification, View | Edit) => OWN,
        _ => return None,
    })
}

fn contractor(resource: Resource, action: Action) -> Option<Ceiling> {
    use Action::{Claim, Close, Create, Edit, Export, Invite, ResetPassword, View};
    use Resource as R;
    Some(match (resource, action) {
        // A company's own people; at a named site stand those of the client and of other companies, too.
        (R::Account, View | Create | Edit | ResetPassword | Invite) => Ceiling { given: true, ..PLAIN },
        (R::Site | R::Equipment | R::Contractor | R::Licence, View)
        | (R::Assignment, View | Create)
        | (R::Worker, View | Create | Edit) => PLAIN,
        // "Jobs assigned to them": a named site does not open the work that others do there.
        (R::WorkOrder, View | Edit | Claim | Close)
        | (R::Inspection, View | Create | Edit)
        | (R::ServiceRecord, View | Create | Edit | Export) => Ceiling { given: true, ..PLAIN },
        (R::Notification, View | Edit) => OWN,
        _ => return None,
    })
}

/// The doors an audience may ever come through (ROLES.md: the column "audience · portals").
pub(crate) const fn door(audience: Audience, portal: Portal) -> bool {
    match audience {
        Audience::Staff => matches!(portal, Portal::Office | Portal::Field),
        Audience::Client => matches!(portal, Portal::Client),
        Audience::Contractor => matches!(portal, Portal::Client | Portal::Field),
    }
}

/// Could a grant of this reach ever come to anything for this audience, whatever is switched on?
pub(crate) fn could(audience: Audience, permission: Permission, reach: Reach) -> bool {
    ceiling(audience, permission).is_some_and(|c| !c.given || matches!(reach, Reach::Team | Reach::Own))
}

/// The feature without which a permission grants nothing to anybody.
pub(crate) const fn feature_of(resource: Resource) -> Option<Feature> {
    match resource {
        Resource::Monitor => Some(Feature::Monitor),
        Resource::Timesheet => Some(Feature::Timesheets),
        _ => None,
    }
}
