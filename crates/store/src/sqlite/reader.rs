//! Reads: short ones on the thread that asks, long ones on threads of their own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use kernel::{Error, Result};
use rusqlite::Connection;

use super::{Purpose, connect, error, prepare};
use crate::row::{FromRow, Row};
use crate::value::Value;

/// Rows handed over at a time by a long read, and how many such parcels may wait: what is in flight is bounded.
const PARCEL: usize = 64;
const PARCELS: usize = 4;

type Work = Box<dyn FnOnce(&Connection) + Send>;

/// All reading connections of one store.
pub(super) struct Readers {
    path: PathBuf,
    /// Tells this store's connections from another's among the thread's own.
    key: u64,
    shelf: Arc<Shelf>,
    long: Mutex<Option<Sender<Work>>>,
}

/// The store's side of the thread-local connections: closes them when the store goes.
#[derive(Default)]
struct Shelf {
    slots: Mutex<Vec<Weak<Slot>>>,
    closed: std::sync::atomic::AtomicBool,
}

/// A connection that one thread uses and the store can close.
type Slot = Mutex<Option<Connection>>;

/// A thread's hold on its connection; the connection closes with the thread.
struct Hold(Arc<Slot>);

thread_local! {
    static MINE: RefCell<HashMap<u64, Hold>> = RefCell::new(HashMap::new());
}

impl Readers {
    pub(super) fn start(path: &Path, long: usize) -> Result<Self> {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..long.max(1) {
            let (path, receiver) = (path.to_owned(), Arc::clone(&receiver));
            std::thread::Builder::new()
                .name(format!("store-read-{number}"))
                .spawn(move || read_long(&path, &receiver))
                .map_err(|cause| Error::Unavailable(format!("cannot start a reader: {cause}")))?;
        }
        Ok(Self {
            path: path.to_owned(),
            key: KEYS.fetch_add(1, Ordering::Relaxed),
            shelf: Arc::default(),
            long: Mutex::new(Some(sender)),
        })
    }

    /// Runs a short read on this thread's own connection.
    pub(super) fn here<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let slot = MINE.with_borrow_mut(|mine| {
            if !mine.contains_key(&self.key) {
                mine.retain(|_, hold| Arc::weak_count(&hold.0) > 0);
            }
            Arc::clone(&mine.entry(self.key).or_insert_with(|| Hold(self.shelf.slot())).0)
        });
        let mut connection = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shelf.closed.load(Ordering::Acquire) {
            return Err(Error::Unavailable("the store is closed".into()));
        }
        if connection.is_none() {
            *connection = Some(connect(&self.path, Purpose::Read)?);
        }
        connection.as_ref().map_or_else(|| Err(Error::internal("no connection")), read)
    }

    /// Runs a long read on one of the reader threads and takes its rows here, a parcel at a time.
    pub(super) async fn each<T, F>(&self, sql: String, params: Vec<Value>, mut take: F) -> Result<()>
    where
        T: FromRow + Send + 'static,
        F: FnMut(T) -> Result<()>,
    {
        let (parcels, mut arriving) = tokio::sync::mpsc::channel(PARCELS);
        let work: Work = Box::new(move |connection| {
            let end = send_rows::<T>(connection, &sql, &params, &parcels);
            let _ = parcels.blocking_send(Parcel::End(end));
        });
        let gone = || Error::Unavailable("the store is closed".into());
        let sender = self.long.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(gone)?;
        sender.send(work).map_err(|_gone| gone())?;
        drop(sender);
        while let Some(parcel) = arriving.recv().await {
            match parcel {
                Parcel::Rows(rows) => rows.into_iter().try_for_each(&mut take)?,
                Parcel::End(end) => return end,
            }
        }
        // Without an end the rows may be cut short: that must never look like a whole answer.
        Err(Error::internal("a long read broke off"))
    }

    pub(super) fn close(&self) {
        self.shelf.close();
        self.long.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shelf {
    fn slot(&self) -> Arc<Slot> {
        let slot = Arc::new(Slot::default());
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|slot| slot.strong_count() > 0);
        slots.push(Arc::downgrade(&slot));
        slot
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let slots = std::mem::take(&mut *self.slots.lock().unwrap_or_else(PoisonError::into_inner));
        for slot in slots.iter().filter_map(Weak::upgrade) {
            slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }
}

/// Something a long read hands over.
enum Parcel<T> {
    Rows(Vec<T>),
    End(Result<()>),
}

fn send_rows<T: FromRow>(
    connection: &Connection,
    sql: &str,
    params: &[Value],
    parcels: &tokio::sync::mpsc::Sender<Parcel<T>>,
) -> Result<()> {
    let mut statement = prepare(connection, sql, params)?;
    let mut rows = statement.raw_query();
    let mut parcel = Vec::with_capacity(PARCEL);
    while let Some(row) = rows.next().map_err(error)? {
        parcel.push(T::from_row(&Row::sqlite(row))?);
        if parcel.len() == PARCEL {
            let full = std::mem::replace(&mut parcel, Vec::with_capacity(PARCEL));
            if parcels.blocking_send(Parcel::Rows(full)).is_err() {
                return Ok(()); // nobody listens any more
            }
        }
    }
    let _ = parcels.blocking_send(Parcel::Rows(parcel));
    Ok(())
}

fn read_long(path: &Path, work: &Mutex<Receiver<Work>>) {
    let mut connection = None;
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        if connection.is_none() {
            connection = connect(path, Purpose::Read)
                .inspect_err(|error| tracing::error!(?error, "a reader cannot open the database"))
                .ok();
        }
        // Dropping the work unrun, or half run, closes its channel without an end, which its asker notices.
        if let Some(connection) = &connection {
            let run = std::panic::AssertUnwindSafe(|| work(connection));
            if std::panic::catch_unwind(run).is_err() {
                tracing::error!("a long read panicked");
            }
        }
    }
}
