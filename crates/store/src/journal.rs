//! The audit journal: append only, one chain per organization, each line sealed over the line before.

use kernel::id::{AccountId, JournalEntryId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Batch, FromRow, Row, Store, params};

/// A line to be written.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// When.
    pub at: Timestamp,
    /// Whose sign-in.
    pub account: Option<AccountId>,
    /// Acting as which membership.
    pub membership: Option<MembershipId>,
    /// Their name then.
    pub name: &'a str,
    /// Their roles then (law 7).
    pub roles: &'a str,
    /// What was done.
    pub action: &'a str,
    /// To which kind of record.
    pub resource: &'a str,
    /// To which one.
    pub record: Option<Uuid>,
    /// What it was called then.
    pub label: &'a str,
    /// Before and after, as JSON. Never secrets.
    pub detail: &'a str,
    /// From where.
    pub address: &'a str,
}

impl Entry<'_> {
    /// What is sealed: every field, with a separator no field can hold.
    fn payload(&self, id: JournalEntryId) -> String {
        let text = |uuid: Option<Uuid>| uuid.map(|u| u.simple().to_string()).unwrap_or_default();
        [
            id.uuid().simple().to_string(),
            self.organization.uuid().simple().to_string(),
            self.at.as_microsecond().to_string(),
            text(self.account.map(kernel::Id::uuid)),
            text(self.membership.map(kernel::Id::uuid)),
            self.name.to_owned(),
            self.roles.to_owned(),
            self.action.to_owned(),
            self.resource.to_owned(),
            text(self.record),
            self.label.to_owned(),
            self.detail.to_owned(),
            self.address.to_owned(),
        ]
        .join("\u{1f}")
    }
}

/// Adds a line to the batch that makes the change it speaks of. The head row serializes writers of one
/// organization, so the chain has no forks on any number of nodes.
pub fn append(batch: &mut Batch, entry: &Entry<'_>) {
    let id = JournalEntryId::new();
    let payload = entry.payload(id);
    batch.run(
        "insert into journal_heads (organization_id, sequence, hash) \
         values ($1, 1, journal_hash(null, $2)) \
         on conflict (organization_id) do update set \
           sequence = journal_heads.sequence + 1, \
           hash = journal_hash(journal_heads.hash, $2)",
        params![entry.organization, payload.as_str()],
    );
    batch.run(
        "insert into journal (id, organization_id, sequence, at, account_id, membership_id, name, roles, action, \
           resource, record_id, label, detail, address, hash) \
         select $1, h.organization_id, h.sequence, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, h.hash \
         from journal_heads h where h.organization_id = $2",
        params![
            id, entry.organization, entry.at, entry.account, entry.membership, entry.name, entry.roles,
            entry.action, entry.resource, entry.record, entry.label, entry.detail, entry.address
        ],
    );
}

struct Line {
    sequence: i64,
    payload: String,
    hash: Vec<u8>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (name, roles, action): (String, String, String) = (row.get(5)?, row.get(6)?, row.get(7)?);
        let (resource, label, detail, address): (String, String, String, String) =
            (row.get(8)?, row.get(10)?, row.get(11)?, row.get(12)?);
        let entry = Entry {
            organization: row.get(1)?,
            at: row.get(2)?,
            account: row.get(3)?,
            membership: row.get(4)?,
            name: &name,
            roles: &roles,
            action: &action,
            resource: &resource,
            record: row.get(9)?,
            label: &label,
            detail: &detail,
            address: &address,
        };
        Ok(Self { payload: entry.payload(row.get(0)?), hash: row.get(13)?, sequence: row.get(14)? })
    }
}

/// Walks an organization's chain from its first line to its head.
///
/// # Errors
/// [`Error::Conflict`] naming the first line that does not fit; or the store's.
pub async fn verify(store: &Store, organization: OrganizationId) -> Result<u64> {
    let mut previous: Vec<u8> = Vec::new();
    let mut expected = 1i64;
    store
        .each(
            "select id, organization_id, at, account_id, membership_id, name, roles, action, resource, record_id, \
               label, detail, address, hash, sequence \
             from journal where organization_id = $1 order by sequence",
            params![organization],
            |line: Line| {
                let hash = Sha256::new().chain_update(&previous).chain_update(line.payload.as_bytes()).finalize();
                if line.sequence != expected || line.hash != hash.as_slice() {
                    return Err(Error::conflict(format!("line {expected} of the journal does not fit the line before it")));
                }
                previous = line.hash;
                expected += 1;
                Ok(())
            },
        )
        .await?;
    let head: Option<(i64, Vec<u8>)> = store
        .first("select sequence, hash from journal_heads where organization_id = $1", params![organization])
        .await?;
    let (sequence, hash) = head.unwrap_or((0, Vec::new()));
    if sequence != expected - 1 || hash != previous {
        return Err(Error::conflict("lines are missing at the end of the journal"));
    }
    Ok(u64::try_from(sequence).unwrap_or(0))
}
