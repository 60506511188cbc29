//! What is written into the audit journal, from the context of a request.

use kernel::id::{Id, Kind};
use serde::Serialize;
use store::Batch;
use store::journal::Entry;

use crate::context::Ctx;

impl Ctx {
    /// Adds a line to the journal, in the same batch as the change: who, in which roles, did what to which record,
    /// from where. `detail` holds before and after; it never holds secrets.
    pub fn journal<K: Kind>(
        &self,
        batch: &mut Batch,
        action: &str,
        resource: access::Resource,
        record: Option<Id<K>>,
        label: &str,
        detail: &impl Serialize,
    ) {
        store::journal::append(
            batch,
            &Entry {
                organization: self.who.organization,
                at: self.now(),
                account: Some(self.who.account),
                membership: Some(self.who.membership),
                name: &self.who.name,
                roles: &self.role_names(),
                action,
                resource: resource.word(),
                record: record.map(Id::uuid),
                label,
                detail: &serde_json::to_string(detail).unwrap_or_default(),
                address: &self.wire.address,
            },
        );
    }
}
