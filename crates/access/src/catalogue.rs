//! The roles of one organization: the built-in ones and its own, behind one door. Whoever needs a role by its key,
//! its name, or the list of what can be given asks here, so that no place knows only half of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::id::RoleId;
use kernel::{Audience, Timestamp};

use crate::plan::Because;
use crate::role::{Role, built_in, by_key};
use crate::vocabulary::{Feature, FeatureSet};

/// A role the organization wrote itself.
#[derive(Clone, Debug)]
pub struct OwnRole {
    /// The row.
    pub id: RoleId,
    /// What it says.
    pub role: Arc<Role>,
    /// Since when it is put away; from then on it grants nothing.
    pub archived: Option<Timestamp>,
    /// How often it was changed, from 1.
    pub version: i64,
}

/// Every role of an organization.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    own: BTreeMap<String, OwnRole>,
    features: FeatureSet,
    epoch: i64,
}

impl Catalogue {
    /// The roles of an organization with these features, as of an epoch.
    #[must_use]
    pub fn new(features: FeatureSet, epoch: i64, own: impl IntoIterator<Item = OwnRole>) -> Self {
        Self { own: own.into_iter().map(|one| (one.role.key.clone(), one)).collect(), features, epoch }
    }

    /// The built-in roles alone, every pack and feature on.
    #[must_use]
    pub fn built_in() -> Self {
        Self { features: FeatureSet::all(), ..Self::default() }
    }

    /// The organization's epoch it was read at.
    #[must_use]
    pub const fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The organization's live features.
    #[must_use]
    pub const fn features(&self) -> FeatureSet {
        self.features
    }

    /// The role that an assignment of this key gives. An own role goes before a built-in one of its key, archived or
    /// not: a program that ships a new built-in role must not widen what somebody holds.
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Arc<Role>> {
        match self.own.get(key) {
            Some(own) => own.archived.is_none().then_some(&own.role),
            None => by_key(key),
        }
    }

    /// The same, archived ones too: for what is to be read of it, never for what it gives.
    #[must_use]
    pub fn known(&self, key: &str) -> Option<&Arc<Role>> {
        self.own.get(key).map(|own| &own.role).or_else(|| by_key(key))
    }

    /// What people call the role; its key where there is none.
    #[must_use]
    pub fn name<'a>(&'a self, key: &'a str) -> &'a str {
        self.known(key).map_or(key, |role| role.name.as_str())
    }

    /// The keys of the roles that are a client's portal account, archived ones too: see [`Role::is_portal_account`].
    #[must_use]
    pub fn portal_accounts(&self) -> Vec<&str> {
        let own = self.own.values().map(|own| &own.role);
        let shipped = built_in().iter().filter(|role| !self.own.contains_key(&role.key));
        shipped.chain(own).filter(|role| role.is_portal_account()).map(|role| role.key.as_str()).collect()
    }

    /// The organization's own role of a key.
    #[must_use]
    pub fn own(&self, key: &str) -> Option<&OwnRole> {
        self.own.get(key)
    }

    /// The organization's own roles by key, archived ones too.
    pub fn all_own(&self) -> impl Iterator<Item = &OwnRole> {
        self.own.values()
    }

    /// Every role that is there: the built-in ones in the file's order, then the organization's own by key. Packs
    /// that are off are not asked about; see [`Self::off`].
    pub fn all(&self) -> impl Iterator<Item = &Arc<Role>> {
        let own = self.own.values().filter(|own| own.archived.is_none()).map(|own| &own.role);
        built_in().iter().filter(|role| !self.own.contains_key(&role.key)).chain(own)
    }

    /// The roles that can be given as things are: their pack and their feature are on.
    pub fn current(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.all().filter(|role| self.off(role).is_none())
    }

    /// Why the role grants nothing to anybody at the moment, if it does not.
    #[must_use]
    pub fn off(&self, role: &Role) -> Option<Because> {
        let on = |feature: &Feature| self.features.has(*feature);
        if !role.packs.is_empty() && !role.packs.iter().any(on) {
            Some(Because::PackOff)
        } else {
            role.feature.filter(|feature| !on(feature)).map(Because::FeatureOff)
        }
    }

    /// Another catalogue in which this role reads like that: what an edit would make of it.
    #[must_use]
    pub fn with(&self, own: OwnRole) -> Self {
        let mut other = self.clone();
        other.own.insert(own.role.key.clone(), own);
        other
    }
}

/// Why a role says something that could never hold for anybody of its side.
///
/// # Errors
/// A sentence for each thing, by field: `portals` or `may`.
pub fn makes_sense(role: &Role) -> Result<(), Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let side = match role.audience {
        Audience::Staff => "the staff",
        Audience::Client => "the client side",
        Audience::Contractor => "contractors",
    };
    for portal in role.portals.iter().filter(|p| !crate::ceiling::door(role.audience, **p)) {
        wrong.push(("portals", format!("the {} portal is closed to {side}; leave it out", portal.word())));
    }
    let never: Vec<String> = role
        .grants
        .iter()
        .filter(|grant| !crate::ceiling::could(role.audience, grant.permission, grant.reach))
        .map(|grant| grant.permission.to_string())
        .collect();
    if let Some((first, more)) = never.split_first() {
        let more = match more.len() {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        wrong.push(("may", format!("{side} can never hold {first}{more} that far; take it out")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
