//! The one error of the program. It knows nothing of HTTP; each door renders it once.

use std::collections::BTreeMap;
use std::panic::Location;

use serde::Serialize;

/// Shorthand for results with the program's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, said so that a person can act on it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the asker may not know of it: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    SignedOut,
    /// The asker may see the record but not do this; the sentence says why.
    #[error("{0}")]
    Forbidden(String),
    /// Something that was sent cannot be used; one message per field.
    #[error("some of what was sent cannot be used")]
    Invalid(FieldErrors),
    /// The record is in a state that does not allow this.
    #[error("{0}")]
    Conflict(String),
    /// Somebody changed the record since the asker read it.
    #[error("somebody changed this while you were working on it; look at the new version and try again")]
    Stale,
    /// More than is allowed in the time; try again after so many seconds.
    #[error("too many attempts; try again in {0} seconds")]
    TooMany(u64),
    /// The body is larger than this place takes, in bytes.
    #[error("that is larger than the {0} bytes allowed here")]
    TooLarge(usize),
    /// The request itself makes no sense (wrong content type, broken JSON, broken cursor).
    #[error("{0}")]
    BadRequest(String),
    /// The store or another part cannot be reached now.
    #[error("the service cannot answer right now; try again in a moment")]
    Unavailable(String),
    /// A fault of ours. The text is for the log, never for the person.
    #[error("something went wrong on our side")]
    Internal {
        /// What happened, for the log.
        detail: String,
        /// Where it was noticed.
        at: &'static Location<'static>,
    },
}

impl Error {
    /// A fault of ours, remembered with the place it was noticed.
    #[track_caller]
    #[must_use]
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::Internal { detail: detail.to_string(), at: Location::caller() }
    }

    /// One message at one field.
    #[must_use]
    pub fn field(name: &'static str, message: impl Into<String>) -> Self {
        let mut errors = FieldErrors::default();
        errors.add(name, message);
        Self::Invalid(errors)
    }

    /// A refusal with its reason.
    #[must_use]
    pub fn forbidden(why: impl Into<String>) -> Self {
        Self::Forbidden(why.into())
    }

    /// A clash with the record's state.
    #[must_use]
    pub fn conflict(why: impl Into<String>) -> Self {
        Self::Conflict(why.into())
    }
}

/// Messages by field name, in field order. Serves a form and a JSON answer alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// Adds a message to a field.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(message.into());
    }

    /// Keeps a good value, or notes the message and answers `None`.
    pub fn take<T>(&mut self, field: &str, parsed: std::result::Result<T, String>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(message) => {
                self.add(field, message);
                None
            }
        }
    }

    /// The messages of one field.
    #[must_use]
    pub fn of(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Nothing to complain about?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(field, messages)| (field.as_str(), messages.as_slice()))
    }

    /// `Ok` when empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that was added.
    pub fn check(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}
