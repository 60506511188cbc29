//! The mail outbox.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use access::Permit;
use kernel::id::{MailId, OrganizationId};
use kernel::text::{EmailAddress, closed};
use kernel::{Clock, Error, Result, Timestamp};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::Later;

closed! {
    /// Where a message is on its way.
    pub enum MailState: i64 {
        /// Waits to leave.
        Waiting = 0 => "waiting",
        /// Left.
        Sent = 1 => "sent",
        /// Given up after many tries; an administrator sees it and can send it again.
        Dead = 2 => "dead",
        /// Not sent after all: before it left, whoever it was for could no longer see what it is about, or no longer
        /// wanted it.
        Withdrawn = 4 => "withdrawn",
    }
}

closed! {
    /// What a message is about, where sending it again depends on how that stands by then.
    pub enum About: i64 {
        /// An invitation: its link works only until it is accepted, taken back or sent again.
        Invitation = 0 => "invitation",
    }
}

/// A message to be sent.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// The tenant it is from; none for messages about the sign-in itself.
    pub organization: Option<OrganizationId>,
    /// To whom.
    pub recipient: &'a EmailAddress,
    /// Subject line.
    pub subject: &'a str,
    /// The HTML body.
    pub html: &'a str,
    /// The plain body.
    pub plain: &'a str,
    /// Why the person gets it; every message says so.
    pub why: &'a str,
    /// When it was decided.
    pub at: Timestamp,
    /// What it is about.
    pub about: Option<(About, Uuid)>,
    /// From then on what it says no longer holds, and it is not sent any more.
    pub good_until: Option<Timestamp>,
}

/// Puts a message into the batch that brings it about.
pub fn enqueue(batch: &mut Batch, mail: &NewMail<'_>) -> MailId {
    let id = MailId::new();
    batch.run(
        "insert into mails (id, organization_id, recipient, subject, html, plain, why, next_at, created_at, about, about_id, \
           good_until) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)",
        params![
            id,
            mail.organization,
            mail.recipient,
            mail.subject,
            mail.html,
            mail.plain,
            mail.why,
            mail.at,
            mail.about.map(|(about, _)| about.number()),
            mail.about.map(|(_, id)| id),
            mail.good_until
        ],
    );
    id
}

/// Puts a message about a record into a batch. It is looked at once more before it leaves ([`LastLook`]);
/// `unsubscribe` is the address that stops more of its sort with one press (RFC 8058).
pub fn enqueue_notice(batch: &mut Batch, mail: &NewMail<'_>, unsubscribe: &str) -> MailId {
    let id = enqueue(batch, mail);
    batch.run("update mails set notice = 1, unsubscribe = $2 where id = $1", params![id, unsubscribe]);
    id
}

/// Has a message that was given up, or waits for its next try, sent again. Whether it may still leave was asked before.
pub fn send_again(batch: &mut Batch, permit: &Permit, id: MailId, now: Timestamp) {
    batch.guard(
        "update mails set state = 0, attempts = 0, next_at = $3, error = null \
         where organization_id = $1 and id = $2 and (state = 2 or (state = 0 and attempts > 0))",
        params![permit.organization(), id, now],
        Error::conflict("this message is on its way already"),
    );
}

/// What becomes of a message that is about to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It leaves as it is.
    Send,
    /// It leaves with other words: what it is about has changed.
    Instead {
        /// Subject line.
        subject: String,
        /// The HTML body.
        html: String,
        /// The plain body.
        plain: String,
        /// Why the person gets it.
        why: String,
    },
    /// It does not leave.
    Withdraw(String),
}

/// Whoever looks at messages about records once more before they leave: hours may lie between the decision and a mail
/// server that answers, and what was taken back meanwhile must not be told.
pub trait LastLook: Send + Sync {
    /// The verdict about a message. What else follows from it goes into the batch.
    fn look<'a>(&'a self, mail: MailId, into: &'a mut Batch) -> Later<'a, Result<Verdict>>;
}

/// How messages leave.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Through an SMTP server.
    Smtp {
        /// The connection.
        server: AsyncSmtpTransport<Tokio1Executor>,
        /// The sender.
        from: Mailbox,
    },
    /// Into a folder, one file a message, until SMTP is set.
    Folder {
        /// The folder, made if it is not there.
        path: PathBuf,
        /// The sender.
        from: Mailbox,
    },
}

impl Transport {
    /// An SMTP server by URL: `smtp://user:password@host:587?tls=required`, `smtps://host`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a URL or sender that cannot be used.
    pub fn smtp(url: &str, from: &str) -> Result<Self> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|e| Error::BadRequest(format!("the SMTP address cannot be used: {e}")))?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        Ok(Self::Smtp { server, from: sender(from)? })
    }

    /// A folder.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a sender that cannot be used.
    pub fn folder(path: impl Into<PathBuf>, from: &str) -> Result<Self> {
        Ok(Self::Folder { path: path.into(), from: sender(from)? })
    }

    fn from(&self) -> &Mailbox {
        match self {
            Self::Smtp { from, .. } | Self::Folder { from, .. } => from,
        }
    }
}

fn sender(from: &str) -> Result<Mailbox> {
    from.parse().map_err(|e| Error::BadRequest(format!("the sender {from} cannot be used: {e}")))
}

struct Waiting {
    id: MailId,
    recipient: String,
    subject: String,
    html: String,
    plain: String,
    attempts: i64,
    notice: bool,
    unsubscribe: Option<String>,
    good_until: Option<Timestamp>,
}

impl FromRow for Waiting {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            recipient: row.get(1)?,
            subject: row.get(2)?,
            html: row.get(3)?,
            plain: row.get(4)?,
            attempts: row.get(5)?,
            notice: row.get::<i64>(6)? == 1,
            unsubscribe: row.get(7)?,
            good_until: row.get(8)?,
        })
    }
}

/// A claim lasts this long; a node that dies loses it.
const LEASE: i64 = 120_000_000;
/// After this many tries a message is given up.
const MOST_ATTEMPTS: i64 = 12;

/// Sends what waits. Answers how many left.
///
/// # Errors
/// The store's; a message that cannot be sent is noted and tried again, not an error.
pub async fn send_waiting(
    store: &Store,
    clock: &Clock,
    transport: &Transport,
    look: &dyn LastLook,
) -> Result<usize> {
    let now = clock.now();
    let candidates: Vec<(MailId,)> = store
        .all(
            "select id from mails where state = 0 and next_at <= $1 and (leased_until is null or leased_until < $1) \
             order by next_at limit 50",
            params![now],
        )
        .await?;
    let mut sent = 0;
    for (id,) in candidates {
        let Some(mut mail) = claim(store, id, now).await? else { continue };
        let mut batch = Batch::new();
        let outcome = match last_look(look, &mut mail, now, &mut batch).await {
            Ok(true) => deliver(transport, &mail).await,
            Ok(false) => {
                store.commit(batch).await?;
                continue;
            }
            Err(error) => {
                batch = Batch::new();
                Err(error.to_string())
            }
        };
        match outcome {
            Ok(()) => {
                batch.run(
                    "update mails set state = 1, sent_at = $2, attempts = attempts + 1, error = null, leased_until = null \
                     where id = $1",
                    params![mail.id, clock.now()],
                );
                sent += 1;
            }
            Err(error) => {
                let tries = mail.attempts + 1;
                let state = if tries >= MOST_ATTEMPTS { MailState::Dead } else { MailState::Waiting };
                // 15 s, 30 s, 1 min … about 9 hours in all.
                let pause = 15_000_000i64 << tries.min(11);
                tracing::warn!(mail.id = %mail.id, tries, %error, "a message could not be sent");
                batch.run(
                    "update mails set state = $2, attempts = $3, next_at = $4, error = $5, leased_until = null where id = $1",
                    params![mail.id, state.number(), tries, now.as_microsecond() + pause, error],
                );
            }
        }
        store.commit(batch).await?;
    }
    Ok(sent)
}

async fn claim(store: &Store, id: MailId, now: Timestamp) -> Result<Option<Waiting>> {
    let mut batch = Batch::new();
    let slot = batch.returning(
        "update mails set leased_until = $2 where id = $1 and state = 0 and (leased_until is null or leased_until < $3) \
         returning id, recipient, subject, html, plain, attempts, notice, unsubscribe, good_until",
        params![id, now.as_microsecond() + LEASE, now],
    );
    let outcome = store.commit(batch).await?;
    Ok(outcome.rows::<Waiting>(slot)?.pop())
}

/// Does it leave? Says so in the batch if not, and changes the words if they are others now.
async fn last_look(
    look: &dyn LastLook,
    mail: &mut Waiting,
    now: Timestamp,
    batch: &mut Batch,
) -> Result<bool> {
    if mail.good_until.is_some_and(|until| until <= now) {
        withdraw(batch, mail.id, "What it says ran out before it could leave.");
        return Ok(false);
    }
    if !mail.notice {
        return Ok(true);
    }
    match look.look(mail.id, batch).await? {
        Verdict::Send => Ok(true),
        Verdict::Instead { subject, html, plain, why } => {
            batch.run(
                "update mails set subject = $2, html = $3, plain = $4, why = $5 where id = $1",
                params![mail.id, subject.as_str(), html.as_str(), plain.as_str(), why],
            );
            (mail.subject, mail.html, mail.plain) = (subject, html, plain);
            Ok(true)
        }
        Verdict::Withdraw(why) => {
            withdraw(batch, mail.id, &why);
            Ok(false)
        }
    }
}

fn withdraw(batch: &mut Batch, id: MailId, why: &str) {
    batch.run(
        "update mails set state = $2, error = $3, leased_until = null where id = $1",
        params![id, MailState::Withdrawn.number(), why],
    );
}

async fn deliver(transport: &Transport, mail: &Waiting) -> std::result::Result<(), String> {
    let to: Mailbox = mail.recipient.parse().map_err(|e| format!("{e}"))?;
    let mut message = Message::builder()
        .from(transport.from().clone())
        .to(to)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@bailiwick>", mail.id)))
        // No holiday answers to a machine.
        .raw_header(header("Auto-Submitted", "auto-generated")?);
    if let Some(url) = &mail.unsubscribe {
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{url}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let message = message
        .multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))
        .map_err(|e| e.to_string())?;
    match transport {
        Transport::Smtp { server, .. } => server.send(message).await.map(|_| ()).map_err(|e| e.to_string()),
        Transport::Folder { path, .. } => {
            tokio::fs::create_dir_all(path).await.map_err(|e| e.to_string())?;
            // A message that is written twice after a crash overwrites itself.
            let file = path.join(format!("{}.eml", mail.id));
            tokio::fs::write(file, message.formatted()).await.map_err(|e| e.to_string())
        }
    }
}

fn header(name: &'static str, value: &str) -> std::result::Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| e.to_string())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// Sends what waits, again and again, until told to stop.
pub async fn run(
    store: Store,
    clock: Clock,
    transport: Transport,
    look: Arc<dyn LastLook>,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    loop {
        if let Err(error) = send_waiting(&store, &clock, &transport, &*look).await {
            tracing::warn!(%error, "the outbox could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            _ = stop.changed() => return,
        }
    }
}
