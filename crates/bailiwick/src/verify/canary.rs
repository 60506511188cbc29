//! Canaries: who may read them, and finding them in an answer. What a canary is, features know (`web::canary`).

use access_oracle::{Member, Tenant, naive};
use kernel::Timestamp;
pub(super) use web::canary::{Canary, Place, Planted};
use web::canary::{DEGREES, LENGTH, MARK};

/// May this member read it? Asked of the second evaluator, which knows nothing of plans and SQL. `all` is everything
/// there is to do something to.
pub(super) fn right_for(
    canary: &Canary,
    tenant: &Tenant,
    member: &Member,
    now: Timestamp,
    all: &[Planted],
) -> bool {
    canary.own == Some(member.id.uuid())
        || canary.places.iter().any(|place| shows(place, tenant, member, now))
        || canary.needed.iter().any(|(permission, facts)| naive::may(tenant, member, now, *permission, facts))
        || canary.anywhere.iter().any(|permission| {
            all.iter().any(|record| naive::may(tenant, member, now, *permission, &record.facts))
        })
}

/// May this member read this part of that record?
pub(super) fn shows(place: &Place, tenant: &Tenant, member: &Member, now: Timestamp) -> bool {
    match place.by {
        Some(by) => naive::shows_by(tenant, member, now, by, place.class, &place.facts),
        None => naive::shows(tenant, member, now, place.resource, place.class, &place.facts),
    }
}

/// May this member know that there is this record?
pub(super) fn known_to(record: &Planted, tenant: &Tenant, member: &Member, now: Timestamp) -> bool {
    record.own == Some(member.id.uuid())
        || match record.by {
            Some(by) => naive::shows_by(tenant, member, now, by, record.class, &record.facts),
            None => naive::shows(tenant, member, now, record.resource, record.class, &record.facts),
        }
}

/// Every canary in some bytes, once each. Letters may come in either case.
pub(super) fn spotted(bytes: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let lower = bytes.to_ascii_lowercase();
    for at in memchr::memmem::find_iter(&lower, MARK.as_bytes()) {
        let from = at + MARK.len();
        let Some(tail) = lower.get(from..from + LENGTH) else { continue };
        if tail.iter().all(u8::is_ascii_hexdigit) {
            let word = format!("{MARK}{}", String::from_utf8_lossy(tail));
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    // Positions are figures: 12 degrees and six places behind the point.
    for at in memchr::memmem::find_iter(&lower, DEGREES.as_bytes()) {
        let tail = lower.get(at + DEGREES.len()..).unwrap_or_default();
        let figures: Vec<u8> = tail.iter().copied().take_while(u8::is_ascii_digit).collect();
        let word = format!("{DEGREES}{}", String::from_utf8_lossy(&figures));
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
