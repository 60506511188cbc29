//! Canaries: words that occur nowhere else, each planted in one field, with everything that would make it right for
//! somebody to read it.

use access::{Facts, FieldClass, Permission, Resource};
use access_oracle::{Member, Tenant, naive};
use kernel::Timestamp;

/// What every canary begins with.
const MARK: &[u8] = b"cnr";
/// Letters and figures behind the mark.
const LENGTH: usize = 12;

/// One way in which reading a canary is right: whoever may read this part of this record.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) resource: Resource,
    pub(super) class: FieldClass,
    pub(super) facts: Facts,
}

/// A planted word.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    /// The word.
    pub(super) word: String,
    /// What was planted, for the report: "internal notes of a released incident at site 1".
    pub(super) what: String,
    /// Any of these makes reading it right.
    pub(super) places: Vec<Place>,
    /// Whoever may do this to that record is told it on purpose: whom to assign, to whom it will be published.
    pub(super) needed: Vec<(Permission, Facts)>,
    /// Whoever this is may read it whatever else holds: their own name, their own address.
    pub(super) own: Option<uuid::Uuid>,
}

impl Canary {
    /// A fresh word.
    pub(super) fn new(what: impl Into<String>) -> Self {
        let random = uuid::Uuid::new_v4().simple().to_string();
        let tail: String = random.chars().take(LENGTH).collect();
        Self {
            word: format!("cnr{tail}"),
            what: what.into(),
            places: Vec::new(),
            needed: Vec::new(),
            own: None,
        }
    }

    /// May be read by whoever may read this part of this record.
    pub(super) fn at(mut self, resource: Resource, class: FieldClass, facts: Facts) -> Self {
        self.places.push(Place { resource, class, facts });
        self
    }

    /// May this member read it? Asked of the second evaluator, which knows nothing of plans and SQL.
    pub(super) fn right_for(&self, tenant: &Tenant, member: &Member, now: Timestamp) -> bool {
        self.own == Some(member.id.uuid())
            || self
                .places
                .iter()
                .any(|place| naive::shows(tenant, member, now, place.resource, place.class, &place.facts))
            || self
                .needed
                .iter()
                .any(|(permission, facts)| naive::may(tenant, member, now, *permission, facts))
    }
}

/// Every canary in some bytes, once each. Letters may come in either case.
pub(super) fn spotted(bytes: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let lower = bytes.to_ascii_lowercase();
    for at in memchr::memmem::find_iter(&lower, MARK) {
        let from = at + MARK.len();
        let Some(tail) = lower.get(from..from + LENGTH) else { continue };
        if tail.iter().all(u8::is_ascii_hexdigit) {
            let word = format!("cnr{}", String::from_utf8_lossy(tail));
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    // Positions are figures: 12 degrees and six places behind the point.
    for at in memchr::memmem::find_iter(&lower, b"12.") {
        let tail = lower.get(at + 3..).unwrap_or_default();
        let figures: Vec<u8> = tail.iter().copied().take_while(u8::is_ascii_digit).collect();
        let word = format!("12.{}", String::from_utf8_lossy(&figures));
        let word = word.trim_end_matches('0').to_owned();
        if figures.len() > 3 && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_spotted_wherever_it_sits() {
        let canary = Canary::new("a test");
        let text = format!("<b>{}</b> and {}, not cnrxyz", canary.word.to_uppercase(), canary.word);
        assert_eq!(spotted(text.as_bytes()), [canary.word]);
        assert!(spotted(b"cnr0123456789a").is_empty(), "too short");
    }
}
