//! From a form to a role that cannot be wrong.

use access::{Catalogue, Condition, Event, Feature, Grant, Permission, Reach, Role, read_grants};
use kernel::text::Line;
use kernel::{Audience, Error, FieldErrors, Portal, Result};

use super::model::RoleForm;

/// Words that stand in addresses where a key would.
const KEPT: [&str; 4] = ["new", "import", "matrix", "changes"];

/// A key: lower-case letters, digits and `_`, 2 to 40 of them, beginning with a letter.
pub(super) fn key(text: &str) -> Result<String, String> {
    let good = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && (2..=40).contains(&text.len());
    if !good {
        return Err("use 2 to 40 lower-case letters, digits and _, beginning with a letter".into());
    }
    if KEPT.contains(&text) {
        Err("this word is taken by the program; choose another".into())
    } else {
        Ok(text.to_owned())
    }
}

/// A key made of a name.
fn key_of(name: &str) -> String {
    let mut made = String::new();
    for c in store::fold(name).chars() {
        if c.is_ascii_lowercase() || (c.is_ascii_digit() && !made.is_empty()) {
            made.push(c);
        } else if !made.is_empty() && !made.ends_with('_') {
            made.push('_');
        }
    }
    made.truncate(40);
    let made = made.trim_end_matches('_');
    if made.len() < 2 { format!("role_{made}").trim_end_matches('_').to_owned() } else { made.to_owned() }
}

impl RoleForm {
    /// Reads what was typed. `before` is the role that is being changed: key and side stay as they are.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self, roles: &Catalogue, before: Option<&Role>) -> Result<Role> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse::<Line<80>>());
        let about = errors.take("about", self.about.parse::<Line<400>>());
        let key = match before {
            Some(before) => Some(before.key.clone()),
            None if self.key.is_blank() => name.as_ref().map(|name| key_of(name.as_str())),
            None => errors.take("key", key(self.key.as_str().trim())),
        };
        if let (None, Some(key)) = (before, &key)
            && roles.known(key).is_some()
        {
            let field = if self.key.is_blank() { "name" } else { "key" };
            errors.add(field, format!("there is a role with the key {key} already; choose another"));
        }
        let audience = match before {
            Some(before) => Some(before.audience),
            None => errors.take("audience", self.audience.parse::<Audience>()),
        };
        let reach = errors.take("reach", self.reach.parse::<Reach>());
        let portals = words::<Portal>(&mut errors, "portals", &self.portals);
        if portals.is_empty() && errors.of("portals").is_empty() {
            errors.add("portals", "choose at least one; a role that opens no portal lets nobody in");
        }
        let subscriptions = words::<Event>(&mut errors, "subscriptions", &self.subscriptions);
        let feature = errors.take("feature", self.feature.parse_optional::<Feature>()).flatten();
        let most_targets = errors.take("most_targets", most(self.most_targets.as_str())).flatten();
        let grants = errors.take("may", self.read_grants(reach.unwrap_or(Reach::Own)));
        let mut gives: Vec<String> = Vec::new();
        for word in self.gives.iter().filter(|word| !word.is_blank()) {
            let word = word.as_str().trim();
            let known = roles.role(word).is_some() || key.as_deref() == Some(word);
            if !known {
                errors.add("gives", format!("there is no role {word}"));
            } else if !gives.iter().any(|had| had == word) {
                gives.push(word.to_owned());
            }
        }
        if grants.as_ref().is_some_and(Vec::is_empty) {
            errors.add("may", "choose at least one thing that the role lets one do");
        }
        errors.check()?;
        match (key, name, about, audience, reach, grants) {
            (Some(key), Some(name), Some(about), Some(audience), Some(reach), Some(grants)) => Ok(Role {
                key,
                name: name.to_string(),
                about: about.to_string(),
                audience,
                portals,
                reach,
                exclusive: self.exclusive.is_on(),
                // Whoever administers the organization holds a role of the program: a role that can be rewritten
                // must not count as the last administrator's.
                administrator: false,
                most_targets,
                feature,
                packs: Vec::new(),
                grants,
                gives,
                subscriptions,
            }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }

    /// The grants of lists and lines together, without repeats, in the vocabulary's order.
    fn read_grants(&self, reach: Reach) -> Result<Vec<Grant>, String> {
        let mut grants = Vec::new();
        for word in self.grants.iter().filter(|word| !word.is_blank()) {
            let (permission, reach) =
                word.as_str().trim().split_once('@').ok_or("write a grant as incident.view@site")?;
            let permission: Permission = permission.trim().parse()?;
            let mut conditions = Vec::new();
            for line in &self.conditions {
                if let Some((of, words)) = line.as_str().split_once(':')
                    && of.trim().parse() == Ok(permission)
                {
                    for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                        conditions.push(word.parse::<Condition>()?);
                    }
                }
            }
            grants.push(Grant { permission, reach: reach.trim().parse()?, conditions });
        }
        for line in self.may.iter().flat_map(|text| text.as_str().lines()) {
            if !line.trim().is_empty() {
                grants.extend(read_grants(line.trim(), reach)?);
            }
        }
        Ok(tidy(grants))
    }
}

/// Grants in the vocabulary's order, each once, their conditions sorted.
pub(super) fn tidy(mut grants: Vec<Grant>) -> Vec<Grant> {
    for grant in &mut grants {
        grant.conditions.sort_unstable();
        grant.conditions.dedup();
    }
    grants
        .sort_by(|a, b| (a.permission, a.reach, &a.conditions).cmp(&(b.permission, b.reach, &b.conditions)));
    grants.dedup();
    grants
}

/// A role that was read from text, held against the same rules as one that was typed.
///
/// # Errors
/// A sentence that names the role.
pub(crate) fn imported(mut role: Role) -> Result<Role, String> {
    let about = |why: String| format!("{}: {why}", role.key);
    key(&role.key).map_err(about)?;
    role.name.parse::<Line<80>>().map_err(|why| about(format!("name: {why}")))?;
    role.about.parse::<Line<400>>().map_err(|why| about(format!("about: {why}")))?;
    if role.portals.is_empty() {
        return Err(about("name at least one portal".into()));
    }
    if role.administrator {
        return Err(about(
            "only roles of the program are administrators'; take the line `administrator` out".into(),
        ));
    }
    if !role.packs.is_empty() {
        return Err(about("only roles of the program belong to packs; take the line `packs` out".into()));
    }
    if role.grants.is_empty() {
        return Err(about("it grants nothing".into()));
    }
    if role.most_targets == Some(0) {
        return Err(about("`most_targets` is at least 1".into()));
    }
    role.grants = tidy(role.grants);
    Ok(role)
}

fn words<T: std::str::FromStr<Err = String> + Ord + Copy>(
    errors: &mut FieldErrors,
    field: &str,
    typed: &[web::Text],
) -> Vec<T> {
    let mut found: Vec<T> = typed
        .iter()
        .filter(|word| !word.is_blank())
        .filter_map(|word| errors.take(field, word.parse()))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn most(text: &str) -> Result<Option<u16>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(most @ 1..=1000) => Ok(Some(most)),
        _ => Err("write a number from 1 to 1000, or leave it blank".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_follows_from_the_name() {
        for (name, made) in [
            ("Night supervisor", "night_supervisor"),
            ("  Gebäude & Gärten (Süd) ", "gebaude_garten_sud"),
            ("7 wonders", "wonders"),
            ("日本", "role"),
        ] {
            assert_eq!(key_of(name), made, "{name}");
            assert_eq!(key(&key_of(name)), Ok(made.to_owned()));
        }
        for wrong in ["", "a", "New", "new", "x-y", "_x", &"x".repeat(41)] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_and_lines_say_the_same() {
        let lists = RoleForm {
            grants: vec!["".into(), "incident.view@site".into(), "site.view@organization".into()],
            conditions: vec!["incident.view:released,not_closed".into(), "site.view:".into()],
            ..RoleForm::default()
        };
        let lines = RoleForm {
            may: vec!["incident: view if not_closed, released\n\nsite: view @ organization".into()],
            ..RoleForm::default()
        };
        assert_eq!(lists.read_grants(Reach::Own).unwrap(), lines.read_grants(Reach::Site).unwrap());
        let wrong = RoleForm { may: vec!["incident: fly".into()], ..RoleForm::default() };
        assert!(wrong.read_grants(Reach::Site).is_err());
    }
}
