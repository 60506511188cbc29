//! The audit journal: append only, one chain per organization, each line sealed over the line before.

use kernel::id::{AccountId, JournalEntryId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Batch, FromRow, Row, Store, params};

/// The action of the line that attests a checkpoint.
const REMOVE: &str = "remove_old_lines";
/// So many lines are removed in one batch, so that others write in between.
const CHUNK: i64 = 5_000;
/// A walk is begun anew so often when old lines are removed under it.
const TRIES: u8 = 3;

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
    let rights = i64::from(bears_on_rights(entry.resource, entry.action));
    let search = crate::fold(&format!("{} {}", entry.label, entry.name));
    batch.run(
        "insert into journal (id, organization_id, sequence, at, account_id, membership_id, name, roles, action, \
           resource, record_id, label, detail, address, hash, rights, search) \
         select $1, h.organization_id, h.sequence, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, h.hash, $14, $15 \
         from journal_heads h where h.organization_id = $2",
        params![
            id, entry.organization, entry.at, entry.account, entry.membership, entry.name, entry.roles,
            entry.action, entry.resource, entry.record, entry.label, entry.detail, entry.address, rights, search
        ],
    );
}

/// Does such a line speak of what somebody may do? Those make the report of roles and permissions.
fn bears_on_rights(resource: &str, action: &str) -> bool {
    matches!(resource, "assignment" | "role" | "feature" | "api_token")
        || matches!(
            action,
            "give_role"
                | "take_role"
                | "change_role"
                | "confirm_role"
                | "save_account"
                | "change_portal_account"
                | "set_emergency_access"
                | "accept_invitation"
                | "invite"
                | "revoke_invitation"
                | "deactivate"
                | "reactivate"
                | "set_switches"
                | "set_features"
        )
}

struct Line {
    sequence: i64,
    at: Timestamp,
    what: String,
    /// The checkpoint that the line attests, if it does.
    attests: Option<String>,
    payload: String,
    hash: Vec<u8>,
}

/// What the line of a removal says: up to which line, and that line's hash.
fn attestation(through: i64, hash: &[u8]) -> String {
    format!("{{\"through\":{through},\"hash\":\"{}\"}}", hex(hash))
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
        let attests = (action == REMOVE).then(|| detail.clone());
        Ok(Self {
            payload: entry.payload(row.get(0)?),
            hash: row.get(13)?,
            sequence: row.get(14)?,
            at: entry.at,
            what: format!("{action} {resource}"),
            attests,
        })
    }
}

/// An unbroken chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbroken {
    /// How many lines were walked.
    pub lines: u64,
    /// The last line that was removed by the retention setting; 0 where none was.
    pub removed: i64,
    /// The number of the newest line.
    pub head: i64,
    /// Its hash. Kept somewhere else, it proves later that nothing before it was changed.
    pub hash: Vec<u8>,
}

type Mark = (i64, Vec<u8>);

async fn checkpoint(store: &Store, organization: OrganizationId) -> Result<Option<Mark>> {
    store
        .first(
            "select sequence, hash from journal_checkpoints where organization_id = $1",
            params![organization],
        )
        .await
}

async fn head(store: &Store, organization: OrganizationId) -> Result<Option<Mark>> {
    store
        .first("select sequence, hash from journal_heads where organization_id = $1", params![organization])
        .await
}

/// Walks an organization's chain from its first line, or from where old lines were removed, to its head.
///
/// # Errors
/// [`Error::Conflict`] naming the first line that does not fit; or the store's.
pub async fn verify(store: &Store, organization: OrganizationId) -> Result<Unbroken> {
    let mut tries = 0;
    loop {
        let start = checkpoint(store, organization).await?;
        let walked = walk(store, organization, start.clone()).await;
        // Lines that were removed under the walk are no tampering.
        tries += 1;
        if walked.is_ok() || tries == TRIES || checkpoint(store, organization).await? == start {
            return walked;
        }
    }
}

async fn walk(store: &Store, organization: OrganizationId, start: Option<Mark>) -> Result<Unbroken> {
    // The head is read first: what is written meanwhile is not missing.
    let head = head(store, organization).await?;
    let (last, seal) = head.unwrap_or((0, Vec::new()));
    let (removed, mut previous) = start.clone().unwrap_or((0, Vec::new()));
    let mut expected = removed + 1;
    let mut attested = None;
    store
        .each(
            "select id, organization_id, at, account_id, membership_id, name, roles, action, resource, record_id, \
               label, detail, address, hash, sequence \
             from journal where organization_id = $1 and sequence > $2 and sequence <= $3 order by sequence",
            params![organization, removed, last],
            |line: Line| {
                if line.sequence != expected {
                    return Err(Error::conflict(format!(
                        "line {expected} is missing; the next one there is line {} ({}, {})",
                        line.sequence, line.what, line.at
                    )));
                }
                let hash = Sha256::new().chain_update(&previous).chain_update(line.payload.as_bytes()).finalize();
                if line.hash != hash.as_slice() {
                    return Err(Error::conflict(format!(
                        "line {expected} of the journal ({}, {}) does not fit the line before it: one of the two was changed",
                        line.what, line.at
                    )));
                }
                attested = line.attests.or(attested.take());
                previous = line.hash;
                expected += 1;
                Ok(())
            },
        )
        .await?;
    if last != expected - 1 || seal != previous {
        return Err(Error::conflict(format!(
            "lines are missing at the end of the journal: it should go up to line {last} and goes up to line {}",
            expected - 1
        )));
    }
    let claimed = start.map(|(through, hash)| attestation(through, &hash));
    if claimed != attested {
        return Err(Error::conflict(format!(
            "line {} is where the journal begins, but no line of it says that the ones before were removed",
            removed + 1
        )));
    }
    Ok(Unbroken { lines: u64::try_from(last - removed).unwrap_or(0), removed, head: last, hash: seal })
}

/// Bytes as people compare them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Removes the lines before an instant, as the retention setting asks. The hash of the last one that goes is kept as
/// a checkpoint, and a new line attests it, so that the rest stays verifiable. The newest line always stays. Answers
/// how many went.
///
/// # Errors
/// The store's.
pub async fn remove_before(
    store: &Store,
    organization: OrganizationId,
    before: Timestamp,
    now: Timestamp,
) -> Result<u64> {
    let Some((newest, _)) = head(store, organization).await? else { return Ok(0) };
    let done = checkpoint(store, organization).await?.map_or(0, |(sequence, _)| sequence);
    let first_kept: (Option<i64>,) = store
        .one(
            "select min(sequence) from journal where organization_id = $1 and at >= $2",
            params![organization, before],
        )
        .await?;
    let through = first_kept.0.unwrap_or(newest).min(newest) - 1;
    if through > done {
        let last: Option<(Vec<u8>,)> = store
            .first(
                "select hash from journal where organization_id = $1 and sequence = $2",
                params![organization, through],
            )
            .await?;
        // A journal with holes is evidence; nothing is taken from it.
        let Some((hash,)) = last else { return Ok(0) };
        let mut batch = Batch::new();
        batch.guard(
            "insert into journal_checkpoints (organization_id, sequence, hash, made_at) values ($1, $2, $3, $4) \
             on conflict (organization_id) do update set \
               sequence = excluded.sequence, hash = excluded.hash, made_at = excluded.made_at \
             where journal_checkpoints.sequence < excluded.sequence",
            params![organization, through, hash.as_slice(), now],
            Error::conflict("another node removed the same lines"),
        );
        let detail = attestation(through, &hash);
        append(
            &mut batch,
            &Entry {
                organization,
                at: now,
                account: None,
                membership: None,
                name: "Retention",
                roles: "",
                action: REMOVE,
                resource: "audit",
                record: None,
                label: "Journal",
                detail: &detail,
                address: "",
            },
        );
        match store.commit(batch).await {
            Ok(_) => {}
            Err(Error::Conflict(_)) => return Ok(0),
            Err(other) => return Err(other),
        }
    }
    remove_through(store, organization, through.max(done)).await
}

/// Takes away what a checkpoint covers, and what an interrupted removal left.
async fn remove_through(store: &Store, organization: OrganizationId, through: i64) -> Result<u64> {
    let mut gone = 0;
    loop {
        let (first,): (Option<i64>,) = store
            .one("select min(sequence) from journal where organization_id = $1", params![organization])
            .await?;
        let Some(first) = first.filter(|first| *first <= through) else { return Ok(gone) };
        let mut batch = Batch::new();
        let slot = batch.run(
            "delete from journal where organization_id = $1 and sequence <= $2",
            params![organization, (first + CHUNK - 1).min(through)],
        );
        gone += store.commit(batch).await?.touched(slot);
    }
}
