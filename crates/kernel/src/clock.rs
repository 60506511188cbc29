//! Time is an argument: whoever needs the instant is given a [`Clock`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant in UTC with microsecond meaning; stored as integer microseconds since 1970.
pub use jiff::Timestamp;

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`] moves it; for tests and seeded worlds.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.as_microsecond()))))
    }

    /// The instant, cut to whole microseconds so that what is stored equals what was answered.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let micros = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::System => Timestamp::now().as_microsecond(),
            Source::Fixed(at) => at.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a fixed clock on. The system clock is left alone.
    pub fn advance(&self, by: std::time::Duration) {
        if let Source::Fixed(at) = &self.0 {
            at.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}
