//! What somebody would be mailed, without mailing it.

use access::{Facts, Plan};
use kernel::Result;
use kernel::id::{AccountId, MembershipId, OrganizationId};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::compose;
use super::decide::{Circumstances, Decision, Person, decide};
use super::words::Outcome;
use super::{Notice, Occurrence};
use super::{query, work};
use crate::app::App;

/// The message somebody would get, or why they get none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "would", rename_all = "snake_case")]
pub enum Would {
    /// This message.
    Mail {
        /// Subject line.
        subject: String,
        /// The HTML body.
        html: String,
        /// The plain body.
        plain: String,
        /// Why they get it.
        why: String,
        /// Once a day, not at once.
        daily: bool,
    },
    /// None.
    Nothing {
        /// Why, as a word.
        outcome: Outcome,
        /// Why, as a sentence.
        reason: String,
    },
}

/// What the person of a plan would be mailed if this happened now to a record as it is now, made by the very
/// functions that write the mail. The plan may be of nobody (a role at targets): then its roles' defaults decide. That
/// somebody was told before, or did it themselves, is left aside. `None`: there is no such kind of notice, or no such
/// record.
///
/// The caller has asked whether the asker may look through this person's eyes.
///
/// # Errors
/// The store's.
pub async fn would_mail(app: &App, plan: &Plan, topic: &str, record: Uuid) -> Result<Option<Would>> {
    let Some(registered) = app.notice(topic).cloned() else { return Ok(None) };
    let organization = plan.organization;
    let facts: Option<Facts> = (registered.notice.facts)(app, organization, record).await?;
    let Some(facts) = facts else { return Ok(None) };
    let person = query::person(&app.store, organization, plan.membership).await?;
    let person = person.unwrap_or(Person {
        membership: plan.membership,
        account: AccountId::from_uuid(Uuid::nil()),
        audience: plan.audience,
        email: String::new(),
        active: true,
        joined: true,
        hour: None,
        zone: None,
    });
    let choices = query::choices(&app.store, organization, Some(plan.membership)).await?;
    let of = Occurrence {
        event: None,
        registered,
        house: query::house(&app.store, organization).await?,
        record,
        visibility: facts.visibility,
        detail: serde_json::Value::Null,
        caused_by: None,
        at: app.clock.now(),
    };
    let nothing = |outcome: Outcome, reason: &str| Would::Nothing { outcome, reason: reason.to_owned() };
    let about = Circumstances { facts: &facts, choices: &choices, told: false, cause: None };
    Ok(Some(match decide(&of, &person, plan, &about) {
        Decision::Not(outcome, reason) => nothing(outcome, &reason),
        Decision::Aside => nothing(Outcome::MayNotSee, work::HIDDEN),
        Decision::Tell(through) => match compose::tell(app, &of, plan, &facts, through).await {
            Ok(Some(told)) => {
                let daily = through.cadence == super::Cadence::Daily;
                let message = compose::message(app, &of.house, plan, &[told], daily);
                Would::Mail {
                    subject: message.subject,
                    html: message.html,
                    plain: message.plain,
                    why: message.why,
                    daily,
                }
            }
            Ok(None) => nothing(Outcome::PutAway, work::PUT_AWAY),
            Err(kernel::Error::NotFound) => nothing(Outcome::MayNotSee, work::HIDDEN),
            Err(error) => return Err(error),
        },
    }))
}

/// A happening that has not happened yet.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    /// The kind of notice.
    pub notice: &'static Notice,
    /// The record.
    pub record: Uuid,
    /// The record as it would be.
    pub facts: &'a Facts,
    /// What the kind of notice would note of the moment.
    pub detail: &'a serde_json::Value,
    /// Who is about to do it.
    pub by: MembershipId,
}

/// Who of these people would be told, by the decision that will be taken then.
///
/// # Errors
/// The store's.
pub async fn would_tell(
    app: &App,
    planned: &Planned<'_>,
    plans: impl IntoIterator<Item = &Plan>,
) -> Result<Vec<MembershipId>> {
    let Some(registered) = app.notice(planned.notice.topic).cloned() else { return Ok(Vec::new()) };
    let organization = OrganizationId::from_uuid(planned.facts.organization);
    let people = query::people(&app.store, organization).await?;
    let choices = query::choices(&app.store, organization, None).await?;
    let told =
        query::told(&app.store, organization, planned.record, &work::siblings(app, &registered)).await?;
    let cause = people.get(&planned.by).map(|who| who.account);
    let of = Occurrence {
        event: None,
        registered,
        house: query::house(&app.store, organization).await?,
        record: planned.record,
        visibility: planned.facts.visibility,
        detail: planned.detail.clone(),
        caused_by: Some(planned.by),
        at: app.clock.now(),
    };
    Ok(plans
        .into_iter()
        .filter_map(|plan| {
            let person = people.get(&plan.membership)?;
            let told = told.contains(&plan.membership);
            let about = Circumstances { facts: planned.facts, choices: &choices, told, cause };
            matches!(decide(&of, person, plan, &about), Decision::Tell(_)).then_some(plan.membership)
        })
        .collect())
}
