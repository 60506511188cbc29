//! What scans say together, whatever order they arrived in. Pure: no store, no clock.

use std::collections::HashSet;

use kernel::Timestamp;
use uuid::Uuid;

use super::model::{Exception, Method, State};

/// A stop, as far as it matters here.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) checkpoint: Uuid,
    pub(crate) position: i64,
}

/// A scan, as far as it matters here.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) checkpoint: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) method: Method,
    pub(crate) near: Option<bool>,
}

impl Seen {
    /// A code is proof of having been there, wherever the phone thinks it is; a position only within reach.
    pub(crate) fn counts(&self) -> bool {
        self.method != Method::Position || self.near == Some(true)
    }
}

/// What is known of a walk besides its scans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) due_until: Option<Timestamp>,
    pub(crate) started_at: Timestamp,
    pub(crate) stopped_at: Option<Timestamp>,
    pub(crate) closes_at: Timestamp,
    pub(crate) least_seconds: i64,
    pub(crate) now: Timestamp,
}

/// How a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) state: State,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) scanned: i64,
    pub(crate) exceptions: i64,
}

/// What one scan says beside the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// Its stop was scanned before.
    pub(crate) repeat: bool,
    /// It is a stop of the walk.
    pub(crate) planned: bool,
    /// It was the turn of its stop; none for a repetition, and for what is no stop.
    pub(crate) in_order: Option<bool>,
    /// Seconds since the scan before, of another checkpoint.
    pub(crate) gap_seconds: Option<i64>,
    /// Less than anybody needs.
    pub(crate) too_fast: bool,
}

/// What each scan says; they stand in the order of their instants.
pub(crate) fn evidence(stops: &[Stop], seen: &[Seen], least_seconds: i64) -> Vec<Evidence> {
    let mut done: HashSet<Uuid> = HashSet::new();
    let mut before: Option<&Seen> = None;
    let mut all = Vec::new();
    for one in seen {
        if !one.counts() {
            let planned = stops.iter().any(|stop| stop.checkpoint == one.checkpoint);
            all.push(Evidence { planned, ..Evidence::default() });
            continue;
        }
        let stop = stops.iter().find(|stop| stop.checkpoint == one.checkpoint);
        let repeat = done.contains(&one.checkpoint);
        let turn = stops.iter().filter(|s| !done.contains(&s.checkpoint)).min_by_key(|s| s.position);
        let in_order =
            stop.filter(|_| !repeat).map(|stop| turn.is_some_and(|turn| turn.checkpoint == stop.checkpoint));
        let gap_seconds = before
            .filter(|before| before.checkpoint != one.checkpoint)
            .map(|before| one.at.as_second() - before.at.as_second());
        let too_fast = gap_seconds.is_some_and(|gap| gap < least_seconds);
        all.push(Evidence { repeat, planned: stop.is_some(), in_order, gap_seconds, too_fast });
        done.insert(one.checkpoint);
        before = Some(one);
    }
    all
}

/// How a walk stands by its scans; they stand in the order of their instants.
pub(crate) fn sum(stops: &[Stop], seen: &[Seen], frame: &Frame) -> Sum {
    let first =
        |stop: &Stop| seen.iter().find(|s| s.counts() && s.checkpoint == stop.checkpoint).map(|s| s.at);
    let reached: Vec<Timestamp> = stops.iter().filter_map(first).collect();
    let started_at = seen.iter().map(|s| s.at).fold(frame.started_at, Timestamp::min);
    let whole = !stops.is_empty() && reached.len() == stops.len();
    let last = seen.iter().map(|s| s.at).max();
    let (state, ended_at) = if whole {
        (State::Complete, reached.iter().max().copied())
    } else if let Some(stopped) = frame.stopped_at {
        (State::Incomplete, Some(stopped))
    } else if frame.now >= frame.closes_at {
        (State::Incomplete, Some(last.unwrap_or(started_at)))
    } else {
        (State::Walking, None)
    };
    let mut exceptions = 0;
    let over = state != State::Walking;
    if frame.due_until.is_some_and(|due| started_at > due || ended_at.is_some_and(|at| at > due)) {
        exceptions |= Exception::Late.number();
    }
    if over && !whole {
        exceptions |= Exception::Incomplete.number();
    }
    if evidence(stops, seen, frame.least_seconds).iter().any(|one| one.too_fast) {
        exceptions |= Exception::TooFast.number();
    }
    let scanned = i64::try_from(reached.len()).unwrap_or(i64::MAX);
    Sum { state, started_at, ended_at, scanned, exceptions }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> Timestamp {
        format!("2026-11-23T{clock}Z").parse().unwrap()
    }

    fn stops(n: u128) -> Vec<Stop> {
        (1..=n).map(|n| Stop { checkpoint: Uuid::from_u128(n), position: n as i64 }).collect()
    }

    fn scan(n: u128, clock: &str) -> Seen {
        Seen { checkpoint: Uuid::from_u128(n), at: at(clock), method: Method::Code, near: None }
    }

    fn frame(now: &str) -> Frame {
        Frame {
            due_until: Some(at("23:00:00")),
            started_at: at("22:00:00"),
            stopped_at: None,
            closes_at: at("23:30:00"),
            least_seconds: 60,
            now: at(now),
        }
    }

    #[test]
    fn a_walk_is_complete_with_its_last_stop() {
        let seen = [scan(1, "22:05:00"), scan(2, "22:15:00"), scan(1, "22:20:00")];
        let open = sum(&stops(3), &seen, &frame("22:30:00"));
        assert_eq!((open.state, open.scanned, open.exceptions), (State::Walking, 2, 0));
        let all = [scan(1, "22:05:00"), scan(2, "22:15:00"), scan(3, "22:25:00"), scan(1, "22:40:00")];
        let done = sum(&stops(3), &all, &frame("22:50:00"));
        assert_eq!((done.state, done.ended_at, done.exceptions), (State::Complete, Some(at("22:25:00")), 0));
        // Nobody has to be told that it is over: after its time it is.
        let closed = sum(&stops(3), &seen, &frame("23:30:00"));
        assert_eq!((closed.state, closed.ended_at), (State::Incomplete, Some(at("22:20:00"))));
        assert_eq!(closed.exceptions, Exception::Incomplete.number());
    }

    #[test]
    fn late_and_too_fast_are_exceptions() {
        let late = [scan(1, "22:55:00"), scan(2, "23:01:00")];
        assert_eq!(sum(&stops(2), &late, &frame("23:10:00")).exceptions, Exception::Late.number());
        let fast = [scan(1, "22:05:00"), scan(2, "22:05:59")];
        assert_eq!(sum(&stops(2), &fast, &frame("22:10:00")).exceptions, Exception::TooFast.number());
        // The same stop twice is a repetition, not a race.
        let twice = [scan(1, "22:05:00"), scan(1, "22:05:10"), scan(2, "22:06:10")];
        assert_eq!(sum(&stops(2), &twice, &frame("22:10:00")).exceptions, 0);
    }

    #[test]
    fn each_scan_says_its_turn() {
        let seen = [scan(2, "22:00:00"), scan(1, "22:05:00"), scan(1, "22:06:00"), scan(9, "22:07:00")];
        let all = evidence(&stops(3), &seen, 0);
        let turns: Vec<_> = all.iter().map(|e| (e.in_order, e.repeat, e.planned)).collect();
        assert_eq!(
            turns,
            [(Some(false), false, true), (Some(true), false, true), (None, true, true), (None, false, false)]
        );
        // "I am here" from afar is kept and counts for nothing.
        let far = Seen { method: Method::Position, near: Some(false), ..scan(1, "22:00:00") };
        assert_eq!(sum(&stops(1), &[far], &frame("22:10:00")).scanned, 0);
    }
}
