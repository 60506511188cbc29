//! What is mailed about walks: that one is over, and that something is not as it should be. To those who subscribe, of
//! both sides; words come from the reader's own plan.

use access::{Event, Facts, Plan};
use jobs::Later;
use kernel::id::{CheckpointReportId, OrganizationId};
use kernel::{Audience, Result};
use store::listing;
use uuid::Uuid;
use web::App;
use web::notices::{Address, Letter, Notice, Occurrence, Reader};

use super::model::State;
use super::view::{REPORTS, ReportOut};
use super::{VIEW, query};
use crate::rhythm;

const BOTH: &[Audience] = &[Audience::Staff, Audience::Client];
const TRACKING: &[Event] = &[Event::TourTracking];
const EXCEPTIONS: &[Event] = &[Event::TourException];

const BASE: Notice = Notice {
    topic: "",
    label: "",
    events: TRACKING,
    sides: BOTH,
    view: VIEW,
    once: "tour_tracking",
    facts,
    address: tracking,
    write,
    path,
};

/// Over; also once more when it is let out to the client side, for those who could not see it before.
pub(super) static ENDED: Notice = Notice { topic: "tour.ended", label: "Tour walked", ..BASE };

/// Over, or never begun, and not as it should be.
pub(super) static EXCEPTION: Notice = Notice {
    topic: "tour.exception",
    label: "Tour exception",
    events: EXCEPTIONS,
    once: "tour_exception",
    address: exceptions,
    ..BASE
};

/// All of them, for the route of the walk's page.
pub(super) static NOTICES: [&Notice; 2] = [&ENDED, &EXCEPTION];

fn tracking(_: &Occurrence, _: &Reader<'_>) -> Address {
    Address::Subscribers(TRACKING)
}

fn exceptions(_: &Occurrence, _: &Reader<'_>) -> Address {
    Address::Subscribers(EXCEPTIONS)
}

fn facts(app: &App, organization: OrganizationId, id: Uuid) -> Later<'_, Result<Option<Facts>>> {
    Box::pin(query::facts(&app.store, organization, id))
}

fn path(id: Uuid) -> String {
    format!("/checkpoint-reports/{}", CheckpointReportId::from_uuid(id))
}

fn write<'a>(app: &'a App, plan: &'a Plan, of: &'a Occurrence) -> Later<'a, Result<Option<Letter>>> {
    Box::pin(async move {
        let (report, _): (ReportOut, Facts) =
            listing::find(&app.store, plan, VIEW, &REPORTS, of.record).await?;
        let exception = of.registered.notice.topic == EXCEPTION.topic;
        // Somebody walked after all, or the phone had more to send: there is nothing to say any more.
        let moot = report.state == State::Walking || (exception && report.exceptions.is_empty());
        Ok((!moot).then(|| letter(exception, &report)))
    })
}

fn letter(exception: bool, report: &ReportOut) -> Letter {
    let zone = rhythm::zone(&report.zone);
    let clock =
        |at: kernel::Timestamp| at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string();
    let words: Vec<&str> = report.exceptions.iter().map(|one| one.label()).collect();
    let subject = if exception {
        format!("Tour exception: {}, {} ({})", report.tour, report.site, words.join(", ").to_lowercase())
    } else {
        format!("{}: {}, {}", report.state.label(), report.tour, report.site)
    };
    let mut facts = vec![("Site", report.site.clone()), ("Tour", report.tour.clone())];
    if let (Some(from), Some(until)) = (report.due_from, report.due_until) {
        facts.push(("Due", format!("{} to {}", clock(from), clock(until))));
    }
    if let Some(at) = report.started_at {
        facts.push(("Began", clock(at)));
    }
    if let Some(at) = report.ended_at {
        facts.push(("Ended", clock(at)));
    }
    facts.push(("Stops", format!("{} of {}", report.scanned, report.stops)));
    if let Some(walker) = report.walker.as_ref().filter(|name| !name.is_empty()) {
        facts.push(("Walked by", walker.clone()));
    }
    let said = match report.state {
        State::Missed => "Nobody walked this tour in its window.",
        State::Incomplete => "The tour is over, and not every stop was scanned.",
        _ => "Every stop was scanned.",
    };
    Letter {
        heading: subject.clone(),
        subject,
        facts,
        paragraphs: vec![said.to_owned()],
        action: "Look at the tour",
        place: report.site.clone(),
    }
}
