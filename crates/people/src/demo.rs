//! The demo world's people: one for each built-in role, all with one password, offered as buttons on the sign-in
//! page of a demo (`--demo`). A demo world makes an account for each role it wants to show; the page lists those
//! that are there.

use access::{Role, built_in};
use kernel::id::{MembershipId, OrganizationId};
use kernel::text::EmailAddress;
use kernel::{Error, Result};

/// The password of every demo account. It is no secret, and good for nothing but a demo.
pub const PASSWORD: &str = "bailiwick demo";

/// The address of the demo account that holds a role.
#[must_use]
pub fn email(role_key: &str) -> String {
    format!("{}@demo.example", role_key.replace('_', "-"))
}

/// A heading of the sign-in page's list, with the roles under it.
#[derive(Clone, Debug)]
pub struct Group {
    /// What is read.
    pub heading: &'static str,
    /// Roles in the order of the file.
    pub roles: Vec<&'static Role>,
}

/// The roles by side, in the order in which they are listed.
#[must_use]
pub fn groups() -> Vec<Group> {
    use kernel::Audience;
    use kernel::Portal::{Field, Office};
    let pick = |wanted: fn(&Role) -> bool| {
        built_in().iter().map(|role| &**role).filter(|role| wanted(role)).collect::<Vec<_>>()
    };
    vec![
        Group {
            heading: "Back office",
            roles: pick(|r| {
                r.audience == Audience::Staff && r.portals.contains(&Office) && !r.grants.is_empty()
            }),
        },
        Group {
            heading: "In the field",
            roles: pick(|r| r.audience == Audience::Staff && r.portals == [Field]),
        },
        Group { heading: "Clients", roles: pick(|r| r.audience == Audience::Client) },
        Group { heading: "Contractors", roles: pick(|r| r.audience == Audience::Contractor) },
    ]
}

/// Lets an organization's administrator live through some days: roles given and taken, settings changed, and an access
/// review that runs, partly decided. Everything goes the way of requests, so the journal tells it.
///
/// # Errors
/// The store's, or a refusal that the world did not expect.
pub async fn live(app: &web::App, organization: OrganizationId) -> Result<()> {
    let member = async |role: &str| -> Result<Option<MembershipId>> {
        let email: EmailAddress = email(role).parse().map_err(Error::internal)?;
        crate::members::query::membership_by_email(&app.store, organization, &email, kernel::Audience::Staff)
            .await
    };
    let (Some(admin), Some(owner)) = (member("customer_admin").await?, member("owner").await?) else {
        return Ok(());
    };
    let ctx = crate::setup::acting(app, organization, admin).await?;
    crate::reviews::demo::live(&ctx, owner).await?;
    if let Some(desk) = member("call_center").await? {
        crate::members::demo(&ctx, desk).await?;
    }
    Ok(())
}
