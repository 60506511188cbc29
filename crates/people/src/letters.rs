//! The letters of this area: all are about the sign-in itself. A letter commits together with what brings it about.

use jobs::mail::{About, NewMail};
use kernel::Timestamp;
use kernel::id::{InvitationId, OrganizationId};
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

/// What the links of a letter hang on: what it is about, and until when they work.
type Holds = (Option<(About, InvitationId)>, Option<Timestamp>);

/// A letter that asks for nothing holds for ever.
const FOR_EVER: Holds = (None, None);

/// A letter as it leaves.
pub(crate) struct Written {
    pub(crate) subject: String,
    html: String,
    pub(crate) plain: String,
    why: String,
}

fn write(sender: Sender<'_>, subject: &str, letter: &ui::Mail<'_>) -> Written {
    let (html, plain) = ui::mail(&ui::Mail { organization: sender.name, hue: sender.hue, ..*letter });
    Written { subject: subject.to_owned(), html, plain, why: letter.why.to_owned() }
}

fn send(
    batch: &mut Batch,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    written: &Written,
    at: Timestamp,
    (about, good_until): Holds,
) {
    jobs::mail::enqueue(
        batch,
        &NewMail {
            organization: sender.organization,
            recipient,
            subject: &written.subject,
            html: &written.html,
            plain: &written.plain,
            why: &written.why,
            at,
            about: about.map(|(about, id)| (about, id.uuid())),
            good_until,
        },
    );
}

fn post(
    batch: &mut Batch,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    subject: &str,
    letter: &ui::Mail<'_>,
    at: Timestamp,
    holds: Holds,
) {
    send(batch, sender, recipient, &write(sender, subject, letter), at, holds);
}

/// "Your password was changed."
pub(crate) fn password_changed(batch: &mut Batch, app: &App, recipient: &EmailAddress, at: Timestamp) {
    send(batch, Sender::NOBODY, recipient, &password_changed_written(app), at, FOR_EVER);
}

/// What [`password_changed`] says.
pub(crate) fn password_changed_written(app: &App) -> Written {
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
    write(Sender::NOBODY, "Your password was changed", &letter)
}

/// The link that sets a new password.
pub(crate) fn reset(
    batch: &mut Batch,
    app: &App,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    path: &str,
    (at, until): (Timestamp, Timestamp),
) {
    send(batch, sender, recipient, &reset_written(app, sender, path), at, (None, Some(until)));
}

/// What [`reset`] says.
pub(crate) fn reset_written(app: &App, sender: Sender<'_>, path: &str) -> Written {
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
    write(sender, "Set a new password", &letter)
}

/// What an invitation says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Invitation<'a> {
    pub(crate) id: InvitationId,
    pub(crate) inviter: &'a str,
    pub(crate) role: &'a str,
    pub(crate) about: &'a str,
    /// Where the role is held, in words.
    pub(crate) place: &'a str,
    pub(crate) path: &'a str,
}

/// The link that opens a membership.
pub(crate) fn invitation(
    batch: &mut Batch,
    app: &App,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    said: &Invitation<'_>,
    (at, until): (Timestamp, Timestamp),
) {
    let url = format!("{}{}", app.config.public_url, said.path);
    let heading = format!("{} invites you to {}", said.inviter, sender.name);
    let offer = format!("You are to be {}, for {}. {}", said.role, said.place, said.about);
    let letter = ui::Mail {
        heading: &heading,
        paragraphs: &[
            &offer,
            "The link works once and for seven days. With it you choose a password, or sign in if you have an account with this address.",
        ],
        action: Some(("Accept the invitation", &url)),
        why: "because somebody typed your address into an invitation. If you do not know them, leave it.",
        ..ui::Mail::default()
    };
    let subject = format!("Invitation to {}", sender.name);
    let holds = (Some((About::Invitation, said.id)), Some(until));
    post(batch, sender, recipient, &subject, &letter, at, holds);
}

/// What a member of the staff gets instead of an invitation to the client side.
pub(crate) fn staff_not_invited(
    batch: &mut Batch,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    inviter: &str,
    at: Timestamp,
) {
    let said = format!(
        "{inviter} wanted to invite you to the client side of {}. Your address is on its staff list, and the organization keeps the two apart, so there is no link in this letter.",
        sender.name
    );
    let letter = ui::Mail {
        heading: "You could not be invited",
        paragraphs: &[
            &said,
            "There is nothing to do. If you need such an account, use another address of yours.",
        ],
        why: "because somebody typed your address into an invitation.",
        ..ui::Mail::default()
    };
    let subject = format!("No invitation to {}", sender.name);
    post(batch, sender, recipient, &subject, &letter, at, FOR_EVER);
}

/// "Somebody asks for access", to those who can grant it.
pub(crate) fn access_asked(
    batch: &mut Batch,
    app: &App,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    said: &str,
    path: &str,
    at: Timestamp,
) {
    let url = format!("{}{path}", app.config.public_url);
    let letter = ui::Mail {
        heading: "Somebody asks for access",
        paragraphs: &[
            said,
            "The page of the request says whether there is such a record, and what stands in between.",
        ],
        action: Some(("Answer the request", &url)),
        why: "because your roles let you give roles to this person.",
        ..ui::Mail::default()
    };
    post(batch, sender, recipient, "Somebody asks for access", &letter, at, (None, None));
}

/// The answer, to the one who asked: granted or not, for which address, and what was said.
pub(crate) fn access_answered(
    batch: &mut Batch,
    app: &App,
    sender: Sender<'_>,
    recipient: &EmailAddress,
    (granted, path, note): (bool, &str, &str),
    at: Timestamp,
) {
    let heading = if granted { "You can see it now" } else { "Your request was declined" };
    let asked = format!("You asked to see {path}.");
    let mut paragraphs = vec![asked.as_str()];
    if !note.is_empty() {
        paragraphs.push(note);
    }
    let url = format!("{}/", app.config.public_url);
    let letter = ui::Mail {
        heading,
        paragraphs: &paragraphs,
        action: Some(("Open Bailiwick", &url)),
        why: "because you asked for access.",
        ..ui::Mail::default()
    };
    post(batch, sender, recipient, heading, &letter, at, (None, None));
}
