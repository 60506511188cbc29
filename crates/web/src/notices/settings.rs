//! What somebody could ever be mailed, for the page where they choose.

use access::{Event, Plan};

use super::decide::by_default;
use super::words::Cadence;
use crate::app::App;

/// When the daily message leaves unless its reader chose: seven in the morning.
pub const DAILY_HOUR: i64 = super::work::DAILY_HOUR;

/// A sort of event that somebody could be mailed about.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The sort.
    pub event: Event,
    /// What it tells of: "Incident filed".
    pub tells: Vec<&'static str>,
    /// What they get unless they choose.
    pub by_default: Cadence,
}

/// The sorts that a plan could ever be mailed about: there is a kind of notice for its side, of records it may view.
#[must_use]
pub fn offers(app: &App, plan: &Plan) -> Vec<Offer> {
    Event::ALL
        .iter()
        .filter_map(|event| {
            let tells: Vec<&'static str> = app
                .notices
                .iter()
                .map(|registered| registered.notice)
                .filter(|notice| notice.events.contains(event))
                .filter(|notice| notice.sides.contains(&plan.audience) && plan.may_ever(notice.view))
                .map(|notice| notice.label)
                .collect();
            (!tells.is_empty()).then(|| Offer { event: *event, tells, by_default: by_default(plan, *event) })
        })
        .collect()
}
