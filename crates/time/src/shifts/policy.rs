//! The organization's rules of the schedule: what is let pass, warned of, or stopped.

use access::{Facts, Resource};
use kernel::text::closed;
use kernel::{Error, FieldErrors, Result};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, FromRow, Row};
use ui::{Choice, Field, Form, Kind, button_link, buttons, form as ui_form, number, radios, submit, switch};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::{SETTINGS, query};

closed! {
    /// What happens when a rule is broken.
    pub enum Strictness: i64 {
        /// Nothing.
        Off = 0 => "off",
        /// It is said, and the shift is kept.
        Warn = 1 => "warn",
        /// It is refused.
        Block = 2 => "block",
    }
}

impl Strictness {
    const fn label(self) -> &'static str {
        match self {
            Self::Off => "Let pass",
            Self::Warn => "Warn",
            Self::Block => "Stop",
        }
    }
}

/// The rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) double_booking: Strictness,
    pub(crate) rest: Strictness,
    pub(crate) rest_minutes: i64,
    pub(crate) ban: Strictness,
    pub(crate) claims_need_approval: bool,
}

/// The rules as they are seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyOut {
    /// Two shifts of one worker at the same time.
    pub double_booking: Strictness,
    /// Too little rest between two shifts of one worker.
    pub rest: Strictness,
    /// How much rest is enough, in minutes.
    pub rest_minutes: i64,
    /// A worker at a site they are banned from.
    pub ban: Strictness,
    /// Whoever asks for an open shift waits for a yes.
    pub claims_need_approval: bool,
    /// Send it back when changing the rules.
    pub version: i64,
}

impl Default for PolicyOut {
    fn default() -> Self {
        Self {
            double_booking: Strictness::Block,
            rest: Strictness::Warn,
            rest_minutes: 8 * 60,
            ban: Strictness::Block,
            claims_need_approval: true,
            version: 0,
        }
    }
}

impl FromRow for PolicyOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            double_booking: row.number(0)?,
            rest: row.number(1)?,
            rest_minutes: row.get(2)?,
            ban: row.number(3)?,
            claims_need_approval: row.get::<i64>(4)? == 1,
            version: row.get(5)?,
        })
    }
}

/// The rules as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PolicyForm {
    /// `off`, `warn` or `block`.
    pub double_booking: Text,
    /// `off`, `warn` or `block`.
    pub rest: Text,
    /// Hours of rest, 1 to 24.
    pub rest_hours: Text,
    /// `off`, `warn` or `block`.
    pub ban: Text,
    /// Ticked: a claim waits for a yes.
    pub claims_need_approval: Text,
    /// The version that was read.
    pub version: Text,
}

impl PolicyForm {
    fn parse(&self) -> Result<Policy> {
        let mut errors = FieldErrors::default();
        let double = errors.take("double_booking", self.double_booking.parse::<Strictness>());
        let rest = errors.take("rest", self.rest.parse::<Strictness>());
        let ban = errors.take("ban", self.ban.parse::<Strictness>());
        let hours = self.rest_hours.as_str().trim().parse::<i64>().ok().filter(|h| (1..=24).contains(h));
        let hours = errors.take("rest_hours", hours.ok_or_else(|| "write whole hours, 1 to 24".to_owned()));
        errors.check()?;
        match (double, rest, ban, hours) {
            (Some(double_booking), Some(rest), Some(ban), Some(hours)) => Ok(Policy {
                double_booking,
                rest,
                rest_minutes: hours * 60,
                ban,
                claims_need_approval: self.claims_need_approval.is_on(),
            }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }

    pub(super) fn filled(out: &PolicyOut) -> Self {
        Self {
            double_booking: out.double_booking.word().into(),
            rest: out.rest.word().into(),
            rest_hours: (out.rest_minutes / 60).to_string().into(),
            ban: out.ban.word().into(),
            claims_need_approval: if out.claims_need_approval { "true".into() } else { "".into() },
            version: out.version.to_string().into(),
        }
    }
}

pub(super) async fn read(ctx: &Ctx) -> Result<PolicyOut> {
    ctx.require(SETTINGS)?;
    query::policy(ctx.store(), ctx.who.organization).await
}

pub(super) async fn set(ctx: &Ctx, form: &PolicyForm) -> Result<PolicyOut> {
    ctx.require(SETTINGS)?;
    let permit = ctx.plan.permit(SETTINGS, &Facts::of(ctx.who.organization.uuid()))?;
    let mut policy = form.parse()?;
    let before = query::policy(ctx.store(), ctx.who.organization).await?;
    policy.claims_need_approval = ctx.flag(&form.claims_need_approval, before.claims_need_approval);
    let mut batch = Batch::new();
    query::set_policy(&mut batch, &permit, &policy, web::input::version(&form.version)?);
    ctx.journal(
        &mut batch,
        "edit",
        Resource::Organization,
        Some(ctx.who.organization),
        "Rules of the schedule",
        &json!({ "before": before, "after": form }),
    );
    ctx.commit(batch).await?;
    query::policy(ctx.store(), ctx.who.organization).await
}

pub(super) fn form(ctx: &Ctx, typed: &PolicyForm, wrong: &Complaints) -> Markup {
    let choices: Vec<Choice<'_>> = Strictness::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect();
    let rule = |name: &'static str, label: &'static str, hint: &'static str, value: &Text| {
        radios(&Field::new(name, label).hint(hint).value(value.as_str()).errors(&wrong.fields), &choices)
    };
    let body = html! {
        p { "A rule looks at the shifts that whoever plans can see." }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href("/shifts/policy"),
                hidden: &[("version", typed.version.as_str())],
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (rule("double_booking", "Two shifts at once", "One worker, two shifts that overlap.", &typed.double_booking))
                (rule("rest", "Too little rest", "One worker, two shifts close to each other.", &typed.rest))
                (number(&Field::new("rest_hours", "Enough rest").value(typed.rest_hours.as_str()).suffix("hours").between("1", "24").errors(&wrong.fields)))
                (rule("ban", "Banned from the site", "A worker who is not to work there.", &typed.ban))
                (switch(
                    &Field::new("claims_need_approval", "Asking for an open shift waits for a yes").hint("Off: whoever asks first has it."),
                    typed.claims_need_approval.is_on(),
                ))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Back", &ctx.href("/shifts/week"), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled("Rules of the schedule").crumb("Schedule", "/shifts/week"), body)
}
