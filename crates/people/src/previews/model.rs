//! What is typed to begin a preview.

use access::Event;
use kernel::text::Line;
use kernel::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

/// A preview as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PreviewForm {
    /// Why; the journal keeps it.
    pub(super) reason: Text,
    /// The key of a role, for a preview of a role.
    pub(super) role: Text,
    /// Where the role would be held.
    pub(super) targets: Vec<String>,
}

impl PreviewForm {
    /// Reads the reason.
    ///
    /// # Errors
    /// A message at `reason`.
    pub(super) fn reason(&self) -> Result<Line<200>> {
        if self.reason.is_blank() {
            return Err(Error::field("reason", "say why you look; the journal keeps it"));
        }
        self.reason.parse().map_err(|wrong: String| Error::field("reason", wrong))
    }
}

/// Which role a preview is of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    pub(super) role: String,
}

/// Which mail is asked about.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MailQuery {
    /// What happens: the word of an event, or of a letter about the sign-in.
    pub event: String,
}

/// A mail somebody would get, or why they would get none.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MailPreview {
    /// What happens.
    pub event: String,
    /// The same in words.
    pub label: String,
    /// Would they get one?
    pub gets: bool,
    /// Each condition, and whether it holds.
    pub because: Vec<Condition>,
    /// What it would say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Letter>,
}

/// One condition of getting a mail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Condition {
    /// Does it hold?
    pub holds: bool,
    /// In words.
    pub sentence: String,
}

/// A mail as it would read. Links that open something are made when it is sent and stand here as a word.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// What an event is called.
pub(super) const fn event_label(event: Event) -> &'static str {
    match event {
        Event::DailyActivity => "A daily activity report is released",
        Event::Incident => "An incident is filed or published",
        Event::Maintenance => "A maintenance request is handed in",
        Event::TourTracking => "A tour is walked",
        Event::TourException => "A tour is missed or broken off",
        Event::Custom => "A custom report is released",
        Event::Sos => "An alarm is raised",
        Event::Geofence => "Somebody leaves the fence of a site",
        Event::OpenShift => "A shift is open",
        Event::ShiftReminder => "A shift begins tomorrow",
        Event::Assigned => "Something is given to them, or what they have is escalated",
    }
}
