//! Tables as files: CSV that spreadsheets open right and that cannot make them run anything.
//!
//! UTF-8 with a byte-order mark, because without it Excel reads the file in the machine's old code page and breaks
//! every accented name; LibreOffice, Numbers and CSV libraries take the mark as well. Lines end in CRLF (RFC 4180).
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front, unless it is a plain number:
//! reports hold text that outsiders typed, and whoever opens the export must not run it.
//!
//! ```ignore
//! csv::download("incidents.csv", &["Number", "Site"], move |rows| async move {
//!     listing(&ctx)?.each(ctx.store(), |incident: Exported| rows.write([&incident.number, &incident.site])).await
//! })
//! .await
//! ```

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use ::csv::{Terminator, WriterBuilder};
use axum::body::Body;
use axum::body::Bytes;
use kernel::{Error, Result};
use tokio::sync::mpsc;

use crate::Answer;
use crate::problem::Failure;
use crate::reply;

/// This many bytes are handed to the connection at a time.
const CHUNK: usize = 32 * 1024;
/// So many chunks may wait for a slow reader before the reading of rows stops, too.
const WAITING: usize = 4;
/// Whoever takes nothing for this long is gone. Without an end, a few sleeping browsers would hold every long read
/// of the store.
const PATIENCE: Duration = Duration::from_secs(60);

/// What stands first in the file.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where rows of a download are written. Clones write to the same file.
#[derive(Clone, Debug)]
pub struct Writer(Arc<Mutex<::csv::Writer<Vec<u8>>>>);

impl Writer {
    fn new() -> Self {
        let inner =
            WriterBuilder::new().terminator(Terminator::CRLF).flexible(false).from_writer(MARK.to_vec());
        Self(Arc::new(Mutex::new(inner)))
    }

    /// Writes one row: as many cells as there are headers, each made harmless.
    ///
    /// # Errors
    /// [`Error::Internal`] for a row of another width.
    pub fn write<I>(&self, cells: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for cell in cells {
            inner.write_field(harmless(cell.as_ref()).as_bytes()).map_err(Error::internal)?;
        }
        inner.write_record(None::<&[u8]>).map_err(Error::internal)
    }

    /// Takes what was written so far, if it is worth sending.
    fn take(&self, least: usize) -> Result<Option<Bytes>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.flush().map_err(Error::internal)?;
        let written = inner.get_ref().len();
        if written == 0 || written < least {
            return Ok(None);
        }
        // The width of the rows lives in the writer, so a fresh one starts with the width of the next row.
        let fresh = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::with_capacity(CHUNK));
        let full = std::mem::replace(&mut *inner, fresh);
        let bytes = full.into_inner().map_err(|e| Error::internal(e.error()))?;
        Ok(Some(Bytes::from(bytes)))
    }
}

/// Where lines of JSON are written, one value a line. Clones write to the same file.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Writes one value as a line.
    ///
    /// # Errors
    /// Those of serialization.
    pub fn write(&self, value: &impl serde::Serialize) -> Result<()> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::to_writer(&mut *inner, value).map_err(Error::internal)?;
        inner.push(b'\n');
        Ok(())
    }
}

/// What is written and leaves in chunks.
trait Chunks: Send + Sync + 'static {
    /// Takes what was written so far, if it is worth sending.
    fn take(&self, least: usize) -> Result<Option<Bytes>>;
}

impl Chunks for Lines {
    fn take(&self, least: usize) -> Result<Option<Bytes>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_empty() || inner.len() < least {
            return Ok(None);
        }
        Ok(Some(Bytes::from(std::mem::take(&mut *inner))))
    }
}

impl Chunks for Writer {
    fn take(&self, least: usize) -> Result<Option<Bytes>> {
        Self::take(self, least)
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe in front,
/// unless it is a plain number. The full-width signs count, since some locales read them as their narrow ones.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    let risky = cell
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if risky && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Digits with at most a sign, a point and an exponent; not the words that [`f64`] takes besides.
fn is_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && cell.parse::<f64>().is_ok()
}

/// Answers with a file of rows as they are read. `rows` writes them; nothing is held but a few chunks, and when the
/// browser is slow the reading waits for it.
///
/// # Errors
/// What `rows` answers before the first chunk is full. A failure after that breaks the connection off: a file cut
/// short must never look whole.
pub async fn download<F, R>(name: &str, headers: &[&str], rows: F) -> Answer
where
    F: FnOnce(Writer) -> R,
    R: Future<Output = Result<()>> + Send + 'static,
{
    let writer = Writer::new();
    writer.write(headers)?;
    stream(name, "text/csv; charset=utf-8", rows(writer.clone()), writer).await
}

/// Answers with a file of JSON values, one a line, as they are read (see [`download`]).
///
/// # Errors
/// As [`download`].
pub async fn download_lines<F, R>(name: &str, rows: F) -> Answer
where
    F: FnOnce(Lines) -> R,
    R: Future<Output = Result<()>> + Send + 'static,
{
    let lines = Lines::default();
    stream(name, "application/x-ndjson", rows(lines.clone()), lines).await
}

async fn stream<R>(name: &str, media_type: &'static str, rows: R, written: impl Chunks) -> Answer
where
    R: Future<Output = Result<()>> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::spawn(carry(rows, written, sender));
    // The first chunk decides whether this is a file or an error page.
    let first = match receiver.recv().await {
        Some(Ok(first)) => first,
        Some(Err(error)) => return Err(Failure(error)),
        // Nothing was written, and nothing went wrong: an empty file.
        None => Bytes::new(),
    };
    let mut first = Some(first);
    let chunks = futures::stream::poll_fn(move |cx| match first.take() {
        Some(first) => Poll::Ready(Some(Ok(first))),
        None => receiver.poll_recv(cx),
    });
    Ok(reply::download(name, media_type, Body::from_stream(chunks)))
}

/// Runs the writing of rows and carries what is written to the connection, until both are through or the browser
/// has gone.
async fn carry<R>(rows: R, writer: impl Chunks, sender: mpsc::Sender<Result<Bytes>>)
where
    R: Future<Output = Result<()>>,
{
    let mut rows = pin!(rows);
    loop {
        // Rows are written without waiting, so the pauses of the reading are where chunks leave.
        let step = poll_fn(|cx| match rows.as_mut().poll(cx) {
            Poll::Ready(end) => Poll::Ready((Some(end), writer.take(1))),
            Poll::Pending => match writer.take(CHUNK) {
                Ok(None) => Poll::Pending,
                full => Poll::Ready((None, full)),
            },
        });
        let (end, written) = step.await;
        let last = end.is_some() || written.is_err();
        let message = match (end, written) {
            (Some(Err(error)), _) | (_, Err(error)) => Some(Err(error)),
            (_, Ok(written)) => written.map(Ok),
        };
        if let Some(message) = message {
            match tokio::time::timeout(PATIENCE, sender.send(message)).await {
                Ok(Ok(())) => {}
                // Nobody listens any more, or somebody sleeps: let the reading go.
                _ => return,
            }
        }
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[test]
    fn what_looks_like_a_formula_is_made_harmless() {
        for formula in [
            "=1+1",
            "=HYPERLINK(\"http://x\",\"y\")",
            "+1-2",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "+49 30 901820",
            "-",
            "-inf",
            "+nan",
            "＝1+1",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"), "{formula:?}");
        }
        for plain in ["", "Dock 4", "-71.093", "+12", "-1e3", "1=2", "'=1", "a@b.example", "2026-11-23"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    async fn body(answer: Answer) -> std::result::Result<String, axum::Error> {
        let Ok(reply) = answer else { panic!("an answer") };
        let bytes = reply.0.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_file_has_its_mark_headers_quotes_and_line_ends() {
        let answer = download("sites.csv", &["Name", "Note"], |rows| async move {
            rows.write(["Café", "a, \"b\"\r\nc"])?;
            rows.write(["=cmd|' /C calc'!A0", "-5"])
        })
        .await;
        let text = body(answer).await.unwrap();
        assert_eq!(text, "\u{feff}Name,Note\r\nCafé,\"a, \"\"b\"\"\r\nc\"\r\n'=cmd|' /C calc'!A0,-5\r\n");
    }

    #[tokio::test]
    async fn many_rows_leave_in_chunks_and_none_is_lost() {
        let answer = download("many.csv", &["n", "text"], |rows| async move {
            for n in 0..20_000 {
                rows.write([n.to_string().as_str(), "some text to fill the line"])?;
                if n % 64 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            Ok(())
        })
        .await;
        let text = body(answer).await.unwrap();
        assert_eq!(text.lines().count(), 20_001);
        assert!(text.ends_with("19999,some text to fill the line\r\n"), "the last row is there");
    }

    #[tokio::test]
    async fn a_failure_is_an_error_page_at_first_and_a_broken_file_later() {
        let early = download("x.csv", &["n"], |_| async { Err(Error::forbidden("no")) }).await;
        assert!(matches!(early, Err(Failure(Error::Forbidden(_)))));
        let late = download("x.csv", &["n"], |rows| async move {
            for n in 0..20_000 {
                rows.write([n.to_string()])?;
                tokio::task::yield_now().await;
            }
            Err(Error::internal("the disk went away"))
        })
        .await;
        assert!(body(late).await.is_err());
    }
}
