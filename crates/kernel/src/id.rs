//! Typed ids: one generic id, one alphabetical list of kinds.
//!
//! In the database an id is sixteen bytes. Outside it is a prefix and 26 characters of Crockford base 32, so
//! that `inc_…` pasted into a chat says what it is. Ids of records that outsiders meet are random; ids that only
//! staff and machines meet are ordered by time, which keeps inserts next to each other.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an id names.
pub trait Kind: 'static {
    /// The word before the underscore.
    const PREFIX: &'static str;
    /// Ordered by time of making? Never for records that outsiders meet: order would tell how many lie between.
    const ORDERED: bool;
}

/// An id of one kind of record.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K: Kind> Id<K> {
    /// A fresh id.
    #[must_use]
    pub fn new() -> Self {
        Self::from_uuid(if K::ORDERED { Uuid::now_v7() } else { Uuid::new_v4() })
    }
}

impl<K: Kind> Default for Id<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Id<K> {
    /// Names sixteen bytes as an id of this kind.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The sixteen bytes.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Sixteen bytes as 26 characters.
#[must_use]
pub fn encode(uuid: Uuid) -> String {
    let mut left = uuid.as_u128();
    let mut out = [b'0'; 26];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET.get((left & 31) as usize).copied().unwrap_or(b'0');
        left >>= 5;
    }
    out.iter().map(|&b| char::from(b)).collect()
}

/// The reverse of [`encode`]; capital letters and the usual look-alikes (`o`, `i`, `l`) are read as meant.
#[must_use]
pub fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut value: u128 = 0;
    for (place, byte) in text.bytes().enumerate() {
        let digit = match byte.to_ascii_lowercase() {
            b'o' => 0,
            b'i' | b'l' => 1,
            other => ALPHABET.iter().position(|&a| a == other)?,
        };
        if place == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, encode(self.0))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(decode)
            .map(Self::from_uuid)
            .ok_or_else(|| format!("this is not an id that starts with {}_", K::PREFIX))
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: Kind> schemars::JsonSchema for Id<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": format!("^{}_[0-9a-z]{{26}}$", K::PREFIX),
        })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $alias:ident $prefix:literal $ordered:literal;)*) => {
        /// The kinds of record that have ids. Alphabetical; a prefix is never reused.
        pub mod kind {
            $( $(#[$doc])* #[derive(Debug)] pub enum $kind {} )*
        }
        $(
            impl Kind for kind::$kind {
                const PREFIX: &'static str = $prefix;
                const ORDERED: bool = $ordered;
            }
            $(#[$doc])*
            pub type $alias = Id<kind::$kind>;
        )*
    };
}

kinds! {
    /// Somebody's wish to be let see something.
    AccessRequest AccessRequestId "req" false;
    /// A run of the leak test.
    AccessCheck AccessCheckId "chk" true;
    /// One person's sign-in.
    Account AccountId "acc" false;
    /// Somebody in need calls.
    Alarm AlarmId "alm" false;
    /// A key for machines, held by a membership.
    ApiToken ApiTokenId "tok" false;
    /// A territory that groups sites.
    Area AreaId "are" false;
    /// A role given to a membership at targets.
    Assignment AssignmentId "asg" false;
    /// A photo or file that hangs on a record.
    Attachment AttachmentId "att" false;
    /// A change of rights: proposed, scheduled, made or taken back.
    Change ChangeId "chg" false;
    /// A place that is scanned on a round.
    Checkpoint CheckpointId "ckp" false;
    /// One walk of a tour: what was scanned, and what was not.
    CheckpointReport CheckpointReportId "cpr" false;
    /// A company that buys service.
    Client ClientId "cli" false;
    /// An outside company that does work.
    Contractor ContractorId "con" false;
    /// Something that happened which somebody may be told about.
    Event EventId "evt" true;
    /// Something that happened at a site.
    Incident IncidentId "inc" false;
    /// An offer of membership sent by e-mail.
    Invitation InvitationId "inv" false;
    /// Work to be done behind the scenes.
    Job JobId "job" true;
    /// A line of the audit journal.
    JournalEntry JournalEntryId "jrn" true;
    /// A message that left, or waits to leave.
    Mail MailId "mai" true;
    /// One person in one organization on one side.
    Membership MembershipId "mem" false;
    /// The company that runs its field operation here.
    Organization OrganizationId "org" false;
    /// A note from one officer to the next.
    Passdown PassdownId "pdn" true;
    /// Standing instructions of a site.
    PostOrder PostOrderId "pos" true;
    /// A look through somebody's eyes.
    Preview PreviewId "prv" false;
    /// A campaign of access review.
    Review ReviewId "rev" false;
    /// A grant in a campaign of access review.
    ReviewItem ReviewItemId "rvi" false;
    /// A named set of grants.
    Role RoleId "rol" false;
    /// A browser that is signed in.
    Session SessionId "ses" false;
    /// A piece of planned work.
    Shift ShiftId "shf" false;
    /// A week of shifts to be made again.
    ShiftTemplate ShiftTemplateId "stm" false;
    /// A place of work of one client.
    Site SiteId "sit" false;
    /// Says that a worker is not to work at a site.
    SiteBan SiteBanId "ban" false;
    /// A group of workers.
    Team TeamId "tea" false;
    /// One attendance: from clocking in to clocking out.
    TimeEntry TimeEntryId "ten" false;
    /// Hours worked on one shift, for approval and pay.
    Timesheet TimesheetId "tsh" false;
    /// A round: checkpoints of a site, and when they are walked.
    Tour TourId "tou" false;
    /// A person in the field.
    Worker WorkerId "wor" false;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let site = SiteId::new().to_string();
        assert!(site.starts_with("sit_") && site.len() == 30);
        assert!(site.parse::<ClientId>().is_err());
        assert!("sit_".parse::<SiteId>().is_err());
        assert!("sit_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<SiteId>().is_err());
    }

    proptest! {
        #[test]
        fn text_and_bytes_are_the_same_id(bits: u128) {
            let id = IncidentId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<IncidentId>().unwrap(), id);
        }
    }
}
