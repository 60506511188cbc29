//! The letters of this area: all are about the sign-in itself. A letter commits together with what brings it about.

use jobs::mail::NewMail;
use kernel::Timestamp;
use kernel::id::OrganizationId;
use kernel::text::EmailAddress;
use store::Batch;
use web::App;

/// Whose letter it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender<'a> {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) name: &'a str,
    pub(crate) hue: u16,
}

impl Sender<'_> {
    /// The installation itself, where no organization is known.
    pub(crate) const NOBODY: Sender<'static> = Sender { organization: None, name: "Bailiwick", hue: 215 };
}

fn post(
    batch: &mut Batch,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    subject: &str,
    letter: &ui::Mail<'_>,
    at: Timestamp,
) {
    let (html, plain) = ui::mail(&ui::Mail { organization: sender.name, hue: sender.hue, ..*letter });
    jobs::mail::enqueue(
        batch,
        &NewMail {
            organization: sender.organization,
            recipient,
            subject,
            html: &html,
            plain: &plain,
            why: letter.why,
            at,
        },
    );
}

/// "Your password was changed."
pub(crate) fn password_changed(batch: &mut Batch, app: &App, recipient: &EmailAddress, at: Timestamp) {
    let url = format!("{}/forgot", app.config.public_url);
    let letter = ui::Mail {
        heading: "Your password was changed",
        paragraphs: &[
            "The password of your account was changed a moment ago, and every other browser was signed out.",
            "If that was you, there is nothing to do. If it was not, set a new password at once.",
        ],
        action: Some(("Set a new password", &url)),
        why: "because the password of your account was changed.",
        ..ui::Mail::default()
    };
    post(batch, Sender::NOBODY, recipient, "Your password was changed", &letter, at);
}

/// The link that sets a new password.
pub(crate) fn reset(
    batch: &mut Batch,
    app: &App,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    path: &str,
    at: Timestamp,
) {
    let url = format!("{}{path}", app.config.public_url);
    let letter = ui::Mail {
        heading: "Set a new password",
        paragraphs: &[
            "Somebody, most likely you, asked for a new password for your account.",
            "The link works once and for one hour. If you did not ask, leave it: nothing changes.",
        ],
        action: Some(("Set a new password", &url)),
        why: "because a new password was asked for with your address.",
        ..ui::Mail::default()
    };
    post(batch, sender, recipient, "Set a new password", &letter, at);
}
