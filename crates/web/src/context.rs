//! The context of one request: who asks, as what, through which door.

use std::sync::Arc;

use access::{Permission, Plan};
use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::id::{AccountId, ApiTokenId, MembershipId, OrganizationId, SessionId};
use kernel::{Audience, Error, Portal, Timestamp};
use maud::Markup;
use store::{Batch, Outcome};

use crate::app::App;
use crate::input::Text;
use crate::preview::Preview;
use crate::problem::Failure;

/// Where a request came in. It follows from the mount, never from a header, so that cookies belong to portals and
/// bearer tokens to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// One of the three portals.
    Portal(Portal),
    /// JSON under `/api/v1`.
    Api,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 4] =
        [Self::Portal(Portal::Office), Self::Portal(Portal::Field), Self::Portal(Portal::Client), Self::Api];

    /// What its paths begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Portal(Portal::Office) => "/office",
            Self::Portal(Portal::Field) => "/field",
            Self::Portal(Portal::Client) => "/client",
            Self::Api => "/api/v1",
        }
    }
}

/// Who asks. A request acts as exactly one membership.
#[derive(Clone, Debug)]
pub struct Who {
    /// The sign-in.
    pub account: AccountId,
    /// The membership acted as.
    pub membership: MembershipId,
    /// Its organization.
    pub organization: OrganizationId,
    /// Its side.
    pub audience: Audience,
    /// The person's name in this organization.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// What the organization is called.
    pub organization_name: String,
    /// The organization's hue, in degrees.
    pub hue: u16,
    /// The organization's mark, if it has one.
    pub logo: Option<Logo>,
    /// The organization's time zone.
    pub zone: String,
    /// Every membership the person may act as, this one among them, where there are several and a browser asks.
    pub hats: Vec<Hat>,
    /// The browser's session, if it is one.
    pub session: Option<SessionId>,
    /// The token, if it is a machine.
    pub token: Option<ApiTokenId>,
}

/// A membership its owner may act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hat {
    /// The membership.
    pub membership: MembershipId,
    /// What its organization is called.
    pub organization: String,
    /// Its side.
    pub audience: Audience,
    /// The names of the roles held now; empty for none.
    pub roles: String,
}

/// An organization's mark: a picture of ours, kept by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Digest of the content.
    pub digest: [u8; 32],
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Logo {
    /// Reads a mark from its three columns; absent where one of them is.
    #[must_use]
    pub fn of(digest: Option<[u8; 32]>, width: Option<i64>, height: Option<i64>) -> Option<Self> {
        let side = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
        Some(Self { digest: digest?, width: side(width)?, height: side(height)? })
    }

    /// Where it is served. The address holds the digest, so that it may be kept for ever.
    #[must_use]
    pub fn url(&self) -> String {
        format!("/logos/{}", store::files::hex(&self.digest))
    }
}

/// Who a request turned out to be from: an extension of the answer, for the log. Ids only, never names.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The organization.
    pub organization: OrganizationId,
    /// The membership acted as.
    pub membership: MembershipId,
}

/// What the wire said of the request, as far as pages and journal need it.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    /// The path below the door, such as `/incidents`.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// The peer's address.
    pub address: String,
    /// `Idempotency-Key` with the digest of what was sent under it.
    pub idempotency: Option<(String, [u8; 32])>,
}

/// The context of one request.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// What all requests share.
    pub app: App,
    /// Where it came in.
    pub door: Door,
    /// Who asks.
    pub who: Arc<Who>,
    /// What they may do.
    pub plan: Arc<Plan>,
    /// What the wire said.
    pub wire: Arc<Wire>,
    /// The preview the request is part of: `who` and `plan` are then those looked through.
    pub preview: Option<Arc<Preview>>,
}

impl Ctx {
    /// The instant of this request.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// The data.
    #[must_use]
    pub fn store(&self) -> &store::Store {
        &self.app.store
    }

    /// A path below this door: `/incidents` is `/office/incidents` in the office.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.door.prefix())
    }

    /// May this person do this to anything at all? For menus and buttons, never for records.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.plan.may_ever(permission)
    }

    /// Refuses with a reason unless the person may do this to something.
    ///
    /// # Errors
    /// [`Error::NotFound`]: a place one may never enter is no place.
    pub fn require(&self, permission: Permission) -> kernel::Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// A yes or no of a form about something that is there already. A page leaves out a box that is not ticked; a
    /// program that leaves a yes or no out means that it stays as it is.
    #[must_use]
    pub fn flag(&self, typed: &Text, before: bool) -> bool {
        if self.door == Door::Api && typed.is_blank() { before } else { typed.is_on() }
    }

    /// The portal, where the door is one.
    #[must_use]
    pub fn portal(&self) -> Option<Portal> {
        match self.door {
            Door::Portal(portal) => Some(portal),
            Door::Api => None,
        }
    }

    /// Every role of the organization, built-in and its own, as of the epoch this request was decided at.
    ///
    /// # Errors
    /// The store's.
    pub async fn roles(&self) -> kernel::Result<Arc<access::Catalogue>> {
        self.app.roles_at(self.who.organization, self.plan.epoch).await
    }

    /// The names of the roles held now; the journal keeps them with each line (law 7).
    #[must_use]
    pub fn role_names(&self) -> String {
        role_names(&self.plan)
    }

    /// Commits a batch that changes something.
    ///
    /// # Errors
    /// The batch's guards, or the store's.
    pub async fn commit(&self, batch: Batch) -> kernel::Result<Outcome> {
        self.not_looking()?;
        self.app.store.commit(batch).await
    }

    /// A preview is read-only, and its asker is not the person looked through: nothing is written in their name, not
    /// even by a read that would.
    fn not_looking(&self) -> kernel::Result<()> {
        match self.preview {
            None => Ok(()),
            Some(_) => Err(Error::forbidden("a preview is read-only; nothing was changed")),
        }
    }

    /// Commits a batch that makes something at `location` (a path below the door). With an idempotency key the key
    /// is stored in the same transaction, so a request that is sent twice makes one record.
    ///
    /// # Errors
    /// The batch's guards, or the store's.
    pub async fn commit_new(&self, mut batch: Batch, location: &str) -> kernel::Result<Outcome> {
        self.not_looking()?;
        if let Some((key, digest)) = &self.wire.idempotency {
            store::idempotency::remember(
                &mut batch,
                self.who.organization,
                self.who.membership,
                key,
                *digest,
                location,
                self.now(),
            );
        }
        self.app.store.commit(batch).await
    }

    /// A whole page in this door's frame.
    #[must_use]
    pub fn page(&self, page: crate::reply::PageParts<'_>, body: Markup) -> Markup {
        crate::frame::frame(self, page, body)
    }
}

/// The names of the live roles of a plan.
pub(crate) fn role_names(plan: &Plan) -> String {
    let mut names: Vec<&str> = plan.live_roles().map(|held| held.role.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or(Failure(Error::SignedOut))
    }
}
