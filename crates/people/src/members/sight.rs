//! What can this person see? Sentences from the arms of their own plan, so that what is told is what holds (law 4).

use access::{
    Action, Column, Dimension, FieldClass, Literal, Permission, Plan, Reach, Resource, Sight, Target,
    Visibility,
};
use kernel::Result;
use schemars::JsonSchema;
use serde::Serialize;
use web::Ctx;

use crate::targets::{self, names::Names, names::joined, names::listed};

/// What somebody sees of one resource.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SightOut {
    /// The resource's word.
    pub resource: String,
    /// What people call it.
    pub label: String,
    /// Which records, one sentence a way in: "published ones of sites Dock 4 and Gate 2".
    pub sees: Vec<String>,
    /// The parts of a record that stay hidden.
    pub hidden: Vec<String>,
    /// What they may do besides looking.
    pub may: Vec<String>,
    /// What their roles would give and why they do not.
    pub not: Vec<String>,
}

/// Everything a plan shows, resource by resource. Names of places are those the reader may see.
///
/// # Errors
/// The store's.
pub(super) async fn of(ctx: &Ctx, plan: &Plan) -> Result<Vec<SightOut>> {
    let named = Permission::all()
        .flat_map(|p| plan.arms(p).iter().flat_map(targets_of).chain(clients_of(plan, p)))
        .collect::<Vec<_>>();
    let names = Names::of(ctx, named).await?;
    Ok(Resource::ALL.iter().filter_map(|resource| one(plan, *resource, &names)).collect())
}

fn targets_of(arm: &access::Arm) -> Vec<Target> {
    let Some(reach) = reach_of(arm.dimension) else { return Vec::new() };
    arm.ids.iter().filter_map(|id| targets::stored(reach.number(), *id)).collect()
}

fn clients_of(plan: &Plan, permission: Permission) -> Vec<Target> {
    let guard = plan.guard(permission).unwrap_or_default();
    guard.iter().filter_map(|id| targets::stored(Reach::Client.number(), *id)).collect()
}

const fn reach_of(dimension: Dimension) -> Option<Reach> {
    Some(match dimension {
        Dimension::Organization => Reach::Organization,
        Dimension::Area => Reach::Area,
        Dimension::Team => Reach::Team,
        Dimension::Client => Reach::Client,
        Dimension::Site => Reach::Site,
        Dimension::Own(_) => return None,
    })
}

fn one(plan: &Plan, resource: Resource, names: &Names) -> Option<SightOut> {
    let view = Permission::find(resource, Action::View)?;
    let sees: Vec<String> = plan.arms(view).iter().map(|arm| way(plan, view, arm, names)).collect();
    let may: Vec<String> = Permission::of(resource)
        .filter(|p| !reads(p.action()) && plan.may_ever(*p))
        .map(|p| p.action().word().replace('_', " "))
        .collect();
    let hidden = if sees.is_empty() { Vec::new() } else { hidden(plan, resource) };
    let not = suppressed(plan, resource);
    if sees.is_empty() && may.is_empty() && not.is_empty() {
        return None;
    }
    Some(SightOut {
        resource: resource.word().to_owned(),
        label: resource.label().to_owned(),
        sees,
        hidden,
        may,
        not,
    })
}

const fn reads(action: Action) -> bool {
    matches!(action, Action::View | Action::Notes | Action::People | Action::Location | Action::Prices)
}

/// One way in, as a sentence without the resource: "published ones of sites A and B".
fn way(plan: &Plan, view: Permission, arm: &access::Arm, names: &Names) -> String {
    let place = match arm.dimension {
        Dimension::Organization => match plan.guard(view) {
            Some(_) => format!("of {}", kept_to(plan, view, names)),
            None => "of the whole organization".to_owned(),
        },
        Dimension::Own(Column::Author) => "made by them".to_owned(),
        Dimension::Own(Column::Assignee) => "assigned to them".to_owned(),
        Dimension::Own(_) => "asked for by them".to_owned(),
        _ => {
            let reach = reach_of(arm.dimension).unwrap_or(Reach::Own);
            let mut known: Vec<&str> = arm.ids.iter().filter_map(|id| names.name_of(*id)).collect();
            known.sort_unstable();
            format!("of {}", listed(reach, &known, arm.ids.len() - known.len()))
        }
    };
    let conditions: Vec<String> = arm.literals.iter().map(|l| condition(*l).to_owned()).collect();
    if conditions.is_empty() {
        format!("all {place}")
    } else {
        format!("those {place} that {}", joined(&conditions))
    }
}

fn kept_to(plan: &Plan, view: Permission, names: &Names) -> String {
    let ids = plan.guard(view).unwrap_or_default();
    let mut known: Vec<&str> = ids.iter().filter_map(|id| names.name_of(*id)).collect();
    known.sort_unstable();
    listed(Reach::Client, &known, ids.len() - known.len())
}

/// A statement of a plan, about records in general and in the third person.
const fn condition(literal: Literal) -> &'static str {
    const RELEASED: i64 = Visibility::Released.number();
    match literal {
        Literal::AtLeast(Column::Visibility, RELEASED..) => "were published",
        Literal::AtLeast(Column::Visibility, _) => "were handed in and are not held back",
        Literal::Is(Column::AuthorMayEdit, _) => "their site lets authors change",
        Literal::Is(Column::Closed, 0) => "are still open",
        Literal::Is(Column::Emergency, _) => "belong to a client with emergency access",
        Literal::IsMe(Column::Author) => "they made themselves",
        Literal::IsMe(Column::Assignee) => "are assigned to them",
        Literal::IsMe(_) => "they asked for",
        Literal::NotMe(Column::Author) => "somebody else made",
        Literal::NotMe(_) => "belong to somebody else",
        Literal::AtLeast(..) | Literal::Is(..) | Literal::IsNot(..) => "allow it",
    }
}

/// The parts of a record that this plan never shows, of those the resource has.
fn hidden(plan: &Plan, resource: Resource) -> Vec<String> {
    [
        (Action::Notes, FieldClass::Notes, "internal notes"),
        (Action::People, FieldClass::People, "who filed it, who has it"),
        (Action::Location, FieldClass::Location, "positions"),
        (Action::Prices, FieldClass::Prices, "prices"),
    ]
    .into_iter()
    .filter(|(action, class, _)| {
        Permission::find(resource, *action).is_some() && matches!(plan.sight(resource, *class), Sight::Never)
    })
    .map(|(_, _, words)| words.to_owned())
    .collect()
}

/// What roles would give of this resource and why they do not, one line a reason.
fn suppressed(plan: &Plan, resource: Resource) -> Vec<String> {
    let mut lines = Vec::new();
    for suppressed in &plan.suppressed {
        let of_this = suppressed.permission.is_some_and(|p| p.resource() == resource);
        let Some(held) = plan.held.get(usize::from(suppressed.source)).filter(|_| of_this) else { continue };
        let line = format!(
            "{} would give more, but {}",
            held.role.name,
            access::sentence::because(suppressed.because)
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}
