//! Plain words for statements and reasons. Explanations, refusals and the command line share them.

use crate::fact::{Column, Literal, Visibility};
use crate::plan::Because;

/// "…only when" this.
#[must_use]
pub fn condition(literal: Literal) -> String {
    let released = Visibility::Released.number();
    let submitted = Visibility::Submitted.number();
    match literal {
        Literal::AtLeast(Column::Visibility, n) if n >= released => "it was published".into(),
        Literal::AtLeast(Column::Visibility, n) if n >= submitted => {
            "it was handed in and not held back".into()
        }
        Literal::Is(Column::AuthorMayEdit, _) => "the site lets authors change what they filed".into(),
        Literal::Is(Column::Closed, 0) => "it is still open".into(),
        Literal::Is(Column::Emergency, _) => "emergency access is on for the client".into(),
        Literal::IsMe(Column::Author) => "you made it".into(),
        Literal::IsMe(Column::Assignee) => "it is assigned to you".into(),
        Literal::IsMe(Column::Requester) => "you asked for it".into(),
        Literal::NotMe(Column::Author) => "somebody else made it".into(),
        Literal::NotMe(_) => "it belongs to somebody else".into(),
        Literal::AtLeast(..) | Literal::Is(..) | Literal::IsNot(..) | Literal::IsMe(_) => {
            "the record allows it".into()
        }
    }
}

/// Why a role grants nothing here.
#[must_use]
pub fn because(because: Because) -> String {
    match because {
        Because::Inactive => "the membership is deactivated".into(),
        Because::NotYet => "the assignment begins later".into(),
        Because::Expired => "the assignment has ended".into(),
        Because::OtherAudience => "the role is for members of another side".into(),
        Because::FeatureOff(feature) => format!("the feature {feature} is off"),
        Because::PackOff => "the role's pack is off".into(),
        Because::NotAlone => "an exclusive role is held beside another one".into(),
        Because::TooManyTargets => "the role is held at more places than it allows".into(),
        Because::NoTargets => "the assignment names no target".into(),
        Because::AboveCeiling => "this side can never hold that permission".into(),
        Because::SwitchOff(switch) => format!("the organization's switch \"{}\" is off", switch.label()),
        Because::LiveClockInsOff => "\"show live clock-ins\" is off for this account".into(),
    }
}
