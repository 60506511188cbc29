//! What the leak test plants. A feature says at one of its routes ([`crate::Route::plants`]) how a record of its kind
//! comes into a scratch world: a word that occurs nowhere else in each field, and for whom it is right to read it. Who
//! may read what is then asked of an evaluator that shares nothing with plans, so that nothing is decided here.

use access::{Facts, FieldClass, Permission, Resource};
use kernel::id::{AccountId, AreaId, ClientId, MembershipId, OrganizationId, SiteId, TeamId, WorkerId};
use kernel::{Audience, Result, Timestamp};
use store::Batch;
use uuid::Uuid;

/// What every canary begins with.
pub const MARK: &str = "cnr";
/// Letters and figures behind the mark.
pub const LENGTH: usize = 12;
/// Whole degrees of every planted position: six places behind the point are as good as a word.
pub const DEGREES: &str = "12.";

/// Plants one record of each kind of a feature into a bed. Called for each corner of the scratch world, and again for
/// each person who walks through it ([`Bed::whose`]). A kind that is nobody's own does nothing then.
pub type Plant = fn(&mut Bed<'_>) -> Result<()>;

/// One way in which reading a canary is right: whoever may read this part of this record.
#[derive(Clone, Debug)]
pub struct Place {
    /// The kind of record.
    pub resource: Resource,
    /// The part.
    pub class: FieldClass,
    /// What decisions see of it.
    pub facts: Facts,
    /// What lets somebody meet it, where that is not seeing.
    pub by: Option<Permission>,
}

/// A planted word.
#[derive(Clone, Debug)]
pub struct Canary {
    /// The word.
    pub word: String,
    /// What was planted, for the report: "internal notes of a released incident at site 1".
    pub what: String,
    /// Any of these makes reading it right.
    pub places: Vec<Place>,
    /// Whoever may do this to that record is told it on purpose: whom to assign, to whom it will be published.
    pub needed: Vec<(Permission, Facts)>,
    /// Whoever may do this to anything at all is told it on purpose: which roles there are to give.
    pub anywhere: Vec<Permission>,
    /// Whoever this is may read it whatever else holds: their own name, their own address.
    pub own: Option<Uuid>,
}

impl Canary {
    /// A fresh word.
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        let random = Uuid::new_v4().simple().to_string();
        let tail: String = random.chars().take(LENGTH).collect();
        Self {
            word: format!("{MARK}{tail}"),
            what: what.into(),
            places: Vec::new(),
            needed: Vec::new(),
            anywhere: Vec::new(),
            own: None,
        }
    }

    /// A fresh position's latitude.
    #[must_use]
    pub fn latitude(what: impl Into<String>) -> Self {
        let fraction = Uuid::new_v4().as_u128() % 900_000 + 100_000;
        // A number is written without noughts at its end.
        let word = format!("{DEGREES}{fraction}").trim_end_matches('0').to_owned();
        Self { word, ..Self::new(what) }
    }

    /// Is read by nobody but its owner.
    #[must_use]
    pub fn private(mut self, owner: Uuid) -> Self {
        self.own = Some(owner);
        self
    }

    /// May be read by whoever may read this part of this record.
    #[must_use]
    pub fn at(mut self, resource: Resource, class: FieldClass, facts: Facts) -> Self {
        self.places.push(Place { resource, class, facts, by: None });
        self
    }

    /// May be read by whoever may do this to the record, as far as they may read this part of it.
    #[must_use]
    pub fn at_by(mut self, by: Permission, class: FieldClass, facts: Facts) -> Self {
        self.places.push(Place { resource: by.resource(), class, facts, by: Some(by) });
        self
    }
}

/// A record that can be asked for by its id.
#[derive(Clone, Debug)]
pub struct Planted {
    /// As it stands in paths.
    pub id: String,
    /// For the report.
    pub what: String,
    /// The kind of record.
    pub resource: Resource,
    /// The part that it is of its record.
    pub class: FieldClass,
    /// What decisions see of it.
    pub facts: Facts,
    /// Whose it is, where somebody always sees their own.
    pub own: Option<Uuid>,
    /// What lets somebody meet it, where that is not seeing.
    pub by: Option<Permission>,
    /// Paths in front of the id that no page tells of: `/shifts/bans`.
    pub paths: Vec<&'static str>,
    /// The records it lies within, by id, each with the word of the path between the two.
    pub within: Vec<(String, &'static str)>,
    /// Parts of other kinds of record that tell of it: the live board tells who is at work.
    pub told: Vec<Place>,
}

impl Planted {
    /// A record that may be known by whoever may read its public part.
    #[must_use]
    pub fn new(id: impl Into<String>, what: impl Into<String>, resource: Resource, facts: Facts) -> Self {
        Self {
            id: id.into(),
            what: what.into(),
            resource,
            class: FieldClass::Public,
            facts,
            own: None,
            by: None,
            paths: Vec::new(),
            within: Vec::new(),
            told: Vec::new(),
        }
    }

    /// A record of somebody's that nobody else ever meets, whatever they may do.
    #[must_use]
    pub fn private(id: impl Into<String>, what: impl Into<String>, resource: Resource, owner: Uuid) -> Self {
        Self { own: Some(owner), ..Self::new(id, what, resource, Facts::of(Uuid::nil())) }
    }
}

/// Somebody who walks through the scratch world, for records of their own.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// Who.
    pub membership: MembershipId,
    /// Their sign-in.
    pub account: AccountId,
    /// Their name, a canary.
    pub name: &'a str,
    /// Their side.
    pub audience: Audience,
    /// Where they stand, as a record of theirs that lies where they do.
    pub stands: Facts,
}

/// One place of work of the scratch world, ready to be planted in.
#[derive(Debug)]
pub struct Bed<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// The scratch world's clock.
    pub now: Timestamp,
    /// Which corner, for the report.
    pub label: &'a str,
    /// Whose site it is.
    pub client: ClientId,
    /// The place.
    pub site: SiteId,
    /// The territory it lies in.
    pub area: AreaId,
    /// A group of workers.
    pub team: TeamId,
    /// A worker of that group.
    pub worker: WorkerId,
    /// What the site is called, a canary.
    pub site_name: &'a str,
    /// What the client is called, a canary.
    pub client_name: &'a str,
    /// What the worker is called, a canary.
    pub worker_name: &'a str,
    /// Plant what is this person's own; the corner is one where they do not stand.
    pub whose: Option<Whose<'a>>,
    /// What is to be stored.
    pub batch: Batch,
    /// Words that were planted.
    pub words: Vec<Canary>,
    /// Records that were planted.
    pub records: Vec<Planted>,
    /// Where words that were there before stand, too.
    pub also: Vec<(String, Place)>,
}

impl Bed<'_> {
    /// The facts of a record at this site.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            area: Some(self.area.uuid()),
            client: Some(self.client.uuid()),
            site: Some(self.site.uuid()),
            ..Facts::of(self.organization.uuid())
        }
    }

    /// A fresh word for a field; right for whoever may read this part of this record.
    pub fn word(&mut self, what: &str, resource: Resource, class: FieldClass, facts: Facts) -> String {
        let what = format!("{what} at {}", self.label);
        self.plant(Canary::new(what).at(resource, class, facts))
    }

    /// A fresh latitude; right for whoever may read this part of this record.
    pub fn latitude(&mut self, what: &str, resource: Resource, class: FieldClass, facts: Facts) -> f64 {
        let what = format!("{what} at {}", self.label);
        self.plant(Canary::latitude(what).at(resource, class, facts)).parse().unwrap_or_default()
    }

    /// Keeps a canary, and gives its word.
    pub fn plant(&mut self, canary: Canary) -> String {
        let word = canary.word.clone();
        self.words.push(canary);
        word
    }

    /// A word that was there before (a name) stands in this part of this record, too.
    pub fn stands(&mut self, word: &str, resource: Resource, class: FieldClass, facts: Facts) {
        self.also.push((word.to_owned(), Place { resource, class, facts, by: None }));
    }

    /// Keeps a record to be asked for by its id.
    pub fn record(&mut self, record: Planted) {
        self.records.push(record);
    }
}
