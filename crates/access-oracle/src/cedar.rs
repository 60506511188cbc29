//! A tenant's effective policy as Cedar text and entities: readable, analysable, and the third evaluator.
//!
//! Records hang below their organization, area, team, client and site, so that a target is `resource in Site::"…"`.
//! Roles become `permit`s; the tenant, deactivation, exclusive roles, features, switches and the limits of outsiders
//! become `forbid`s, which no role can outweigh.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use access::{Assignment, Condition, Grant, Permission, Reach, Resource, Role, Target};
use kernel::{Audience, Timestamp};
use uuid::Uuid;

use crate::limits::{Also, Bound, LetOut, Limit, bound};
use crate::world::{Member, Record, Tenant};

/// A tenant in Cedar's words.
#[derive(Clone, Debug)]
pub struct Cedar {
    /// Policies, as text.
    pub policies: String,
    /// Entities, as JSON.
    pub entities: String,
    /// The context of every request, as JSON.
    pub context: String,
}

/// Writes a tenant as of an instant. `wanted` says which permissions of which member to write, so that a test can
/// ask for few; `records` may be of other tenants too.
pub fn to_cedar<'a>(
    tenant: &Tenant,
    now: Timestamp,
    records: impl IntoIterator<Item = &'a Record>,
    wanted: impl Fn(&Member) -> Vec<Permission>,
) -> Cedar {
    let mut policies = String::from(
        "forbid (principal, action, resource) unless { resource.organization == principal.organization };\n\
         forbid (principal, action, resource) unless { principal.active };\n",
    );
    let mut exclusive = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for member in &tenant.members {
        let permissions = wanted(member);
        asked.extend(permissions.iter().map(|p| (member.audience, *p)));
        for assignment in &member.assignments {
            if assignment.role.exclusive {
                exclusive.insert(assignment.role.key.clone());
            }
            for grant in &assignment.role.grants {
                if permissions.contains(&grant.permission) {
                    permits(&mut policies, tenant, member, assignment, grant);
                }
            }
        }
    }
    for key in exclusive {
        let _ = writeln!(
            policies,
            "forbid (principal, action, resource) when {{ principal.held.contains(\"{key}\") && \
             !([\"{key}\"].containsAll(principal.held)) }};"
        );
    }
    for (audience, permission) in asked {
        forbids(&mut policies, audience, permission);
    }
    let mut entities: Vec<String> = tenant.members.iter().map(|m| member_entity(tenant, m, now)).collect();
    entities.extend(records.into_iter().map(record_entity));
    let words = |words: Vec<&str>| quoted(words.into_iter());
    Cedar {
        policies,
        entities: format!("[{}]", entities.join(",\n")),
        context: format!(
            "{{\"now\": {}, \"features\": [{}], \"switches\": [{}]}}",
            now.as_microsecond(),
            words(tenant.features.iter().map(|f| f.word()).collect()),
            words(tenant.switches.iter().map(|s| s.word()).collect()),
        ),
    }
}

fn quoted<T: std::fmt::Display>(words: impl Iterator<Item = T>) -> String {
    words.map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ")
}

fn permits(out: &mut String, tenant: &Tenant, member: &Member, assignment: &Assignment, grant: &Grant) {
    let role = &assignment.role;
    let mut when = vec![format!("principal.audience == \"{}\"", role.audience)];
    if let Some(from) = assignment.from {
        when.push(format!("context.now >= {}", from.as_microsecond()));
    }
    if let Some(until) = assignment.until {
        when.push(format!("context.now < {}", until.as_microsecond()));
    }
    if let Some(feature) = role.feature {
        when.push(format!("context.features.contains(\"{feature}\")"));
    }
    if !role.packs.is_empty() {
        when.push(format!("context.features.containsAny([{}])", quoted(role.packs.iter())));
    }
    if let Some(most) = role.most_targets {
        when.push(format!("principal.places[\"{}\"] <= {most}", role.key));
    }
    when.extend(grant.conditions.iter().map(|c| condition(*c).to_owned()));
    let nowhere = assignment.targets.is_empty() && role.reach != Reach::Own;
    if nowhere {
        return;
    }
    let mut permit = |scope: &str, besides: &str| {
        let _ = writeln!(
            out,
            "permit (principal == Membership::\"{}\", action == Action::\"{}\", {scope}) when {{ {}{besides} }};",
            member.id.uuid(),
            grant.permission,
            when.join(" && ")
        );
    };
    let inside = |kind: &str, id: Uuid| format!("resource in {kind}::\"{id}\"");
    if grant.reach == Reach::Own {
        let named = [Condition::Author, Condition::Assignee, Condition::Requester];
        let some_named = named.iter().any(|c| grant.conditions.contains(c));
        let mine: Vec<String> = named
            .iter()
            .filter(|c| !some_named || grant.conditions.contains(c))
            .map(|c| format!("({})", condition(*c)))
            .collect();
        permit("resource", &format!(" && ({})", mine.join(" || ")));
        return;
    }
    let given_only = matches!(
        bound(member.audience, grant.permission),
        Bound::Limited(Limit { also: Also::GivenToThem, .. })
    );
    if grant.reach == Reach::Organization && role.reach != Reach::Organization {
        if !given_only {
            permit(&inside("Organization", tenant.id.uuid()), "");
        }
        return;
    }
    for target in &assignment.targets {
        let (width, scope) = match target {
            Target::Organization => (Reach::Organization, inside("Organization", tenant.id.uuid())),
            Target::Area(id) => (Reach::Area, inside("Area", id.uuid())),
            Target::Team(id) => (Reach::Team, inside("Team", id.uuid())),
            Target::Client(id) => (Reach::Client, inside("Client", id.uuid())),
            Target::Site(id) => (Reach::Site, inside("Site", id.uuid())),
        };
        if fits(width, grant, role) && (!given_only || width == Reach::Team) {
            permit(&scope, "");
        }
    }
}

/// No wider than the grant says, nor than the role may be held at.
fn fits(width: Reach, grant: &Grant, role: &Role) -> bool {
    let order = [Reach::Organization, Reach::Area, Reach::Team, Reach::Client, Reach::Site, Reach::Own];
    let place = |reach| order.iter().position(|r| *r == reach);
    place(width) >= place(grant.reach) && place(width) >= place(role.reach)
}

const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Author => "resource has author && resource.author == principal",
        Condition::Assignee => "resource has assignee && resource.assignee == principal",
        Condition::Requester => "resource has requester && resource.requester == principal",
        Condition::NotAuthor => "resource has author && resource.author != principal",
        Condition::AuthorMayEdit => "resource has author_may_edit && resource.author_may_edit == 1",
        Condition::Submitted => "resource has visibility && resource.visibility >= 2",
        Condition::Released => "resource has visibility && resource.visibility >= 3",
        Condition::NotClosed => "resource has closed && resource.closed == 0",
    }
}

fn forbids(out: &mut String, audience: Audience, permission: Permission) {
    let head = format!("forbid (principal, action == Action::\"{permission}\", resource)");
    let feature = match permission.resource() {
        Resource::Monitor => Some("monitor"),
        Resource::Timesheet => Some("timesheets"),
        _ => None,
    };
    if let Some(feature) = feature {
        let _ = writeln!(out, "{head} unless {{ context.features.contains(\"{feature}\") }};");
    }
    let head = format!("{head} when {{ principal.audience == \"{audience}\" }}");
    let limit = match bound(audience, permission) {
        Bound::Free => return,
        Bound::Limited(limit) => limit,
        Bound::Never => {
            let _ = writeln!(out, "{head};");
            return;
        }
    };
    let mut unless = |clause: &str| {
        let _ = writeln!(out, "{head} unless {{ {clause} }};");
    };
    if let Some(switch) = limit.switch {
        unless(&format!("context.switches.contains(\"{switch}\")"));
    }
    if limit.own_clients {
        unless(
            "(principal.audience == \"contractor\" && principal.subcontractor) || \
             (resource has client && principal.clients.contains(resource.client))",
        );
    }
    let (released, handed_in) = (condition(Condition::Released), condition(Condition::Submitted));
    match limit.let_out {
        LetOut::Whatever => {}
        LetOut::Released => unless(released),
        LetOut::HandedIn => unless(handed_in),
        LetOut::SharedOrAllShared => unless(&format!("({released}) || (principal.share_all && {handed_in})")),
        LetOut::ApprovedOrAwaiting => unless(&format!(
            "({released}) || (context.switches.contains(\"timesheets_for_approval\") && {handed_in})"
        )),
    }
    match limit.also {
        Also::Nothing | Also::GivenToThem => {}
        Also::Author => unless(condition(Condition::Author)),
        Also::Emergency => unless("resource has emergency && resource.emergency == 1"),
        Also::LiveClockIns => unless("principal.live_clock_ins"),
    }
}

fn member_entity(tenant: &Tenant, member: &Member, now: Timestamp) -> String {
    let in_force: Vec<&Assignment> = member
        .assignments
        .iter()
        .filter(|a| a.from.is_none_or(|from| from <= now) && a.until.is_none_or(|until| until > now))
        .collect();
    let keys: BTreeSet<&str> = member.assignments.iter().map(|a| a.role.key.as_str()).collect();
    let places: Vec<String> = keys
        .iter()
        .map(|key| {
            let targets: BTreeSet<Target> = in_force
                .iter()
                .filter(|a| a.role.key == *key)
                .flat_map(|a| a.targets.iter().copied())
                .collect();
            format!("\"{key}\": {}", targets.len())
        })
        .collect();
    let held: BTreeSet<&str> = in_force.iter().map(|a| a.role.key.as_str()).collect();
    format!(
        "{{\"uid\": {{\"type\": \"Membership\", \"id\": \"{}\"}}, \"parents\": [], \"attrs\": {{\
         \"organization\": \"{}\", \"audience\": \"{}\", \"active\": {}, \"clients\": [{}], \"subcontractor\": {}, \
         \"share_all\": {}, \"live_clock_ins\": {}, \"held\": [{}], \"places\": {{{}}}}}}}",
        member.id.uuid(),
        tenant.id.uuid(),
        member.audience,
        member.active,
        quoted(member.clients.iter().map(|c| c.uuid())),
        member.subcontractor,
        member.share_all,
        member.live_clock_ins,
        quoted(held.into_iter()),
        places.join(", ")
    )
}

fn record_entity(record: &Record) -> String {
    let facts = &record.facts;
    let entity = |kind: &str, id: Uuid| format!("{{\"type\": \"{kind}\", \"id\": \"{id}\"}}");
    let mut parents = vec![entity("Organization", facts.organization)];
    for (kind, id) in
        [("Area", facts.area), ("Team", facts.team), ("Client", facts.client), ("Site", facts.site)]
    {
        parents.extend(id.map(|id| entity(kind, id)));
    }
    let mut attributes = vec![format!("\"organization\": \"{}\"", facts.organization)];
    attributes.extend(facts.client.map(|client| format!("\"client\": \"{client}\"")));
    for (name, number) in [
        ("visibility", facts.visibility),
        ("author_may_edit", facts.author_may_edit),
        ("closed", facts.closed),
        ("emergency", facts.emergency),
    ] {
        attributes.extend(number.map(|n| format!("\"{name}\": {n}")));
    }
    for (name, person) in
        [("author", facts.author), ("assignee", facts.assignee), ("requester", facts.requester)]
    {
        attributes
            .extend(person.map(|p| format!("\"{name}\": {{\"__entity\": {}}}", entity("Membership", p))));
    }
    format!(
        "{{\"uid\": {}, \"parents\": [{}], \"attrs\": {{{}}}}}",
        entity("Record", record.id),
        parents.join(", "),
        attributes.join(", ")
    )
}
