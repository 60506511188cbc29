//! Who read a record: append only, written in groups behind the requests, never on their way. A read that was noted
//! less than some seconds before a crash is lost; a change and its journal line never are.

use kernel::id::{AccountId, MembershipId, OrganizationId};
use kernel::{Audience, Error, Result, Timestamp};
use uuid::Uuid;

use crate::{Batch, FromRow, Row, Store, Value, params};

/// How a record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Its page was opened.
    Page = 0,
    /// A program read it with somebody's token.
    Api = 1,
    /// A photo or file of it was opened.
    File = 2,
    /// It left in an export.
    Export = 3,
}

impl How {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::File => "file",
            Self::Export => "export",
        }
    }

    fn stored(number: i64) -> Result<Self> {
        [Self::Page, Self::Api, Self::File, Self::Export]
            .into_iter()
            .find(|how| *how as i64 == number)
            .ok_or_else(|| Error::internal(format_args!("no way of reading has number {number}")))
    }
}

/// A read, or several alike within seconds.
#[derive(Clone, Debug)]
pub struct Read {
    /// The tenant.
    pub organization: OrganizationId,
    /// The record.
    pub record: Uuid,
    /// Its kind, as the vocabulary calls it.
    pub resource: &'static str,
    /// How it was read.
    pub how: How,
    /// Who read it.
    pub membership: MembershipId,
    /// With which sign-in.
    pub account: AccountId,
    /// On which side they stand.
    pub audience: Audience,
    /// Their name then.
    pub name: String,
    /// Their roles then (law 7).
    pub roles: String,
    /// From where.
    pub address: String,
    /// When, the last time.
    pub at: Timestamp,
    /// How often.
    pub times: i64,
}

/// Rows of one statement; the engines take far more values than these.
const TOGETHER: usize = 40;
/// Statements of one batch.
const STATEMENTS: usize = 50;

/// Keeps reads.
///
/// # Errors
/// The store's.
pub async fn keep(store: &Store, reads: &[Read]) -> Result<()> {
    for some in reads.chunks(TOGETHER * STATEMENTS) {
        let mut batch = Batch::new();
        for rows in some.chunks(TOGETHER) {
            let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 13);
            let mut places = Vec::with_capacity(rows.len());
            for row in rows {
                let from = values.len();
                values.extend(params![
                    Uuid::now_v7(),
                    row.organization,
                    row.record,
                    row.resource,
                    row.how as i64,
                    row.membership,
                    row.account,
                    row.audience.number(),
                    row.name.as_str(),
                    row.roles.as_str(),
                    row.address.as_str(),
                    row.at,
                    row.times
                ]);
                let numbers: Vec<String> = (from + 1..=values.len()).map(|n| format!("${n}")).collect();
                places.push(format!("({})", numbers.join(", ")));
            }
            batch.run(
                format!(
                    "insert into record_reads (id, organization_id, record_id, resource, how, membership_id, \
                       account_id, audience, name, roles, address, at, times) values {}",
                    places.join(", ")
                ),
                values,
            );
        }
        store.commit(batch).await?;
    }
    Ok(())
}

/// Somebody who read a record, in one way.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub membership: MembershipId,
    /// Their side.
    pub audience: Audience,
    /// Their name, the last time.
    pub name: String,
    /// Their roles, the last time.
    pub roles: String,
    /// In which way.
    pub how: How,
    /// The first time that is known.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// From where, the last time.
    pub address: String,
    /// How often.
    pub times: i64,
}

impl FromRow for Reader {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            membership: row.get(0)?,
            audience: row.number(1)?,
            name: row.get(2)?,
            roles: row.get(3)?,
            how: How::stored(row.get(4)?)?,
            first: row.get(5)?,
            last: row.get(6)?,
            address: row.get(7)?,
            times: row.get(8)?,
        })
    }
}

/// Who read a record, who was there last standing first; no more than `most`.
///
/// # Errors
/// The store's.
pub async fn readers(
    store: &Store,
    organization: OrganizationId,
    record: Uuid,
    most: usize,
) -> Result<Vec<Reader>> {
    store
        .all(
            "select r.membership_id, r.audience, r.name, r.roles, r.how, g.first, g.last, r.address, g.times \
             from (select membership_id, how, min(at) as first, max(at) as last, cast(sum(times) as bigint) as times \
                   from record_reads where organization_id = $1 and record_id = $2 group by membership_id, how) g \
             join record_reads r on r.organization_id = $1 and r.record_id = $2 and r.membership_id = g.membership_id \
               and r.how = g.how and r.at = g.last \
             order by g.last desc, r.id desc limit $3",
            params![organization, record, i64::try_from(most).unwrap_or(i64::MAX)],
        )
        .await
}

/// Removes reads before an instant, as the retention setting asks. Answers how many went.
///
/// # Errors
/// The store's.
pub async fn remove_before(store: &Store, organization: OrganizationId, before: Timestamp) -> Result<u64> {
    let mut gone = 0;
    loop {
        let mut batch = Batch::new();
        let slot = batch.run(
            "delete from record_reads where id in (select id from record_reads where organization_id = $1 and at < $2 \
             order by at limit 5000)",
            params![organization, before],
        );
        let some = store.commit(batch).await?.touched(slot);
        gone += some;
        if some == 0 {
            return Ok(gone);
        }
    }
}
