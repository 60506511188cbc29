//! Campaigns and the grants in them, as they are stored, seen and typed.

use access::Facts;
use jiff::tz::TimeZone;
use kernel::id::{AssignmentId, ClientId, MembershipId, OrganizationId, ReviewId, ReviewItemId, SiteId};
use kernel::text::{Name, Prose, closed};
use kernel::{Audience, Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use uuid::Uuid;
use web::Text;

use crate::members::instant;

closed! {
    /// Which grants a campaign is about.
    pub enum Scope: i64 {
        /// All that its maker may see and take.
        Everything = 0 => "everything",
        /// Those that reach into one client, and those of its people.
        Client = 1 => "client",
        /// Those at one site.
        Site = 2 => "site",
        /// Those of one role.
        Role = 3 => "role",
        /// Those of one side.
        Audience = 4 => "audience",
    }
}

closed! {
    /// What became of a grant.
    pub enum Decision: i64 {
        /// Nobody has decided yet.
        Open = 0 => "open",
        /// It stays.
        Confirmed = 1 => "confirmed",
        /// It was taken away by this review.
        Revoked = 2 => "revoked",
        /// It was taken away by somebody else meanwhile.
        Gone = 3 => "gone",
        /// The campaign was closed before anybody decided.
        Undecided = 4 => "undecided",
    }
}

impl Decision {
    /// What people read.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Confirmed => "Confirmed",
            Self::Revoked => "Revoked",
            Self::Gone => "No longer held",
            Self::Undecided => "Left undecided",
        }
    }
}

/// How far a campaign is, counted over the grants that the asker may see; capped.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct ProgressOut {
    /// Nobody decided yet.
    pub open: i64,
    /// Stay.
    pub confirmed: i64,
    /// Taken away.
    pub revoked: i64,
    /// Gone meanwhile, or left undecided.
    pub other: i64,
}

impl ProgressOut {
    pub(super) const fn all(self) -> i64 {
        self.open + self.confirmed + self.revoked + self.other
    }
}

/// A reviewer of a campaign.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewerOut {
    /// Who.
    pub membership: MembershipId,
    /// Their name when they were asked.
    pub name: String,
    /// When they were last reminded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<Timestamp>,
}

impl FromRow for ReviewerOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { membership: row.get(0)?, name: row.get(1)?, reminded_at: row.get(2)? })
    }
}

/// A campaign as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewOut {
    /// Its id.
    pub id: ReviewId,
    /// What it is called.
    pub name: String,
    /// What reviewers should know.
    pub note: String,
    /// Which grants it is about.
    pub scope: Scope,
    /// The same in words.
    #[serde(skip)]
    pub(super) scope_word: String,
    /// After how many days without use a grant is proposed for removal.
    pub unused_days: i64,
    /// Closed?
    pub closed: bool,
    /// By when everything should be decided.
    pub due_at: Timestamp,
    /// Past its day, and still open.
    pub overdue: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; not told to outsiders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// By whom; not told to outsiders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// Acting as which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_as: Option<String>,
    /// What was said at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing_note: Option<String>,
    /// The seal over every decision, also kept in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// How far it is; filled in when it is read.
    pub progress: ProgressOut,
    /// Who was asked; for those who manage it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewers: Option<Vec<ReviewerOut>>,
    /// Is the asker one of them?
    pub mine: bool,
    /// Send it back when closing.
    pub version: i64,
    #[serde(skip)]
    pub(super) creator: MembershipId,
}

impl FromRow for ReviewOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let seal: Option<Vec<u8>> = row.get(16)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            note: row.get(2)?,
            scope: row.number(3)?,
            scope_word: row.get(4)?,
            unused_days: row.get(5)?,
            closed: row.get::<i64>(6)? == 1,
            due_at: row.get(7)?,
            overdue: false,
            created_at: row.get(8)?,
            created_by: row.get(9)?,
            creator: row.get(10)?,
            closed_at: row.get(11)?,
            closed_by: row.get(12)?,
            closed_as: row.get(13)?,
            closing_note: row.get(14)?,
            version: row.get(15)?,
            seal: seal.map(|seal| store::journal::hex(&seal)),
            progress: ProgressOut::default(),
            reviewers: None,
            mine: false,
        })
    }
}

/// A grant in a campaign, as it was when the campaign was made, and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemOut {
    /// Its id in the campaign.
    pub id: ReviewItemId,
    /// The assignment.
    pub assignment: AssignmentId,
    /// Who holds it.
    pub member: MembershipId,
    /// Their name.
    pub member_name: String,
    /// Their side.
    pub audience: Audience,
    /// The role's key.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// Where, in words, as far as the asker may see the places.
    #[serde(rename = "where")]
    pub place: String,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Who gave it; not told to outsiders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_by: Option<String>,
    /// When.
    pub given_at: Timestamp,
    /// When its holder last came through a door that the role opens, since it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    /// Why it is proposed for removal, if it is.
    pub proposed: String,
    /// What became of it.
    pub decision: Decision,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// By whom; not told to outsiders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Why.
    pub reason: String,
    /// May the asker decide on it now?
    pub may_decide: bool,
    #[serde(skip)]
    pub(super) review: ReviewId,
    #[serde(skip)]
    pub(super) targets: Vec<String>,
    #[serde(skip)]
    pub(super) there: bool,
    #[serde(skip)]
    pub(super) facts: Facts,
}

impl FromRow for ItemOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let targets: String = row.get(7)?;
        let there = row.get::<i64>(17)? == 1;
        let decision: Decision = row.number(13)?;
        Ok(Self {
            id: row.get(0)?,
            review: row.get(1)?,
            assignment: row.get(2)?,
            member: row.get(3)?,
            member_name: row.get(4)?,
            audience: row.number(5)?,
            role: row.get(6)?,
            targets: targets.split_whitespace().map(str::to_owned).collect(),
            role_name: row.get(8)?,
            from: row.get(9)?,
            until: row.get(10)?,
            given_at: row.get(11)?,
            used_at: row.get(12)?,
            decision: if decision == Decision::Open && !there { Decision::Gone } else { decision },
            decided_at: row.get(14)?,
            reason: row.get(15)?,
            proposed: row.get(16)?,
            there,
            given_by: row.get(18)?,
            decided_by: row.get(19)?,
            place: String::new(),
            may_decide: false,
            facts: Facts {
                client: row.get::<Option<Uuid>>(21)?,
                site: row.get::<Option<Uuid>>(22)?,
                team: row.get::<Option<Uuid>>(23)?,
                area: row.get::<Option<Uuid>>(24)?,
                ..Facts::of(row.get::<OrganizationId>(20)?.uuid())
            },
        })
    }
}

/// Which campaigns are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReviewFilter {
    /// Closed ones instead of those that run.
    pub closed: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// Which grants of a campaign are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ItemFilter {
    /// Text in the person's or the role's name.
    pub q: String,
    /// `open`, `confirmed`, `revoked`, `undecided`; blank for all.
    pub decision: String,
    /// Only what is proposed for removal.
    pub proposed: bool,
    /// `csv` or `jsonl`, for exports.
    pub format: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// A campaign as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewForm {
    /// What it is called.
    pub name: Text,
    /// What reviewers should know.
    pub note: Text,
    /// `everything`, `client`, `site`, `role` or `audience`.
    pub scope: Text,
    /// The client, for that scope.
    pub client: Text,
    /// The site, for that scope.
    pub site: Text,
    /// The role's key, for that scope.
    pub role: Text,
    /// `staff`, `client` or `contractor`, for that scope.
    pub audience: Text,
    /// The members who decide.
    pub reviewers: Vec<Text>,
    /// The last day.
    pub due: Text,
    /// After how many days without use a grant is proposed for removal; blank is 90.
    pub unused_days: Text,
}

/// What a campaign is about, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    Everything,
    Client(ClientId),
    Site(SiteId),
    Role(String),
    Audience(Audience),
}

impl About {
    pub(super) const fn scope(&self) -> Scope {
        match self {
            Self::Everything => Scope::Everything,
            Self::Client(_) => Scope::Client,
            Self::Site(_) => Scope::Site,
            Self::Role(_) => Scope::Role,
            Self::Audience(_) => Scope::Audience,
        }
    }

    /// How it is stored beside the scope.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Everything => String::new(),
            Self::Client(id) => id.to_string(),
            Self::Site(id) => id.to_string(),
            Self::Role(key) => key.clone(),
            Self::Audience(audience) => audience.word().to_owned(),
        }
    }
}

/// A campaign that may be stored.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Name,
    pub(super) note: Prose<4000>,
    pub(super) about: About,
    pub(super) reviewers: Vec<MembershipId>,
    pub(super) due: Timestamp,
    pub(super) unused_days: i64,
}

impl ReviewForm {
    /// Reads what was typed. The last day counts in full, on the organization's clock.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self, zone: &TimeZone, now: Timestamp) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let note = errors.take("note", self.note.parse());
        let about = match errors.take("scope", self.scope.parse::<Scope>()) {
            None => None,
            Some(Scope::Everything) => Some(About::Everything),
            Some(Scope::Client) => errors.take("client", chosen(&self.client)).map(About::Client),
            Some(Scope::Site) => errors.take("site", chosen(&self.site)).map(About::Site),
            Some(Scope::Role) => errors.take("role", named(&self.role)).map(About::Role),
            Some(Scope::Audience) => errors.take("audience", self.audience.parse()).map(About::Audience),
        };
        let reviewers: Vec<MembershipId> =
            self.reviewers.iter().filter_map(|id| id.as_str().trim().parse().ok()).collect();
        if reviewers.is_empty() || reviewers.len() < self.reviewers.iter().filter(|id| !id.is_blank()).count()
        {
            errors.add("reviewers", "choose at least one person from the list");
        }
        let due = errors.take("due", instant(self.due.as_str(), zone, true)).flatten();
        match due {
            None if errors.of("due").is_empty() => {
                errors.add("due", "write the last day, such as 2026-11-30");
            }
            Some(due) if due <= now => errors.add("due", "this day is over already"),
            _ => {}
        }
        let unused_days = errors.take("unused_days", days(&self.unused_days));
        errors.check()?;
        match (name, note, about, due, unused_days) {
            (Some(name), Some(note), Some(about), Some(due), Some(unused_days)) => {
                Ok(Draft { name, note, about, reviewers, due, unused_days })
            }
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

fn chosen<T: std::str::FromStr<Err = String>>(text: &Text) -> Result<T, String> {
    text.parse().map_err(|_no_id: String| "choose from the list".to_owned())
}

fn named(text: &Text) -> Result<String, String> {
    let key = text.as_str().trim();
    if key.is_empty() || key.len() > 100 {
        Err("choose a role from the list".into())
    } else {
        Ok(key.to_owned())
    }
}

fn days(text: &Text) -> Result<i64, String> {
    if text.is_blank() {
        return Ok(90);
    }
    let wrong = || "write a number of days from 1 to 3650".to_owned();
    let days: i64 = text.as_str().trim().parse().map_err(|_no_number| wrong())?;
    if (1..=3650).contains(&days) { Ok(days) } else { Err(wrong()) }
}

/// Decisions as sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionsForm {
    /// `confirm` or `revoke`.
    pub decision: Text,
    /// The grants, by their id in the campaign.
    pub items: Vec<Text>,
    /// Why; needed to revoke.
    pub reason: Text,
    /// From a page: one grant, as `confirm:…` or `revoke:…`; the chosen ones do not count then.
    pub one: Text,
    /// From a page: everything that was shown.
    pub all_shown: Text,
    /// From a page: what was shown.
    pub shown: Vec<Text>,
}

/// Decisions that may be made.
#[derive(Debug)]
pub(super) struct Decisions {
    pub(super) revoke: bool,
    pub(super) items: Vec<ReviewItemId>,
    pub(super) reason: Prose<1000>,
}

impl DecisionsForm {
    /// Reads what was sent.
    ///
    /// # Errors
    /// A message at a field.
    pub(super) fn parse(&self) -> Result<Decisions> {
        let mut errors = FieldErrors::default();
        let (word, one) = match self.one.as_str().split_once(':') {
            Some((word, id)) => (word.to_owned(), Some(Text::from(id))),
            None => (self.decision.as_str().trim().to_owned(), None),
        };
        let revoke = match word.as_str() {
            "confirm" => Some(false),
            "revoke" => Some(true),
            _ => {
                errors.add("decision", "choose to confirm or to revoke");
                None
            }
        };
        let wanted: Vec<Text> = match one {
            Some(one) => vec![one],
            None if self.all_shown.is_on() => self.shown.clone(),
            None => self.items.clone(),
        };
        let items: Vec<ReviewItemId> = wanted.iter().filter_map(|id| id.parse().ok()).collect();
        if items.is_empty() || items.len() < wanted.len() {
            errors.add("items", "choose at least one grant");
        } else if items.len() > 500 {
            errors.add("items", "decide on no more than 500 at once");
        }
        let reason = if self.reason.is_blank() {
            if revoke == Some(true) {
                errors.add("reason", "say why, so that the person and the record can be answered");
            }
            None
        } else {
            errors.take("reason", self.reason.parse::<Prose<1000>>())
        };
        errors.check()?;
        match revoke {
            Some(revoke) => Ok(Decisions { revoke, items, reason: reason.unwrap_or_default() }),
            None => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

/// A grant that was not decided on, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RefusedOut {
    /// The grant.
    pub item: ReviewItemId,
    /// Whose it is; absent where the asker may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_name: Option<String>,
    /// Why not.
    pub why: String,
}

/// What became of decisions.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct DecidedOut {
    /// How many were decided.
    pub done: i64,
    /// The others.
    pub refused: Vec<RefusedOut>,
}

/// The end of a campaign, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClosingForm {
    /// What is signed; needed where grants are left undecided.
    pub note: Text,
}

/// The people who are to decide, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewersForm {
    /// All of them.
    pub reviewers: Vec<Text>,
}
