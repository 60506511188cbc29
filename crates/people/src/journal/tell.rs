//! What lines say, in sentences. Names of places, people and roles are looked up within the reader's plan; what the
//! reader may not see is not named.

use std::collections::HashMap;

use access::{Catalogue, Target};
use kernel::Result;
use kernel::id::{AreaId, ClientId, MembershipId, SiteId, TeamId};
use kernel::page::PageSize;
use serde_json::Value;
use store::listing::Listing;
use web::Ctx;

use super::model::{Line, PartOut};
use crate::members;
use crate::members::query::MEMBERS;
use crate::targets::{self, names::Names};

/// What stands for something that the reader may not see.
const HIDDEN: &str = "one you cannot see";

/// Names for a page of lines.
pub(super) struct Teller {
    places: Names,
    people: HashMap<MembershipId, String>,
    roles: std::sync::Arc<Catalogue>,
}

/// A target as stored in a detail: `site:sit_…`, or a bare id of a place.
fn place(text: &str) -> Option<Target> {
    if let Some(target) = targets::read(text) {
        return Some(target);
    }
    text.parse::<SiteId>()
        .map(Target::Site)
        .or_else(|_| text.parse::<ClientId>().map(Target::Client))
        .or_else(|_| text.parse::<AreaId>().map(Target::Area))
        .or_else(|_| text.parse::<TeamId>().map(Target::Team))
        .ok()
}

fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(fields) => fields.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

impl Teller {
    /// Looks up what these lines name.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn of(ctx: &Ctx, lines: &[Line]) -> Result<Self> {
        let mut words = Vec::new();
        lines.iter().for_each(|line| texts(&line.detail, &mut words));
        let places = Names::of(ctx, words.iter().filter_map(|word| place(word))).await?;
        let ids: Vec<MembershipId> = words.iter().filter_map(|word| word.parse().ok()).collect();
        let mut people = HashMap::new();
        if ctx.may(members::VIEW) {
            for some in ids.chunks(200) {
                let values = some.iter().map(|id| store::Value::from(*id)).collect();
                let found = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
                    .one_of("id", values)?
                    .rows(PageSize::of(Some(PageSize::MOST)))
                    .page::<members::MemberOut>(ctx.store())
                    .await?;
                people.extend(found.items.into_iter().map(|member| (member.id, member.name)));
            }
        }
        Ok(Self { places, people, roles: ctx.roles().await? })
    }

    /// What was done, without its subject and without the record's name.
    pub(super) fn sentence(&self, line: &Line) -> String {
        let detail = &line.detail;
        let side = |name: &str| detail.get(name).unwrap_or(&Value::Null);
        match line.action.as_str() {
            "give_role" => format!("gave the role {}", self.role(side("after"))),
            "take_role" => format!("took away the role {}", self.role(side("before"))),
            "change_role" => format!(
                "changed the role {}, before: {}",
                self.role(side("after")),
                self.role(side("before"))
            ),
            "confirm_role" => format!("confirmed in an access review the role {}", self.role(side("after"))),
            "invite" => format!("invited, to be {}", self.role(side("after"))),
            "accept_invitation" => format!("accepted the invitation, as {}", self.role(side("after"))),
            action => verb(action, &line.resource),
        }
    }

    /// "Supervisor, sites Dock 4 and Gate 2, until 2026-11-30".
    fn role(&self, given: &Value) -> String {
        let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
        let key = text("role");
        let mut said = self.roles.name(key).to_owned();
        let places: Vec<Target> = given
            .get("targets")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|word| targets::read(word.as_str()?))
            .collect();
        if !places.is_empty() {
            said = format!("{said} for {}", self.places.sentence(&places));
        }
        for (word, name) in [("from", "from"), ("until", "until")] {
            if !text(name).is_empty() {
                said = format!("{said}, {word} {}", text(name));
            }
        }
        said
    }

    /// What changed, part by part. Where the sentence says it all there is nothing more.
    pub(super) fn changes(&self, line: &Line) -> Vec<PartOut> {
        if matches!(
            line.action.as_str(),
            "give_role" | "take_role" | "change_role" | "confirm_role" | "accept_invitation"
        ) {
            return Vec::new();
        }
        let detail = &line.detail;
        if let Some(all) = detail.get("changed").and_then(Value::as_array) {
            return all
                .iter()
                .map(|one| PartOut {
                    part: label(one.get("field").and_then(Value::as_str).unwrap_or_default()),
                    before: self.shown(one.get("before").unwrap_or(&Value::Null)),
                    after: one
                        .get("after")
                        .map_or_else(|| "changed; not kept here".into(), |v| self.shown(v)),
                })
                .collect();
        }
        let (before, after) = (detail.get("before"), detail.get("after"));
        match (before, after) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                let mut parts: Vec<PartOut> = after
                    .iter()
                    .filter(|(name, _)| before.contains_key(*name) && name.as_str() != "version")
                    .map(|(name, now)| (name, before.get(name).unwrap_or(&Value::Null), now))
                    .map(|(name, was, now)| self.part(name, was, now))
                    .filter(|part| part.before != part.after)
                    .collect();
                if detail.get("notes_changed") == Some(&Value::Bool(true)) {
                    parts.push(PartOut {
                        part: "Notes".into(),
                        before: String::new(),
                        after: "changed; not kept here".into(),
                    });
                }
                parts
            }
            (None, Some(Value::Object(after))) => self.one_side(after, false),
            (Some(Value::Object(before)), None) => self.one_side(before, true),
            (Some(before), Some(after)) => vec![self.part("on", before, after)],
            _ => Vec::new(),
        }
    }

    fn one_side(&self, fields: &serde_json::Map<String, Value>, gone: bool) -> Vec<PartOut> {
        fields
            .iter()
            .filter(|(name, _)| name.as_str() != "version")
            .map(|(name, value)| {
                if gone { self.part(name, value, &Value::Null) } else { self.part(name, &Value::Null, value) }
            })
            .filter(|part| part.before != part.after)
            .collect()
    }

    fn part(&self, name: &str, before: &Value, after: &Value) -> PartOut {
        PartOut { part: label(name), before: self.shown(before), after: self.shown(after) }
    }

    /// A value as people read it.
    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Null | Value::Bool(false) => String::new(),
            Value::Bool(true) => "Yes".into(),
            Value::Number(number) => number.to_string(),
            Value::String(text) if text == "on" || text == "true" => "Yes".into(),
            Value::String(text) if text == "false" => String::new(),
            Value::String(text) => self.named(text),
            Value::Array(all) => all.iter().map(|one| self.shown(one)).collect::<Vec<_>>().join(", "),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| format!("{}: {}", label(name), self.shown(value)))
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    fn named(&self, text: &str) -> String {
        if let Some(target) = place(text) {
            return self.places.name(target).unwrap_or(HIDDEN).to_owned();
        }
        if let Ok(id) = text.parse::<MembershipId>() {
            return self.people.get(&id).map_or(HIDDEN, String::as_str).to_owned();
        }
        text.to_owned()
    }
}

/// A field's name as people read it.
pub(super) fn label(name: &str) -> String {
    let words = name.replace(['_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What kind of record, one of them.
pub(super) fn noun(resource: &str) -> String {
    match resource {
        "account" => "person".into(),
        "audit" => "journal".into(),
        "api_token" => "API token".into(),
        other => other.replace('_', " "),
    }
}

/// What was done, in the past tense.
fn verb(action: &str, resource: &str) -> String {
    let noun = noun(resource);
    let done = match action {
        "create" | "make" => "made a new",
        "edit" => "changed a",
        "archive" => "archived a",
        "restore" => "restored a",
        "publish" => "published a",
        "unpublish" => "took back from the client side a",
        "approve" => "approved a",
        "status" => "moved along a",
        "escalate" => "escalated a",
        "assign" => "assigned a",
        "file" => "filed a",
        "deactivate" => "deactivated a",
        "reactivate" => "reactivated a",
        "revoke" => "revoked a",
        "export" => "exported from the",
        "import" => "imported into the",
        "assign_site" => return "gave a site to a client's account".into(),
        "remove_site" => return "took a site from a client's account".into(),
        "sign_in" => return "signed in".into(),
        "sign_out" => return "signed out".into(),
        "end_session" => return "ended a session".into(),
        "end_other_sessions" => return "ended their other sessions".into(),
        "set_password" => return "set a new password".into(),
        "reset_password" => return "sent a password reset".into(),
        "resend_invitation" => return "sent the invitation again".into(),
        "revoke_invitation" => return "withdrew the invitation".into(),
        "ask_access" => return "asked for access".into(),
        "grant_access" => return "granted a request for access".into(),
        "decline_access" => return "declined a request for access".into(),
        "preview_start" => return "began to look through somebody's eyes".into(),
        "preview_page" => return "opened a page through somebody's eyes".into(),
        "preview_stop" => return "stopped looking through somebody's eyes".into(),
        "set_switches" => return "set what clients are let see".into(),
        "set_features" | "set_feature" => return "set the features and packs".into(),
        "start_review" => return "started an access review".into(),
        "close_review" => return "closed and signed an access review".into(),
        "set_reviewers" => return "named the reviewers of an access review".into(),
        "export_review" => return "exported an access review".into(),
        "save_account" => return "saved a client's account".into(),
        "change_portal_account" => return "changed what a client's account is let see".into(),
        "set_emergency_access" => return "set emergency access".into(),
        "set_report_options" => return "set the report options of a site".into(),
        "set_retention" => return "set how long the journal is kept".into(),
        "remove_old_lines" => return "removed old lines of the journal".into(),
        "add_type" => return "added a type of incident".into(),
        other => return format!("{} ({noun})", other.replace('_', " ")),
    };
    let article =
        if done.ends_with(" a") && noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A']) { "n" } else { "" };
    format!("{done}{article} {noun}")
}
