//! A role in plain sentences. They follow from its grants alone, so what is read is what is granted.

use access::{Action, Condition, FieldClass, Permission, Reach, Resource, Role};
use kernel::{Audience, Portal};

use super::model::SaidOut;
use crate::targets::names::joined;

/// The parts of a record with a permission of their own, and what people call them.
pub(super) const PARTS: [(Action, FieldClass, &str); 4] = [
    (Action::Notes, FieldClass::Notes, "internal notes"),
    (Action::People, FieldClass::People, "who filed it, who has it"),
    (Action::Location, FieldClass::Location, "positions"),
    (Action::Prices, FieldClass::Prices, "prices"),
];

/// What people call an action.
pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::View => "see",
        Action::Create => "create",
        Action::Edit => "change",
        Action::Delete => "archive",
        Action::Approve => "approve",
        Action::Publish => "publish to clients",
        Action::Share => "share",
        Action::Assign => "assign",
        Action::Claim => "claim",
        Action::Clock => "clock in and out",
        Action::Scan => "scan",
        Action::Trigger => "raise",
        Action::Acknowledge => "acknowledge",
        Action::Close => "move along and close",
        Action::Decide => "accept or decline",
        Action::Export => "export",
        Action::Import => "import",
        Action::ResetPassword => "send password resets",
        Action::Invite => "invite",
        Action::Impersonate => "preview as somebody",
        Action::Notes => "read internal notes",
        Action::People => "read who filed it and who has it",
        Action::Location => "read positions",
        Action::Prices => "read prices",
        Action::Explain => "ask who can see it and why",
    }
}

/// A reach as a word of a table.
pub(super) const fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Organization => "Everywhere",
        Reach::Area => "Areas",
        Reach::Team => "Teams",
        Reach::Client => "Clients",
        Reach::Site => "Sites",
        Reach::Own => "Own",
    }
}

/// A reach as part of a sentence.
const fn of(grant: Reach, role: Reach) -> &'static str {
    match grant {
        Reach::Organization if matches!(role, Reach::Organization) => "of every place the role is given at",
        Reach::Organization => "of the whole organization",
        Reach::Area => "of the areas and sites the role is given at",
        Reach::Team => "of the teams the role is given at",
        Reach::Client => "of the clients and sites the role is given at",
        Reach::Site => "of the sites the role is given at",
        Reach::Own => "of their own (made by, assigned to or asked for by them)",
    }
}

/// A condition as part of a sentence: "those that …".
pub(super) const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Author => "they made themselves",
        Condition::Assignee => "are assigned to them",
        Condition::Requester => "they asked for",
        Condition::NotAuthor => "somebody else made",
        Condition::AuthorMayEdit => "their site lets authors change",
        Condition::Submitted => "were handed in and are not held back",
        Condition::Released => "were published",
        Condition::NotClosed => "are still open",
    }
}

/// Conditions in a few words, for tables and lists to choose from.
pub(super) fn only_if(conditions: &[Condition]) -> String {
    let words: Vec<&str> = conditions
        .iter()
        .map(|c| match c {
            Condition::Author => "made by them",
            Condition::Assignee => "assigned to them",
            Condition::Requester => "asked for by them",
            Condition::NotAuthor => "made by others",
            Condition::AuthorMayEdit => "site lets authors edit",
            Condition::Submitted => "handed in",
            Condition::Released => "published",
            Condition::NotClosed => "still open",
        })
        .collect();
    words.join(", ")
}

/// A portal as people read it.
pub(crate) const fn portal(portal: Portal) -> &'static str {
    match portal {
        Portal::Office => "Office",
        Portal::Field => "Field",
        Portal::Client => "Client",
    }
}

/// The portals of a role in one line.
pub(super) fn portals(portals: &[Portal]) -> String {
    portals.iter().map(|p| portal(*p)).collect::<Vec<_>>().join(", ")
}

/// Everything a role says, a kind of record at a time.
pub(super) fn sentences(role: &Role) -> Vec<SaidOut> {
    // In one order, so that two roles that grant the same read the same.
    let role = Role { grants: super::parse::tidy(role.grants.clone()), ..role.clone() };
    Resource::ALL.iter().filter_map(|resource| one(&role, *resource)).collect()
}

fn one(role: &Role, resource: Resource) -> Option<SaidOut> {
    let grants: Vec<_> = role.grants.iter().filter(|g| g.permission.resource() == resource).collect();
    if grants.is_empty() {
        return None;
    }
    let part = |action: Action| PARTS.iter().any(|(facet, _, _)| *facet == action);
    let mut lines: Vec<(Reach, &[Condition], Vec<&'static str>)> = Vec::new();
    for grant in grants.iter().filter(|g| !part(g.permission.action())) {
        let word = action(grant.permission.action());
        match lines.iter_mut().find(|(reach, conditions, _)| {
            *reach == grant.reach && *conditions == grant.conditions.as_slice()
        }) {
            Some((_, _, words)) if words.contains(&word) => {}
            Some((_, _, words)) => words.push(word),
            None => lines.push((grant.reach, &grant.conditions, vec![word])),
        }
    }
    let may = lines
        .into_iter()
        .map(|(reach, conditions, words)| {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            let mut line = format!("May {} those {}", joined(&words), of(reach, role.reach));
            if !conditions.is_empty() {
                let conditions: Vec<String> = conditions.iter().map(|c| condition(*c).to_owned()).collect();
                line.push_str(", only if they are ones that ");
                line.push_str(&joined(&conditions));
            }
            line
        })
        .collect();
    let opened = |action: Action| grants.iter().any(|g| g.permission.action() == action);
    let sees = opened(Action::View);
    let parts = PARTS.iter().filter(|(action, _, _)| Permission::find(resource, *action).is_some());
    let (opens, hides): (Vec<_>, Vec<_>) =
        parts.partition(|(action, class, _)| opened(*action) && class.within(role.audience));
    let words = |parts: Vec<&(Action, FieldClass, &str)>| {
        parts.into_iter().map(|(_, _, words)| (*words).to_owned()).collect::<Vec<_>>()
    };
    Some(SaidOut {
        resource: resource.word().to_owned(),
        label: resource.label().to_owned(),
        may,
        opens: words(opens),
        hides: if sees { words(hides) } else { Vec::new() },
    })
}

/// The side of a role in a sentence.
pub(super) const fn side(audience: Audience) -> &'static str {
    match audience {
        Audience::Staff => "members of the staff",
        Audience::Client => "people of a client",
        Audience::Contractor => "contractors",
    }
}
