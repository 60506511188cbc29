//! Instants, days and lengths of time, as people read them.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use maud::{Markup, html};

/// An instant in the site's zone. The page shows it exactly; the module turns it into "5 min ago" and keeps the
/// exact instant in the title.
#[must_use]
pub fn time(at: Timestamp, zone: &TimeZone) -> Markup {
    moment(at, zone, true)
}

/// An instant that stays exact: evidence, clock-ins, history.
#[must_use]
pub fn time_exact(at: Timestamp, zone: &TimeZone) -> Markup {
    moment(at, zone, false)
}

fn moment(at: Timestamp, zone: &TimeZone, relative: bool) -> Markup {
    let local = at.to_zoned(zone.clone());
    html! {
        time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) title=(local.strftime("%a %-d %b %Y, %H:%M:%S %Z"))
            data-relative[relative] { (local.strftime("%-d %b %Y, %H:%M")) }
    }
}

/// From one instant to another, in the site's zone: "23 Nov 2026, 22:00 – 06:00 (next day)".
#[must_use]
pub fn time_range(from: Timestamp, until: Option<Timestamp>, zone: &TimeZone) -> Markup {
    let start = from.to_zoned(zone.clone());
    html! {
        span.range {
            (time_exact(from, zone)) " – "
            @if let Some(until) = until {
                @let end = until.to_zoned(zone.clone());
                @let days = (end.date() - start.date()).get_days();
                time datetime=(until.strftime("%Y-%m-%dT%H:%M:%SZ")) title=(end.strftime("%a %-d %b %Y, %H:%M:%S %Z")) {
                    (end.strftime("%H:%M"))
                }
                @if days == 1 { " " span.dim { "next day" } }
                @if days > 1 { " " span.dim { (end.strftime("%-d %b")) } }
            } @else { span.dim { "open" } }
        }
    }
}

/// A calendar day: "Mon 23 Nov 2026".
#[must_use]
pub fn day(date: Date) -> Markup {
    html! { time datetime=(date.strftime("%Y-%m-%d")) { (date.strftime("%a %-d %b %Y")) } }
}

/// A length of time as hours and minutes: "7 h 30 min". Seconds are shown below one minute only.
#[must_use]
pub fn duration(length: Duration) -> Markup {
    let seconds = length.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    let text = match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    };
    html! { time.number datetime={ "PT" (seconds) "S" } { (text) } }
}
