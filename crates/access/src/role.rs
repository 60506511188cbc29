//! Roles: named sets of grants. Built-in roles are one readable file; custom roles are rows of the same shape.

use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use kernel::text::closed;
use kernel::{Audience, Portal};
use serde::Deserialize;

use crate::fact::{Column, Literal, Visibility};
use crate::vocabulary::{Action, Event, Feature, Permission, Resource};

closed! {
    /// How far a grant reaches from its assignment's targets (ROLES.md: reach), widest first.
    #[derive(PartialOrd, Ord)]
    pub enum Reach: i64 {
        /// The whole tenant.
        Organization = 0 => "organization",
        /// The areas the assignment names.
        Area = 1 => "area",
        /// The teams the assignment names.
        Team = 2 => "team",
        /// The clients the assignment names.
        Client = 3 => "client",
        /// The sites the assignment names.
        Site = 4 => "site",
        /// What the person made, has to do, or asked for.
        Own = 5 => "own",
    }
}

closed! {
    /// A condition of a grant. Words of the role file and of the role editor.
    #[derive(PartialOrd, Ord)]
    pub enum Condition: i64 {
        /// The person made it.
        Author = 0 => "author",
        /// The person has it to do.
        Assignee = 1 => "assignee",
        /// The person asked for it.
        Requester = 2 => "requester",
        /// Somebody else made it.
        NotAuthor = 3 => "not_author",
        /// The rule in force at hand-in lets the author change it.
        AuthorMayEdit = 4 => "author_may_edit",
        /// It was handed in.
        Submitted = 5 => "submitted",
        /// It was released.
        Released = 6 => "released",
        /// It still takes edits.
        NotClosed = 7 => "not_closed",
    }
}

impl Condition {
    /// The statement it makes.
    #[must_use]
    pub const fn literal(self) -> Literal {
        match self {
            Self::Author => Literal::IsMe(Column::Author),
            Self::Assignee => Literal::IsMe(Column::Assignee),
            Self::Requester => Literal::IsMe(Column::Requester),
            Self::NotAuthor => Literal::NotMe(Column::Author),
            Self::AuthorMayEdit => Literal::Is(Column::AuthorMayEdit, 1),
            Self::Submitted => Literal::AtLeast(Column::Visibility, Visibility::Submitted.number()),
            Self::Released => Literal::AtLeast(Column::Visibility, Visibility::Released.number()),
            Self::NotClosed => Literal::Is(Column::Closed, 0),
        }
    }
}

/// Permission + reach + conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub permission: Permission,
    /// How far from the targets.
    pub reach: Reach,
    /// Only if all of these hold.
    pub conditions: Vec<Condition>,
}

/// A named set of grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Stable word; unique in an organization.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// One sentence for the role matrix.
    pub about: String,
    /// The side whose members may hold it.
    pub audience: Audience,
    /// The doors it opens.
    pub portals: Vec<Portal>,
    /// The widest targets an assignment of it may name.
    pub reach: Reach,
    /// Held alone (law 6).
    pub exclusive: bool,
    /// Counts for "the last administrator cannot be removed" (law 2).
    pub administrator: bool,
    /// The most targets its holder may have in all; `None` is no limit.
    pub most_targets: Option<u16>,
    /// Grants nothing while this is off (law 6).
    pub feature: Option<Feature>,
    /// The packs it ships in; one of them must be on. None: always there.
    pub packs: Vec<Feature>,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// Keys of the roles its holders may give to others at targets within their own, although they do not hold
    /// every grant of them (ROLES.md: "create administrators, managers, basic users, guest contractors …").
    pub gives: Vec<String>,
    /// What its holders are mailed unless they choose otherwise.
    pub subscriptions: Vec<Event>,
}

impl Role {
    /// Is it the account of a client that reads the guarding portal at sites chosen one by one, whether it ships with
    /// the program, is a copy, or was written from scratch? The rule of static sites (ROLES.md: GuardHouse) is one of
    /// what a role is, so that no other key leads past it. Who is held at exactly one site (Site User) is none, nor is
    /// who has to do with service work alone (Manager).
    #[must_use]
    pub fn is_portal_account(&self) -> bool {
        const SHOWN: [Resource; 6] = [
            Resource::Incident,
            Resource::Report,
            Resource::CheckpointReport,
            Resource::Timesheet,
            Resource::LiveBoard,
            Resource::Analytics,
        ];
        self.audience == Audience::Client
            && self.reach == Reach::Site
            && self.most_targets != Some(1)
            && (self.packs.is_empty() || self.packs.contains(&Feature::Guarding))
            && self.grants.iter().any(|grant| SHOWN.contains(&grant.permission.resource()))
    }
}

/// The shape of the role file and of exported roles.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    key: String,
    name: String,
    about: String,
    audience: Audience,
    portals: Vec<Portal>,
    reach: Reach,
    #[serde(default)]
    exclusive: bool,
    #[serde(default)]
    administrator: bool,
    most_targets: Option<u16>,
    feature: Option<Feature>,
    #[serde(default)]
    packs: Vec<Feature>,
    may: Vec<String>,
    #[serde(default)]
    gives: Vec<String>,
    #[serde(default)]
    subscriptions: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    role: Vec<Written>,
}

/// Reads one line of a role: `resource: action action @ reach if condition, condition`. `*` stands for every
/// resource or every action.
///
/// # Errors
/// A sentence about the word that is not in the vocabulary.
pub fn read_grants(line: &str, default_reach: Reach) -> Result<Vec<Grant>, String> {
    let (line, conditions) = match line.split_once(" if ") {
        Some((rest, words)) => {
            (rest, words.split(',').map(|w| w.trim().parse()).collect::<Result<Vec<Condition>, _>>()?)
        }
        None => (line, Vec::new()),
    };
    let (what, reach) = match line.split_once('@') {
        Some((rest, word)) => (rest, word.trim().parse()?),
        None => (line, default_reach),
    };
    let (resource, actions) =
        what.split_once(':').ok_or_else(|| format!("write `resource: actions` in: {line}"))?;
    let resource = resource.trim();
    let mut found = Vec::new();
    let mut add = |permission| found.push(Grant { permission, reach, conditions: conditions.clone() });
    for action in actions.split_whitespace() {
        match (resource, action) {
            ("*", "*") => Permission::all().for_each(&mut add),
            ("*", word) => {
                let action: Action = word.parse()?;
                Permission::all().filter(|p| p.action() == action).for_each(&mut add);
            }
            (word, "*") => Permission::of(word.parse()?).for_each(&mut add),
            (resource, action) => add(format!("{resource}.{action}").parse()?),
        }
    }
    if found.is_empty() { Err(format!("no action is named in: {line}")) } else { Ok(found) }
}

/// Writes grants as lines that [`read_grants`] reads back.
#[must_use]
pub fn write_grants(grants: &[Grant]) -> Vec<String> {
    let mut lines: Vec<(Resource, Reach, Vec<Condition>, Vec<Action>)> = Vec::new();
    for grant in grants {
        let resource = grant.permission.resource();
        match lines.iter_mut().find(|(r, reach, conditions, _)| {
            *r == resource && *reach == grant.reach && *conditions == grant.conditions
        }) {
            Some((_, _, _, actions)) => actions.push(grant.permission.action()),
            None => {
                lines.push((
                    resource,
                    grant.reach,
                    grant.conditions.clone(),
                    vec![grant.permission.action()],
                ));
            }
        }
    }
    lines
        .into_iter()
        .map(|(resource, reach, conditions, actions)| {
            let actions: Vec<&str> = actions.iter().map(|a| a.word()).collect();
            let mut line = format!("{}: {} @ {reach}", resource.word(), actions.join(" "));
            if !conditions.is_empty() {
                let words: Vec<&str> = conditions.iter().map(|c| c.word()).collect();
                line.push_str(" if ");
                line.push_str(&words.join(", "));
            }
            line
        })
        .collect()
}

/// Writes a role as people read it: the format of the built-in file, which [`Roles`] reads back.
#[must_use]
pub fn write_role(role: &Role) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let list = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        format!("[{}]", words.join(", "))
    };
    let mut text = String::from("[[role]]\n");
    let mut line = |name: &str, value: String| {
        text.push_str(name);
        text.push_str(" = ");
        text.push_str(&value);
        text.push('\n');
    };
    line("key", quoted(&role.key));
    line("name", quoted(&role.name));
    line("about", quoted(&role.about));
    line("audience", quoted(role.audience.word()));
    line("portals", list(&role.portals.iter().map(|p| p.word()).collect::<Vec<_>>()));
    line("reach", quoted(role.reach.word()));
    if role.exclusive {
        line("exclusive", "true".into());
    }
    if role.administrator {
        line("administrator", "true".into());
    }
    if let Some(most) = role.most_targets {
        line("most_targets", most.to_string());
    }
    if let Some(feature) = role.feature {
        line("feature", quoted(feature.word()));
    }
    if !role.packs.is_empty() {
        line("packs", list(&role.packs.iter().map(|p| p.word()).collect::<Vec<_>>()));
    }
    let may: Vec<String> =
        write_grants(&role.grants).iter().map(|grants| format!("  {},\n", quoted(grants))).collect();
    line("may", if may.is_empty() { "[]".into() } else { format!("[\n{}]", may.concat()) });
    if !role.gives.is_empty() {
        line("gives", list(&role.gives.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    if !role.subscriptions.is_empty() {
        line("subscriptions", list(&role.subscriptions.iter().map(|e| e.word()).collect::<Vec<_>>()));
    }
    text
}

impl TryFrom<Written> for Role {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let mut grants = Vec::new();
        for line in &written.may {
            grants
                .extend(read_grants(line, written.reach).map_err(|e| format!("role {}: {e}", written.key))?);
        }
        Ok(Self {
            key: written.key,
            name: written.name,
            about: written.about,
            audience: written.audience,
            portals: written.portals,
            reach: written.reach,
            exclusive: written.exclusive,
            administrator: written.administrator,
            most_targets: written.most_targets,
            feature: written.feature,
            packs: written.packs,
            grants,
            gives: written.gives,
            subscriptions: written.subscriptions,
        })
    }
}

/// Roles written as text, in the format of the built-in file.
pub struct Roles(pub Vec<Role>);

impl FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        file.role.into_iter().map(Role::try_from).collect::<Result<_, _>>().map(Self)
    }
}

static BUILT_IN: LazyLock<Vec<Arc<Role>>> = LazyLock::new(|| {
    // The file is part of the program and its reading is a test; a broken one must not start anything.
    include_str!("roles.toml")
        .parse::<Roles>()
        .map_or_else(|_| Vec::new(), |roles| roles.0.into_iter().map(Arc::new).collect())
});

/// The roles that ship with the program, in the file's order.
#[must_use]
pub fn built_in() -> &'static [Arc<Role>] {
    &BUILT_IN
}

/// A built-in role by its stable key.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Arc<Role>> {
    BUILT_IN.iter().find(|role| role.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_accounts_that_ship_are_the_two_of_the_roles_page() {
        let keys: Vec<&str> =
            built_in().iter().filter(|role| role.is_portal_account()).map(|role| role.key.as_str()).collect();
        assert_eq!(keys, ["client", "client_account"]);
    }

    #[test]
    fn the_built_in_file_reads_and_its_lines_survive_writing() {
        let roles = include_str!("roles.toml").parse::<Roles>().unwrap().0;
        assert_eq!(roles.len(), built_in().len());
        for role in &roles {
            let mut again: Vec<Grant> = write_grants(&role.grants)
                .iter()
                .flat_map(|line| read_grants(line, role.reach).unwrap())
                .collect();
            let mut once = role.grants.clone();
            let key = |g: &Grant| (g.permission, g.reach, g.conditions.clone());
            once.sort_by_key(key);
            again.sort_by_key(key);
            assert_eq!(once, again, "{}", role.key);
        }
    }

    #[test]
    fn a_role_is_read_back_from_what_was_written_of_it() {
        for role in built_in() {
            let again = write_role(role).parse::<Roles>().unwrap().0.pop().unwrap();
            let key = |g: &Grant| (g.permission, g.reach, g.conditions.clone());
            let sorted = |role: &Role| {
                let mut role = role.clone();
                role.grants.sort_by_key(key);
                role.grants.dedup();
                role
            };
            assert_eq!(sorted(&again), sorted(role), "{}", role.key);
        }
        let hostile =
            Role { about: "a \"quote\"\n[[role]]\nkey = \"x\" \\".into(), ..(*built_in()[0]).clone() };
        let again = write_role(&hostile).parse::<Roles>().unwrap().0;
        assert_eq!((again.len(), again[0].about.as_str()), (1, hostile.about.as_str()));
    }

    #[test]
    fn every_key_of_roles_md_is_there_once() {
        let keys: Vec<&str> = built_in().iter().map(|r| r.key.as_str()).collect();
        for key in [
            "customer_admin",
            "supervisor",
            "officer",
            "client_user",
            "site_user",
            "call_center",
            "owner",
            "admin",
            "guard",
            "client",
            "master_administrator",
            "client_administrator",
            "site_manager",
            "basic_user",
            "guest_contractor",
            "guest_technician",
            "administrator",
            "accountant",
            "work_manager",
            "work_manager_read_only",
            "technician",
            "team_work_manager",
            "area_work_manager",
            "team_administrator",
            "area_administrator",
            "recon_client",
            "client_accountant",
            "client_monitor_manager",
            "client_inspector",
            "sales_person",
            "sales_person_monitor_manager",
            "employee",
            "inspector",
            "manager",
        ] {
            assert_eq!(keys.iter().filter(|k| **k == key).count(), 1, "{key}");
        }
    }

    #[test]
    fn roles_that_are_given_exist() {
        for role in built_in() {
            for key in &role.gives {
                assert!(by_key(key).is_some(), "{} gives {key}, which there is not", role.key);
            }
        }
    }

    #[test]
    fn a_word_outside_the_vocabulary_is_named() {
        assert!(read_grants("incident: fly", Reach::Site).unwrap_err().contains("view"));
        assert!(read_grants("incident: view @ moon", Reach::Site).is_err());
        assert!(read_grants("incident: view if sunny", Reach::Site).is_err());
        assert!(read_grants("incident view", Reach::Site).is_err());
    }
}
