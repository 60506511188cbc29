//! Roles as they are seen and as they are typed.

use access::{Because, Catalogue, Event, Feature, Reach, Role, write_grants};
use kernel::id::{AssignmentId, MembershipId};
use kernel::{Audience, Portal, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

use crate::targets::names::TargetOut;

/// A role as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RoleOut {
    /// Its key; it never changes.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it lets one do, in a sentence.
    pub about: String,
    /// The side whose members may hold it.
    pub audience: Audience,
    /// The portals it opens.
    pub portals: Vec<Portal>,
    /// The widest place it may be held at.
    pub reach: Reach,
    /// Ships with the program: it can be duplicated, not changed.
    pub built_in: bool,
    /// Put away: it grants nothing and cannot be given.
    pub archived: bool,
    /// Why it grants nothing to anybody at the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_because: Option<String>,
    /// The packs it ships in.
    pub packs: Vec<Feature>,
    /// Held alone.
    pub exclusive: bool,
    /// Grants nothing while this feature is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<Feature>,
    /// The most places its holder may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_targets: Option<u16>,
    /// What it grants, a line a kind of record and reach: `incident: view edit @ site if released`.
    pub may: Vec<String>,
    /// Keys of the roles its holders may give although they do not hold all of them.
    pub gives: Vec<String>,
    /// What its holders are mailed unless they choose otherwise.
    pub subscriptions: Vec<Event>,
    /// How many people hold it, for those who may see them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders: Option<i64>,
    /// Send it back when changing the role; the organization's own roles only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl RoleOut {
    /// A role of a catalogue as it is seen.
    pub(super) fn of(role: &Role, roles: &Catalogue) -> Self {
        let own = roles.own(&role.key);
        Self {
            key: role.key.clone(),
            name: role.name.clone(),
            about: role.about.clone(),
            audience: role.audience,
            portals: role.portals.clone(),
            reach: role.reach,
            built_in: own.is_none(),
            archived: own.is_some_and(|own| own.archived.is_some()),
            off_because: roles.off(role).map(|because| match because {
                Because::FeatureOff(feature) => format!("the feature {feature} is off"),
                other => access::sentence::because(other),
            }),
            packs: role.packs.clone(),
            exclusive: role.exclusive,
            feature: role.feature,
            most_targets: role.most_targets,
            may: write_grants(&role.grants),
            gives: role.gives.clone(),
            subscriptions: role.subscriptions.clone(),
            holders: None,
            version: own.map(|own| own.version),
        }
    }
}

/// One role with everything its page tells.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RolePageOut {
    /// The role.
    #[serde(flatten)]
    pub role: RoleOut,
    /// The same in plain sentences, a kind of record at a time.
    pub sentences: Vec<SaidOut>,
    /// Who holds it, of those the asker may see.
    pub held_by: Vec<HolderOut>,
    /// There are more than those listed; the next page's cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a role says of one kind of record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SaidOut {
    /// The resource's word.
    pub resource: String,
    /// What people call it.
    pub label: String,
    /// What may be done where and when.
    pub may: Vec<String>,
    /// The parts of a record it opens: internal notes, people, positions, prices.
    pub opens: Vec<String>,
    /// The parts it leaves closed although the records are seen.
    pub hides: Vec<String>,
}

/// Somebody who holds a role.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolderOut {
    /// Who.
    pub id: MembershipId,
    /// Their name.
    pub name: String,
    /// May sign in.
    pub active: bool,
    /// Each time they hold it.
    pub held: Vec<HeldOut>,
}

/// Where and when a role is held.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HeldOut {
    /// The assignment.
    pub assignment: AssignmentId,
    /// At which places, as far as the asker may see them.
    pub targets: Vec<TargetOut>,
    /// The same in words.
    #[serde(rename = "where")]
    pub place: String,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Which roles are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RoleFilter {
    /// Text in name, key or sentence.
    pub q: String,
    /// A pack (`guarding`, `service`, `reconditioning`), or `own` for the organization's own roles.
    pub pack: String,
    /// A portal the role opens.
    pub portal: String,
    /// A kind of record the role has to do with.
    pub resource: String,
    /// Archived ones instead of the others.
    pub archived: bool,
}

/// What the matrix shows.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MatrixFilter {
    /// A pack, or `own`; blank for the first that is on.
    pub pack: String,
    /// A portal.
    pub portal: String,
    /// A kind of record.
    pub resource: String,
    /// Keys of the roles to be held side by side, instead of a pack.
    pub role: Vec<String>,
    /// Only permissions in which the roles differ.
    pub differ: bool,
    /// Which page of roles, from 0.
    pub page: usize,
}

/// Which page of a role's holders.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HolderFilter {
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// A role as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoleForm {
    /// Its key, when making one; blank for one made of the name.
    pub key: Text,
    /// What people call it.
    pub name: Text,
    /// What it lets one do, in a sentence.
    pub about: Text,
    /// `staff`, `client` or `contractor`; it never changes afterwards.
    pub audience: Text,
    /// `office`, `field`, `client`.
    pub portals: Vec<Text>,
    /// The widest place it may be held at: `organization`, `area`, `team`, `client`, `site` or `own`.
    pub reach: Text,
    /// Grants as the page's lists send them: `incident.view@site`; blank ones are left out.
    pub grants: Vec<Text>,
    /// Their conditions as the page's lists send them: `incident.view:released,not_closed`.
    pub conditions: Vec<Text>,
    /// Grants as lines: `incident: view edit @ site if released`.
    pub may: Vec<Text>,
    /// Held alone.
    pub exclusive: Text,
    /// A feature without which it grants nothing.
    pub feature: Text,
    /// The most places its holder may have; blank for any number.
    pub most_targets: Text,
    /// Keys of the roles its holders may give.
    pub gives: Vec<Text>,
    /// What its holders are mailed unless they choose otherwise.
    pub subscriptions: Vec<Text>,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// The version of a role that is to be archived or restored.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VersionForm {
    /// The version that was read; blank for the one that is there.
    pub version: Text,
}

/// Roles to be brought in from text.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImportForm {
    /// The text: roles as the export writes them.
    pub text: Text,
    /// Change roles whose key is there already, instead of refusing.
    pub replace: Text,
}

/// The matrix of roles and permissions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MatrixOut {
    /// The columns.
    pub roles: Vec<RoleOut>,
    /// The rows, a kind of record at a time.
    pub resources: Vec<MatrixResource>,
    /// How many roles there are in all under this choice.
    pub of: usize,
}

/// The rows of one kind of record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MatrixResource {
    /// The resource's word.
    pub resource: String,
    /// What people call it.
    pub label: String,
    /// Its permissions.
    pub rows: Vec<MatrixRow>,
}

/// One permission over all columns.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MatrixRow {
    /// `resource.action`.
    pub permission: String,
    /// What people call the action.
    pub label: String,
    /// What each role grants, in the order of the columns; empty where it grants nothing.
    pub cells: Vec<Vec<MatrixGrant>>,
}

/// One grant in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MatrixGrant {
    /// How far.
    pub reach: Reach,
    /// Only if.
    pub conditions: Vec<access::Condition>,
}
