//! What somebody is mailed about, as it is seen and as it is typed.

use access::Event;
use jiff::tz::TimeZone;
use kernel::id::MembershipId;
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;
use web::notices::Cadence;
use web::notices::settings::Offer;

/// What one person is mailed about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NotificationsOut {
    /// Whose.
    pub membership: MembershipId,
    /// By name.
    pub name: String,
    /// Each sort of event they could ever be mailed about.
    pub events: Vec<SubscriptionOut>,
    /// The hour at which the daily message leaves, 0 to 23.
    pub hour: i64,
    /// On whose clock.
    pub zone: String,
}

/// One sort of event.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubscriptionOut {
    /// The sort.
    pub event: Event,
    /// The same for people.
    pub label: &'static str,
    /// What it tells of.
    pub tells: Vec<&'static str>,
    /// How often.
    pub cadence: Cadence,
    /// What the roles bring.
    pub by_default: Cadence,
    /// By an own choice.
    pub chosen: bool,
}

/// What is chosen. A field that is left out or empty stays as it is; `default` follows the roles again.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationsForm {
    /// `off`, `at_once`, `daily` or `default`.
    pub daily_activity: Text,
    /// As above.
    pub incident: Text,
    /// As above.
    pub maintenance: Text,
    /// As above.
    pub tour_tracking: Text,
    /// As above.
    pub tour_exception: Text,
    /// As above.
    pub custom: Text,
    /// As above.
    pub sos: Text,
    /// As above.
    pub geofence: Text,
    /// As above.
    pub open_shift: Text,
    /// As above.
    pub shift_reminder: Text,
    /// As above.
    pub assigned: Text,
    /// The hour of the daily message, 0 to 23.
    pub hour: Text,
    /// Its clock, such as `Europe/Berlin`.
    pub zone: Text,
}

/// Choices that may be stored.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// `None` follows the roles.
    pub(super) choices: Vec<(Event, Option<Cadence>)>,
    pub(super) hour: Option<i64>,
    pub(super) zone: Option<String>,
}

impl NotificationsForm {
    pub(super) const fn of(&self, event: Event) -> &Text {
        match event {
            Event::DailyActivity => &self.daily_activity,
            Event::Incident => &self.incident,
            Event::Maintenance => &self.maintenance,
            Event::TourTracking => &self.tour_tracking,
            Event::TourException => &self.tour_exception,
            Event::Custom => &self.custom,
            Event::Sos => &self.sos,
            Event::Geofence => &self.geofence,
            Event::OpenShift => &self.open_shift,
            Event::ShiftReminder => &self.shift_reminder,
            Event::Assigned => &self.assigned,
        }
    }

    /// Reads what was typed, for somebody to whom these sorts are offered.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self, offers: &[Offer]) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let mut draft = Draft::default();
        for event in Event::ALL {
            let typed = self.of(*event);
            if typed.is_blank() {
                continue;
            }
            let Some(offer) = offers.iter().find(|offer| offer.event == *event) else {
                errors.add(event.word(), "these roles bring no such mail");
                continue;
            };
            let cadence = match typed.as_str().trim() {
                "default" => None,
                word => match errors.take(event.word(), word.parse::<Cadence>()) {
                    // What equals the roles' own follows the roles, also when they change.
                    Some(cadence) => Some(cadence).filter(|cadence| *cadence != offer.by_default),
                    None => continue,
                },
            };
            draft.choices.push((*event, cadence));
        }
        if !self.hour.is_blank() {
            draft.hour = errors.take("hour", hour(&self.hour));
        }
        if !self.zone.is_blank() {
            draft.zone = errors.take("zone", zone(&self.zone));
        }
        errors.check()?;
        Ok(draft)
    }
}

fn hour(typed: &Text) -> Result<i64, String> {
    let wrong = || "write an hour from 0 to 23".to_owned();
    let hour: i64 = typed.as_str().trim().parse().map_err(|_e| wrong())?;
    if (0..24).contains(&hour) { Ok(hour) } else { Err(wrong()) }
}

fn zone(typed: &Text) -> Result<String, String> {
    let name = typed.as_str().trim();
    TimeZone::get(name)
        .ok()
        .and_then(|zone| zone.iana_name().map(str::to_owned))
        .ok_or_else(|| "write a time zone such as America/New_York".to_owned())
}
