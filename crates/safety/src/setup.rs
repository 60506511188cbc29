//! What the program's own doors put in place without a request: the alarms of the demo world.

use jiff::ToSpan;
use kernel::id::{AlarmId, MembershipId, OrganizationId};
use kernel::{Audience, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::alarms::query::{Doer, NewAlarm, happened, put};
use crate::alarms::setup::{Moment, State};
use crate::sites::Ground;

/// Somebody who may be in need, at a site of theirs.
struct Caller {
    ground: Ground,
    area: Option<Uuid>,
    membership: MembershipId,
    name: String,
}

impl FromRow for Caller {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            ground: Ground::from_row(row)?,
            area: row.get(5)?,
            membership: row.get(9)?,
            name: row.get(10)?,
        })
    }
}

/// Puts down two alarms of the past, each answered and closed, and emergency cards of those who raised them.
///
/// # Errors
/// The store's.
pub async fn alarms(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<usize> {
    let callers: Vec<Caller> = store
        .all(
            "select s.id, s.name, s.zone, s.client_id, c.name, s.area_id, c.emergency_access, s.latitude, s.longitude, \
               a.membership_id, w.name \
             from assignments a join assignment_targets t on t.assignment_id = a.id and t.dimension = 4 \
             join sites s on s.id = t.target_id join clients c on c.id = s.client_id \
             join workers w on w.membership_id = a.membership_id and w.archived = 0 \
             where a.organization_id = $1 and a.role_key in ('officer', 'guard') and s.archived = 0 \
             order by w.name, s.name limit 40",
            params![organization],
        )
        .await?;
    let answers: Option<(MembershipId, String)> = store
        .first(
            "select m.id, coalesce(nullif(m.name, ''), c.name) from memberships m join accounts c on c.id = m.account_id \
             join assignments a on a.membership_id = m.id \
             where m.organization_id = $1 and a.role_key in ('supervisor', 'call_center', 'customer_admin') \
             order by a.role_key, m.id limit 1",
            params![organization],
        )
        .await?;
    let Some((answering, name)) = answers else { return Ok(0) };
    let stories = [
        (2_i64, "A man with a knife at the gate", "The police took him away. Nobody is hurt."),
        (9, "", "Pressed by mistake while climbing the fence; all is well."),
    ];
    let mut made = 0;
    for ((days, word, closing), caller) in stories.into_iter().zip(callers.iter().step_by(7)) {
        let at = now - (days * 24 * 60 - 37).minutes();
        let (answered, closed) = (at + 1.minutes(), at + 26.minutes());
        let id = AlarmId::new();
        let mut batch = Batch::new();
        put(
            &mut batch,
            organization,
            &NewAlarm {
                id,
                ground: &caller.ground,
                area: caller.area,
                team: None,
                author: caller.membership,
                author_name: &caller.name,
                side: Audience::Staff,
                phone: "+1 555 010 7788",
                word,
                position: None,
                raised_at: at,
                now: at,
                again_at: answered,
            },
        );
        let officer = Doer { membership: Some(caller.membership), name: &caller.name };
        let helper = Doer { membership: Some(answering), name: &name };
        happened(&mut batch, organization, id, (Moment::Raised, word), officer, at);
        happened(&mut batch, organization, id, (Moment::Acknowledged, ""), helper, answered);
        happened(&mut batch, organization, id, (Moment::Closed, closing), helper, closed);
        batch.run(
            "update alarms set state = $2, closed = 1, answered_at = $3, answered_id = $4, answered_name = $5, \
               closed_at = $6, closed_name = $5, closing = $7, again_at = null where id = $1",
            params![id, State::Closed.number(), answered, answering, name.as_str(), closed, closing],
        );
        batch.run(
            "insert into emergency_cards (membership_id, organization_id, phone, contact_name, contact_phone, medical, \
               updated_at) \
             values ($1, $2, '+1 555 010 7788', 'Jo, at home', '+1 555 010 4411', 'Penicillin allergy. Blood group 0+.', $3) \
             on conflict (membership_id) do nothing",
            params![caller.membership, organization, at],
        );
        store.commit(batch).await?;
        made += 1;
    }
    Ok(made)
}
