//! What publishing would show to whom: the same evaluation as the one that will decide, on the record as it would
//! be.

use access::{Facts, FieldClass, Resource, Switch, Visibility};
use kernel::id::{IncidentId, MembershipId};
use kernel::{Audience, Result};
use schemars::JsonSchema;
use serde::Serialize;
use web::Ctx;

use super::view::IncidentOut;
use super::words::Approval;
use super::{PUBLISH, VIEW, act, mail, query};

/// An account of the client side that will see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Viewer {
    /// The membership.
    pub id: MembershipId,
    /// Their name.
    pub name: String,
    /// The roles that let them.
    pub roles: String,
    /// They see it already, because their account shares all incidents on submission.
    pub already: bool,
    /// Publishing it now sends them mail.
    pub mailed: bool,
}

/// A part that stays inside.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Kept {
    /// Which part.
    pub part: &'static str,
    /// Why.
    pub why: &'static str,
}

/// What the client side would see, and who of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PublicationOut {
    /// Is it published now?
    pub published: bool,
    /// What keeps it from being published now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<&'static str>,
    /// The incident as they will see it.
    pub view: IncidentOut,
    /// Who will see it.
    pub viewers: Vec<Viewer>,
    /// What none of them will see.
    pub withheld: Vec<Kept>,
    /// What the publisher should know.
    pub warnings: Vec<String>,
    /// Send it back when publishing: what was previewed is what is published.
    pub version: i64,
}

const KEPT: &[(FieldClass, Kept)] = &[
    (
        FieldClass::Operational,
        Kept {
            part: "Number, title, narrative, place, source, approval",
            why: "how the organization works with it",
        },
    ),
    (
        FieldClass::People,
        Kept { part: "Names of guards and of people involved, assignment", why: "never shown to clients" },
    ),
    (FieldClass::Notes, Kept { part: "Internal notes", why: "never shown to clients" }),
    (FieldClass::Location, Kept { part: "Position", why: "never shown to clients" }),
];

/// The preview, for those who may publish this incident.
pub(super) async fn preview(ctx: &Ctx, id: IncidentId) -> Result<(PublicationOut, IncidentOut, Facts)> {
    let (out, facts) = act::find(ctx, id).await?;
    ctx.plan.permit(PUBLISH, &facts)?;
    let released = Facts { visibility: Some(Visibility::Released.number()), ..facts };
    let organization = ctx.who.organization;
    let names = query::client_names(ctx.store(), organization).await?;
    let mut authorities = web::identity::authorities(ctx.store(), organization, ctx.now()).await?;
    authorities.retain(|a| a.audience == Audience::Client && names.contains_key(&a.membership));
    let mut viewers: Vec<Viewer> = Vec::new();
    let mut plans = Vec::new();
    let mut shown: Vec<FieldClass> = vec![FieldClass::Public];
    let mut with_switch = 0;
    let mut switch_off = !query::switch_is_on(ctx.store(), organization, Switch::IncidentReports).await?;
    for authority in &mut authorities {
        let plan = authority.compile(ctx.now());
        if !plan.check(VIEW, &released) {
            authority.switches = authority.switches.with(Switch::IncidentReports);
            with_switch += usize::from(authority.compile(ctx.now()).check(VIEW, &released));
            continue;
        }
        switch_off = false;
        let mut roles: Vec<&str> = plan.live_roles().map(|held| held.role.name.as_str()).collect();
        roles.dedup();
        for (class, _) in KEPT {
            if plan.shows(Resource::Incident, *class, &released) && !shown.contains(class) {
                shown.push(*class);
            }
        }
        viewers.push(Viewer {
            id: authority.membership,
            name: names.get(&authority.membership).cloned().unwrap_or_default(),
            roles: roles.join(", "),
            already: plan.check(VIEW, &facts),
            mailed: false,
        });
        plans.push(plan);
    }
    if facts.visibility != released.visibility {
        let mailed = mail::told_by_publishing(ctx, &out, &released, &plans).await?;
        for viewer in &mut viewers {
            viewer.mailed = mailed.contains(&viewer.id);
        }
    }
    viewers.sort_by_cached_key(|viewer| (store::fold(&viewer.name), viewer.id));
    let warnings = warnings(&out, viewers.len(), switch_off, with_switch);
    let withheld = KEPT.iter().filter(|(class, _)| !shown.contains(class)).map(|(_, kept)| *kept).collect();
    let mut view = out.clone().masked(|class| shown.contains(&class));
    view.row.released_at = view.row.released_at.or_else(|| Some(ctx.now()));
    let preview = PublicationOut {
        published: facts.visibility == Some(Visibility::Released.number()),
        blocked: blocked(&out),
        view,
        viewers,
        withheld,
        warnings,
        version: out.version.unwrap_or_default(),
    };
    Ok((preview, out, facts))
}

fn blocked(out: &IncidentOut) -> Option<&'static str> {
    if out.archived {
        Some("It is archived; restore it first.")
    } else if out.approval == Some(Approval::No) {
        Some("Its site asks for approval, and it was not approved yet; approve it first.")
    } else {
        None
    }
}

fn warnings(out: &IncidentOut, viewers: usize, switch_off: bool, with_switch: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    if switch_off {
        let label = Switch::IncidentReports.label();
        warnings.push(match with_switch {
            0 => format!(
                "The organization's switch \"{label}\" is off, so no client account sees any incident."
            ),
            1 => format!(
                "The organization's switch \"{label}\" is off. Turned on, one client account would see this."
            ),
            n => format!(
                "The organization's switch \"{label}\" is off. Turned on, {n} client accounts would see this."
            ),
        });
    } else if viewers == 0 {
        warnings.push(format!("No client account is assigned to {}, so nobody will see it yet.", out.site));
    }
    if out.public_details.is_empty() {
        warnings.push("There are no public details: the client reads only the type, the severity, the state and the time.".into());
    }
    warnings
}
