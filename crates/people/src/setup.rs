//! Making organizations and people without HTTP: for the command line and the demo world. Nobody is asked for
//! permission here; whoever runs the program may do this.

use access::{Feature, Roles, Switch, Target};
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId, RoleId};
use kernel::secret::Secret;
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Clock, Error, Result, Timestamp};
use serde_json::json;
use store::{Batch, Store, params};

pub use crate::members::Entry;
pub use crate::password::hash_password;
use crate::targets::{self, Placement};

/// An organization to be made.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// What it is called.
    pub name: Name,
    /// Its hue, 0 to 359.
    pub hue: u16,
    /// Its time zone, such as `Europe/Berlin`.
    pub zone: String,
    /// The features that are on; packs of roles are features.
    pub features: Vec<Feature>,
    /// What its client side is let see.
    pub switches: Vec<Switch>,
}

/// A person to be made a member of an organization.
#[derive(Clone, Debug)]
pub struct NewMember<'a> {
    /// In which organization.
    pub organization: OrganizationId,
    /// Their address. A sign-in with this address that is there already is used, with the password it has.
    pub email: EmailAddress,
    /// Their name.
    pub name: Name,
    /// The key of a role, built-in or the organization's own. It decides the side they stand on.
    pub role: &'a str,
    /// Where they hold it.
    pub targets: Vec<Target>,
    /// Clients they belong to besides those of the targets. Needed where the role reaches only their own things.
    pub clients: Vec<ClientId>,
    /// A contractor of the organization itself, not of one client.
    pub subcontractor: bool,
    /// "Share all incident reports automatically on submission".
    pub share_all: bool,
    /// "Show live clock-ins".
    pub live_clock_ins: bool,
    /// How far they have come in. Who has only been saved holds the role and cannot sign in yet.
    pub entry: Entry,
    /// From [`hash_password`]; without one they set a password through a link.
    pub password_hash: Option<String>,
    /// Who gave them the role, if a member did.
    pub granted_by: Option<MembershipId>,
}

impl<'a> NewMember<'a> {
    /// Somebody with a role at targets and nothing else.
    #[must_use]
    pub fn new(
        organization: OrganizationId,
        email: EmailAddress,
        name: Name,
        role: &'a str,
        targets: Vec<Target>,
    ) -> Self {
        Self {
            organization,
            email,
            name,
            role,
            targets,
            clients: Vec::new(),
            subcontractor: false,
            share_all: false,
            live_clock_ins: false,
            entry: Entry::Joined,
            password_hash: None,
            granted_by: None,
        }
    }
}

/// The ids of somebody who was made a member.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Their sign-in.
    pub account: AccountId,
    /// Their membership on the side of the role.
    pub membership: MembershipId,
    /// What gives them the role.
    pub assignment: AssignmentId,
}

/// The ids of an organization that was made, and of its first administrator.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// The organization.
    pub organization: OrganizationId,
    /// Who administers it.
    pub administrator: Member,
}

/// Makes an organization and the first person in it, who holds the role `administrator` for the whole of it.
///
/// # Errors
/// [`Error::Invalid`] for a zone that there is not; or the store's.
pub async fn organization(
    store: &Store,
    clock: &Clock,
    new: &NewOrganization,
    administrator_email: EmailAddress,
    administrator_name: Name,
    password_hash: Option<String>,
) -> Result<Made> {
    if jiff::tz::TimeZone::get(&new.zone).is_err() {
        return Err(Error::field("zone", format!("there is no time zone {}", new.zone)));
    }
    let id = OrganizationId::new();
    let mut batch = Batch::new();
    crate::organization::query::insert(&mut batch, id, new, clock.now());
    line(&mut batch, id, clock.now(), "create", "organization", id.uuid(), new.name.as_str(), &json!({}));
    store.commit(batch).await?;
    let mut first = NewMember::new(
        id,
        administrator_email,
        administrator_name,
        "administrator",
        vec![Target::Organization],
    );
    first.password_hash = password_hash;
    let administrator = member(store, clock, &first).await?;
    Ok(Made { organization: id, administrator })
}

/// Gives an organization roles of its own, written as the built-in ones are.
///
/// # Errors
/// [`Error::Invalid`] at `roles` for text that says no usable role; or the store's.
pub async fn roles(store: &Store, clock: &Clock, organization: OrganizationId, text: &str) -> Result<()> {
    let wrong = |why: String| Error::field("roles", why);
    let read: Roles = text.parse().map_err(wrong)?;
    let mut batch = Batch::new();
    for role in read.0 {
        let role = crate::roles::usable(role).map_err(wrong)?;
        let id = RoleId::new();
        crate::roles::put(&mut batch, organization, id, &role, None, clock.now());
        let detail = json!({ "after": access::write_role(&role) });
        line(&mut batch, organization, clock.now(), "create", "role", id.uuid(), &role.name, &detail);
    }
    store.commit(batch).await?;
    Ok(())
}

/// Makes somebody a member with a role, or gives the role to the member they are already.
///
/// # Errors
/// [`Error::Invalid`] for a role that there is not or that is held at other targets; or the store's.
pub async fn member(store: &Store, clock: &Clock, new: &NewMember<'_>) -> Result<Member> {
    let now = clock.now();
    let roles = web::identity::roles(store, new.organization, now).await?;
    let role =
        roles.role(new.role).ok_or_else(|| Error::field("role", format!("there is no role {}", new.role)))?;
    if new.targets.iter().any(|t| t.reach() < role.reach) {
        return Err(Error::field(
            "targets",
            format!("{} is given at a {} or narrower", role.name, role.reach),
        ));
    }
    let hierarchy = targets::hierarchy(store, new.organization, new.targets.iter().copied()).await?;
    let placement = targets::place(role.audience, &new.targets, &new.clients, &hierarchy);
    let known = crate::members::query::account_by_email(store, &new.email).await?;
    let mut batch = Batch::new();
    let account = match &known {
        Some(account) => account.id,
        None => {
            let id = AccountId::new();
            let hash = new.password_hash.as_deref();
            crate::members::query::insert_account(&mut batch, id, &new.email, &new.name, hash, now);
            id
        }
    };
    let there = crate::members::query::membership_of(store, new.organization, account, role.audience).await?;
    let membership = match there {
        Some(id) => {
            crate::members::query::add_clients(&mut batch, new.organization, id, &placement.clients);
            id
        }
        None => {
            let id = MembershipId::new();
            put_membership(&mut batch, new, account, id, role.audience, &placement, now);
            id
        }
    };
    let assignment = AssignmentId::new();
    crate::members::query::insert_assignment(
        &mut batch,
        &crate::members::query::NewAssignment {
            organization: new.organization,
            membership,
            id: assignment,
            role: new.role,
            targets: &new.targets,
            from: None,
            until: None,
            granted_by: new.granted_by,
            now,
        },
    );
    let words: Vec<String> = new.targets.iter().map(|t| targets::word(*t)).collect();
    let detail = json!({ "role": new.role, "targets": words });
    line(
        &mut batch,
        new.organization,
        now,
        "give_role",
        "account",
        membership.uuid(),
        new.name.as_str(),
        &detail,
    );
    store.commit(batch).await?;
    Ok(Member { account, membership, assignment })
}

pub(crate) fn put_membership(
    batch: &mut Batch,
    new: &NewMember<'_>,
    account: AccountId,
    id: MembershipId,
    audience: Audience,
    placement: &Placement,
    now: Timestamp,
) {
    crate::members::query::insert_membership(
        batch,
        &crate::members::query::NewMembership {
            organization: new.organization,
            id,
            account,
            audience,
            name: new.name.as_str(),
            email: &new.email,
            placement,
            subcontractor: new.subcontractor,
            share_all: new.share_all,
            live_clock_ins: new.live_clock_ins,
            entry: new.entry,
            created_by: new.granted_by,
            now,
        },
    );
}

/// How long a link made by [`password_link`] is good for, in hours.
pub const LINK_HOURS: i64 = 24;

/// Makes a link by which somebody sets a password: the path below the public URL. Good once and for a day.
///
/// # Errors
/// The store's.
pub async fn password_link(store: &Store, clock: &Clock, account: AccountId) -> Result<String> {
    let secret = Secret::random();
    let mut batch = Batch::new();
    let now = clock.now();
    let until = now + std::time::Duration::from_secs(LINK_HOURS.unsigned_abs() * 3600);
    crate::resets::query::insert(&mut batch, &secret, account, now, until);
    store.commit(batch).await?;
    Ok(format!("/reset/{}", secret.expose()))
}

/// Lets an organization look as if it had been used for some months: roles were given long ago, most people were here
/// lately, some a while ago, a few never. For the demo world.
///
/// # Errors
/// The store's.
pub async fn age(store: &Store, clock: &Clock, organization: OrganizationId) -> Result<()> {
    const HOUR: i64 = 3_600_000_000;
    let now = clock.now().as_microsecond();
    let long_ago = now - 200 * 24 * HOUR;
    let members: Vec<(MembershipId,)> = store
        .all(
            "select id from memberships where organization_id = $1 order by search, id",
            params![organization],
        )
        .await?;
    let mut batch = Batch::new();
    batch.run(
        "update assignments set granted_at = $2 where organization_id = $1",
        params![organization, long_ago],
    );
    batch.run(
        "update memberships set created_at = $2 where organization_id = $1",
        params![organization, long_ago],
    );
    for (place, (member,)) in (0i64..).zip(members) {
        let ago = match place % 11 {
            3 => 120 * 24 * HOUR,
            7 => continue,
            other => (other + 1) * 9 * HOUR,
        };
        batch.run("update memberships set seen_at = $2 where id = $1", params![member, now - ago]);
        for door in 0i64..3 {
            batch.run(
                "insert into door_uses (organization_id, membership_id, door, used_at) values ($1, $2, $3, $4) \
                 on conflict (organization_id, membership_id, door) do nothing",
                params![organization, member, door, now - ago],
            );
        }
    }
    store.commit(batch).await?;
    Ok(())
}

/// Acts as a member, as if they had sent a request to the office. For the demo world.
///
/// # Errors
/// [`Error::NotFound`] for a member that is not there; or the store's.
pub async fn acting(
    app: &web::App,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<web::Ctx> {
    type Found = (AccountId, String, String, i64, String, i64, String);
    let (account, email, name, audience, organization_name, hue, zone): Found = app
        .store
        .one(
            "select a.id, a.email, m.name, m.audience, o.name, o.hue, o.zone \
             from memberships m join accounts a on a.id = m.account_id join organizations o on o.id = m.organization_id \
             where m.organization_id = $1 and m.id = $2",
            params![organization, membership],
        )
        .await?;
    Ok(web::Ctx {
        app: app.clone(),
        door: web::Door::Portal(kernel::Portal::Office),
        who: std::sync::Arc::new(web::Who {
            account,
            membership,
            organization,
            audience: Audience::try_from(audience).map_err(Error::internal)?,
            name,
            email,
            organization_name,
            hue: u16::try_from(hue).unwrap_or(215),
            logo: None,
            zone,
            hats: Vec::new(),
            session: None,
            token: None,
        }),
        plan: web::identity::plan(app, organization, membership).await?,
        wire: std::sync::Arc::default(),
        preview: None,
    })
}

/// A journal line for what was done at the command line.
#[expect(clippy::too_many_arguments, reason = "the parts of one journal line, each a different thing")]
fn line(
    batch: &mut Batch,
    organization: OrganizationId,
    at: Timestamp,
    action: &str,
    resource: &str,
    record: uuid::Uuid,
    label: &str,
    detail: &serde_json::Value,
) {
    store::journal::append(
        batch,
        &store::journal::Entry {
            organization,
            at,
            account: None,
            membership: None,
            name: "Command line",
            roles: "",
            action,
            resource,
            record: Some(record),
            label,
            detail: &detail.to_string(),
            address: "",
        },
    );
}
