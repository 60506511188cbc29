//! Counts and times of requests, written as Prometheus text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use jobs::events::EventState;
use jobs::mail::MailState;
use kernel::Clock;

/// Upper edges of the latency histogram, in microseconds, with the text Prometheus reads (seconds).
const EDGES: [(u64, &str); 13] = [
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
    (30_000_000, "30"),
];

/// Everything that is counted in this process.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// By route template: bounded by the route table, whatever paths people try.
    routes: Mutex<BTreeMap<String, Route>>,
    in_flight: AtomicI64,
    started: i64,
}

#[derive(Debug, Default)]
struct Route {
    answers: BTreeMap<(&'static str, u16), u64>,
    buckets: [u64; EDGES.len()],
    count: u64,
    micros: u64,
}

impl Metrics {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self { routes: Mutex::default(), in_flight: AtomicI64::new(0), started: clock.now().as_second() }
    }

    /// A request came in (1) or is done (-1).
    pub(crate) fn move_in_flight(&self, by: i64) {
        self.in_flight.fetch_add(by, Ordering::Relaxed);
    }

    /// A request was answered.
    pub(crate) fn record(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Route::default());
        }
        let Some(entry) = routes.get_mut(route) else { return };
        *entry.answers.entry((word(method), status)).or_default() += 1;
        entry.count += 1;
        entry.micros = entry.micros.saturating_add(micros);
        if let Some(place) = EDGES.iter().position(|(edge, _)| micros <= *edge)
            && let Some(bucket) = entry.buckets.get_mut(place)
        {
            *bucket += 1;
        }
    }

    /// The exposition.
    pub(crate) fn text(&self, commits_waiting: usize, mails: &[(i64, i64)], events: &[(i64, i64)]) -> String {
        let mut out = String::with_capacity(16 * 1024);
        let _ = self.write(&mut out, commits_waiting, mails, events);
        out
    }

    fn write(
        &self,
        out: &mut String,
        commits_waiting: usize,
        mails: &[(i64, i64)],
        events: &[(i64, i64)],
    ) -> std::fmt::Result {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        head(out, "bailiwick_requests_total", "counter", "Requests answered, by route and status.")?;
        for (route, entry) in routes.iter() {
            let route = escaped(route);
            for ((method, status), count) in &entry.answers {
                writeln!(
                    out,
                    "bailiwick_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                )?;
            }
        }
        head(out, "bailiwick_request_seconds", "histogram", "Time until an answer begins, by route.")?;
        for (route, entry) in routes.iter() {
            let route = escaped(route);
            let mut below = 0;
            for ((_, edge), bucket) in EDGES.iter().zip(entry.buckets) {
                below += bucket;
                writeln!(out, "bailiwick_request_seconds_bucket{{route=\"{route}\",le=\"{edge}\"}} {below}")?;
            }
            let count = entry.count;
            writeln!(out, "bailiwick_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}")?;
            let (seconds, rest) = (entry.micros / 1_000_000, entry.micros % 1_000_000);
            writeln!(out, "bailiwick_request_seconds_sum{{route=\"{route}\"}} {seconds}.{rest:06}")?;
            writeln!(out, "bailiwick_request_seconds_count{{route=\"{route}\"}} {count}")?;
        }
        drop(routes);
        let in_flight = self.in_flight.load(Ordering::Relaxed);
        one(out, "bailiwick_requests_in_flight", "Requests being answered now.", in_flight)?;
        one(out, "bailiwick_commits_waiting", "Writes that wait for their commit.", commits_waiting)?;
        head(out, "bailiwick_mails", "gauge", "Messages that wait to leave, or were given up.")?;
        for state in [MailState::Waiting, MailState::Dead] {
            writeln!(out, "bailiwick_mails{{state=\"{state}\"}} {}", of(mails, state.number()))?;
        }
        head(out, "bailiwick_events", "gauge", "What happened and waits to be told, or was given up.")?;
        for state in [EventState::Waiting, EventState::Dead] {
            writeln!(out, "bailiwick_events{{state=\"{state}\"}} {}", of(events, state.number()))?;
        }
        one(out, "process_start_time_seconds", "When this process began.", self.started)?;
        if let Some(bytes) = resident_bytes() {
            one(out, "process_resident_memory_bytes", "Memory in use.", bytes)?;
        }
        head(out, "bailiwick_build_info", "gauge", "Which version this is.")?;
        writeln!(out, "bailiwick_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))
    }
}

/// The count of a state; states that nothing is in are not counted by the database.
fn of(counts: &[(i64, i64)], state: i64) -> i64 {
    counts.iter().find(|(number, _)| *number == state).map_or(0, |(_, count)| *count)
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

fn one(out: &mut String, name: &str, help: &str, value: impl std::fmt::Display) -> std::fmt::Result {
    head(out, name, "gauge", help)?;
    writeln!(out, "{name} {value}")
}

/// Methods by name; whatever else somebody sends is one word, so that nobody can grow the list.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The process's resident memory, where the system tells.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_the_rest_is_infinite() {
        let metrics = Metrics::new(&Clock::fixed(kernel::Timestamp::UNIX_EPOCH));
        for millis in [1, 2, 40, 60_000] {
            metrics.record(&Method::GET, "/office/teams/{id}", 200, Duration::from_millis(millis));
        }
        metrics.record(&Method::from_bytes(b"BREW").unwrap(), "a\"b", 404, Duration::ZERO);
        let text = metrics.text(3, &[(0, 7), (1, 100)], &[(2, 5)]);
        for line in [
            "bailiwick_requests_total{method=\"GET\",route=\"/office/teams/{id}\",status=\"200\"} 4",
            "bailiwick_requests_total{method=\"OTHER\",route=\"a\\\"b\",status=\"404\"} 1",
            "bailiwick_request_seconds_bucket{route=\"/office/teams/{id}\",le=\"0.0005\"} 0",
            "bailiwick_request_seconds_bucket{route=\"/office/teams/{id}\",le=\"0.001\"} 1",
            "bailiwick_request_seconds_bucket{route=\"/office/teams/{id}\",le=\"0.0025\"} 2",
            "bailiwick_request_seconds_bucket{route=\"/office/teams/{id}\",le=\"30\"} 3",
            "bailiwick_request_seconds_bucket{route=\"/office/teams/{id}\",le=\"+Inf\"} 4",
            "bailiwick_request_seconds_sum{route=\"/office/teams/{id}\"} 60.043000",
            "bailiwick_commits_waiting 3",
            "bailiwick_mails{state=\"waiting\"} 7",
            "bailiwick_mails{state=\"dead\"} 0",
            "bailiwick_events{state=\"waiting\"} 0",
            "bailiwick_events{state=\"dead\"} 5",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
