//! What the leak test plants of the outbox: a message that waits, and an event that was given up.

use access::FieldClass::Operational;
use access::{Facts, Resource};
use jobs::events::EventState;
use kernel::id::EventId;
use kernel::text::EmailAddress;
use kernel::{Error, Result};
use store::params;
use uuid::Uuid;
use web::canary::{Bed, Canary, Planted};

use super::READ;

/// Whoever keeps the organization's settings reads how its messages fare.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if bed.whose.is_some() {
        return Ok(());
    }
    let facts = Facts::of(bed.organization.uuid());
    let mut word = |what: &str| {
        let canary = Canary::new(format!("{what} of a message, {}", bed.label));
        bed.plant(canary.at_by(READ, Operational, facts))
    };
    let (recipient, subject, html, plain, why) =
        (word("recipient"), word("subject"), word("page"), word("text"), word("reason"));
    let recipient: EmailAddress = format!("{recipient}@verify.invalid").parse().map_err(Error::internal)?;
    let id = jobs::mail::enqueue(
        &mut bed.batch,
        &jobs::mail::NewMail {
            organization: Some(bed.organization),
            recipient: &recipient,
            subject: &subject,
            html: &html,
            plain: &plain,
            why: &why,
            at: bed.now,
            about: None,
            good_until: None,
        },
    );
    bed.record(Planted {
        class: Operational,
        by: Some(READ),
        ..Planted::new(id.to_string(), format!("a message, {}", bed.label), Resource::Organization, facts)
    });
    let error = bed.plant(Canary::new(format!("why an event was given up, {}", bed.label)).at_by(
        READ,
        Operational,
        facts,
    ));
    let event = EventId::new();
    bed.batch.run(
        "insert into events (id, organization_id, topic, resource, record_id, at, state, attempts, next_at, error) \
         values ($1, $2, 'planted', 'incident', $3, $4, $5, 9, $4, $6)",
        params![event, bed.organization, Uuid::now_v7(), bed.now, EventState::Dead.number(), error],
    );
    bed.record(Planted {
        class: Operational,
        by: Some(READ),
        paths: vec!["/outbox/events"],
        ..Planted::new(event.to_string(), format!("an event, {}", bed.label), Resource::Organization, facts)
    });
    Ok(())
}
