//! Mail in tests: what the outbox holds, the work that fills it, and a mail server that keeps what it is given.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use jobs::mail::{MailState, Transport};
use kernel::Result;
use store::{FromRow, Row};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::app::TestApp;

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// The HTML body.
    pub html: String,
    /// The plain body.
    pub plain: String,
    /// Why they get it.
    pub why: String,
    /// On its way.
    pub state: MailState,
    /// What stops more of its sort.
    pub unsubscribe: Option<String>,
}

impl FromRow for Mail {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            to: row.get(0)?,
            subject: row.get(1)?,
            html: row.get(2)?,
            plain: row.get(3)?,
            why: row.get(4)?,
            state: row.number(5)?,
            unsubscribe: row.get(6)?,
        })
    }
}

impl TestApp {
    /// Everything in the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<Mail> {
        self.app
            .store
            .all(
                "select recipient, subject, html, plain, why, state, unsubscribe from mails order by created_at, recipient, id",
                [],
            )
            .await
            .expect("the outbox is read")
    }

    /// Works out what happened, without sending it.
    pub async fn expand(&self) -> usize {
        web::notices::expand_waiting(&self.app).await.expect("events are worked out")
    }

    /// Sends what waits in the outbox.
    pub async fn send_mail(&self, transport: &Transport) -> usize {
        let look = web::notices::Worker(self.app.clone());
        jobs::mail::send_waiting(&self.app.store, &self.clock, transport, &look)
            .await
            .expect("the outbox is sent")
    }

    /// Works out what happened, gathers daily messages, and sends everything into a folder.
    pub async fn deliver(&self) {
        self.expand().await;
        web::notices::send_digests(&self.app).await.expect("daily messages are gathered");
        let folder = tempfile::tempdir().expect("a folder");
        let transport =
            Transport::folder(folder.path(), "Bailiwick <mail@example.com>").expect("a transport");
        self.send_mail(&transport).await;
    }
}

/// A mail server on this machine that takes everything and keeps it.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    letters: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl MailServer {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&kept)));
            }
        });
        Self { address, letters, task }
    }

    /// The way to it, as the program's settings name it.
    #[must_use]
    pub fn transport(&self) -> Transport {
        let url = format!("smtp://{}", self.address);
        Transport::smtp(&url, "Bailiwick <mail@example.com>").unwrap_or_else(|error| panic!("{error}"))
    }

    /// What it was given, whole: headers and bodies as they came over the wire.
    #[must_use]
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// RFC 5321, as much of it as a client needs that only wants to hand something over.
async fn talk(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 ok\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut letter = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    letter.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.push('\n');
                }
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                b"250 kept\r\n"
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => b"500 what?\r\n",
        };
        writer.write_all(answer).await.ok()?;
    }
    Some(())
}
