//! Who read a record, noted beside the requests: they only add to a list in memory, which is written every few
//! seconds in one batch.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use access::Resource;
use kernel::Result;
use kernel::id::{Id, Kind, MembershipId};
use store::reads::{How, Read};
use uuid::Uuid;

use crate::Answer;
use crate::app::App;
use crate::context::{Ctx, Door, Who};

/// How long reads wait for others to be written with.
const PAUSE: Duration = Duration::from_secs(3);
/// So many different reads are kept while the store cannot be written; then the oldest knowledge is all there is.
const MOST: usize = 100_000;

/// A mark on an answer: this is a record, and whoever gets the answer has read it. It stays with answers that are
/// kept, so that they count when they are given again, with or without a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    resource: Resource,
    record: Uuid,
    how: How,
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(crate) struct Reads(Mutex<HashMap<(MembershipId, Uuid, How), Read>>);

impl App {
    /// Notes that somebody got an answer that was marked.
    pub(crate) fn note_read(&self, who: &Who, roles: &str, address: &str, opened: Opened) {
        self.note_reads(who, roles, address, opened.resource, opened.how, &[opened.record]);
    }

    fn note_reads(
        &self,
        who: &Who,
        roles: &str,
        address: &str,
        resource: Resource,
        how: How,
        records: &[Uuid],
    ) {
        let now = self.clock.now();
        let first = {
            let mut waiting = self.reads.0.lock().unwrap_or_else(PoisonError::into_inner);
            let first = waiting.is_empty();
            for record in records {
                let known = waiting.len();
                match waiting.entry((who.membership, *record, how)) {
                    std::collections::hash_map::Entry::Occupied(mut there) => {
                        let read = there.get_mut();
                        read.times += 1;
                        read.at = now;
                    }
                    std::collections::hash_map::Entry::Vacant(_) if known >= MOST => {
                        tracing::error!("too many reads wait to be written; some are not noted");
                        break;
                    }
                    std::collections::hash_map::Entry::Vacant(free) => {
                        free.insert(Read {
                            organization: who.organization,
                            record: *record,
                            resource: resource.word(),
                            how,
                            membership: who.membership,
                            account: who.account,
                            audience: who.audience,
                            name: who.name.clone(),
                            roles: roles.to_owned(),
                            address: address.to_owned(),
                            at: now,
                            times: 1,
                        });
                    }
                }
            }
            first
        };
        if first && !records.is_empty() {
            let app = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(PAUSE).await;
                if let Err(error) = app.write_reads().await {
                    tracing::warn!(%error, "reads could not be written; they wait");
                }
            });
        }
    }

    /// Writes what waits. Called every few seconds by itself, and once before the program ends.
    ///
    /// # Errors
    /// The store's; then everything goes on waiting.
    pub async fn write_reads(&self) -> Result<()> {
        let taken: HashMap<_, _> =
            std::mem::take(&mut *self.reads.0.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<Read> = taken.into_values().collect();
        rows.sort_by_key(|read| (read.at, read.record));
        let done = store::reads::keep(&self.store, &rows).await;
        if done.is_err() {
            let mut waiting = self.reads.0.lock().unwrap_or_else(PoisonError::into_inner);
            for read in rows {
                waiting.entry((read.membership, read.record, read.how)).or_insert(read);
            }
        }
        done
    }
}

impl Ctx {
    /// Who reads, and in which roles: in a preview the one who looks, not the one whose eyes they look through.
    pub(crate) fn reader(&self) -> (&Who, String) {
        match &self.preview {
            Some(preview) => (&preview.asker, preview.asker_roles.clone()),
            None => (&self.who, self.role_names()),
        }
    }

    /// Marks an answer: whoever gets it has read this record. Only records that people ask about afterwards are
    /// marked: who saw a report?
    ///
    /// # Errors
    /// Those of the answer.
    pub fn opened<K: Kind>(&self, resource: Resource, record: Id<K>, answer: Answer) -> Answer {
        let how = if self.door == Door::Api { How::Api } else { How::Page };
        mark(answer, Opened { resource, record: record.uuid(), how })
    }

    /// Marks an answer that is a file of a record.
    ///
    /// # Errors
    /// Those of the answer.
    pub fn opened_file(&self, resource: Resource, record: Uuid, answer: Answer) -> Answer {
        mark(answer, Opened { resource, record, how: How::File })
    }

    /// Notes that records left in an export.
    pub fn exported(&self, resource: Resource, records: &[Uuid]) {
        let address = &self.wire.address;
        let (who, roles) = self.reader();
        self.app.note_reads(who, &roles, address, resource, How::Export, records);
    }
}

fn mark(answer: Answer, opened: Opened) -> Answer {
    let mut reply = answer?;
    reply.0.extensions_mut().insert(opened);
    Ok(reply)
}
