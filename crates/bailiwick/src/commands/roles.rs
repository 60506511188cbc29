//! `bailiwick roles`: the role matrix, from the same values that decide.

use access::{Permission, Resource, Role, built_in, write_grants};
use serde_json::{Value, json};

use crate::say;

/// The matrix as text: a block a role, a line a resource.
pub(crate) fn text() {
    for (place, role) in built_in().iter().enumerate() {
        if place > 0 {
            say::line("");
        }
        say::line(format_args!("{} ({})", role.name, role.key));
        say::line(format_args!("  {}", role.about));
        say::line(format_args!("  {}", place_of(role)));
        for resource in Resource::ALL {
            let grants: Vec<_> =
                role.grants.iter().filter(|g| g.permission.resource() == *resource).cloned().collect();
            for line in compact(&grants, role) {
                say::line(format_args!("    {line}"));
            }
        }
        if !role.gives.is_empty() {
            say::line(format_args!("  may give: {}", role.gives.join(", ")));
        }
        if !role.subscriptions.is_empty() {
            let events: Vec<&str> = role.subscriptions.iter().map(|e| e.word()).collect();
            say::line(format_args!("  is mailed: {}", events.join(", ")));
        }
    }
}

fn place_of(role: &Role) -> String {
    let portals: Vec<&str> = role.portals.iter().map(|p| p.word()).collect();
    let mut words = vec![role.audience.to_string(), portals.join(" and "), format!("reach: {}", role.reach)];
    if !role.packs.is_empty() {
        let packs: Vec<&str> = role.packs.iter().map(|p| p.word()).collect();
        words.push(format!("pack: {}", packs.join(", ")));
    }
    words.extend(role.feature.map(|feature| format!("needs: {feature}")));
    words.extend(role.most_targets.map(|most| format!("at most {most} target")));
    if role.exclusive {
        words.push("held alone".into());
    }
    words.join(" · ")
}

/// Lines as the role file has them, with `*` where a resource is granted whole and the role's own reach left out.
fn compact(grants: &[access::Grant], role: &Role) -> Vec<String> {
    let whole = |line: &str| {
        let all: Vec<String> = grants
            .first()
            .into_iter()
            .flat_map(|g| Permission::of(g.permission.resource()))
            .map(|p| p.action().to_string())
            .collect();
        line.replace(&all.join(" "), "*")
    };
    write_grants(grants).iter().map(|line| whole(line).replace(&format!(" @ {}", role.reach), "")).collect()
}

/// The matrix as JSON: every role with every permission it grants, its reach and its conditions.
pub(crate) fn as_json() -> Value {
    let roles: Vec<Value> = built_in()
        .iter()
        .map(|role| {
            let grants: Vec<Value> = role
                .grants
                .iter()
                .map(|g| {
                    json!({
                        "permission": g.permission.to_string(),
                        "reach": g.reach,
                        "conditions": g.conditions,
                    })
                })
                .collect();
            json!({
                "key": role.key, "name": role.name, "about": role.about, "audience": role.audience,
                "portals": role.portals, "reach": role.reach, "exclusive": role.exclusive,
                "administrator": role.administrator, "most_targets": role.most_targets, "feature": role.feature,
                "packs": role.packs, "gives": role.gives, "subscriptions": role.subscriptions, "grants": grants,
            })
        })
        .collect();
    json!({ "roles": roles })
}
