//! What every request shares: the store, the clock, the settings, the plans that were compiled already.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use access::{Catalogue, Plan};
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Clock, Result, Timestamp};
use store::Store;
use store::files::Files;
use uuid::Uuid;

use crate::context::Door;
use crate::notices::Registered;
use crate::reads::Reads;
use crate::recent::Recent;
use crate::route::{Feature, Findable, Record};

/// Settings a request needs. Everything else stays with the program that starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where people reach the program, without a slash at the end: `https://work.example.com`.
    pub public_url: String,
    /// A demo world: the sign-in page lists its people, and administrators may read the outbox.
    pub demo: bool,
    /// The map's tile source, if there is one.
    pub tiles_url: Option<String>,
    /// Trust `X-Forwarded-For` of a proxy in front.
    pub behind_proxy: bool,
}

/// Where a kind of record is opened.
#[derive(Clone, Debug)]
pub struct RecordPage {
    /// The kind.
    pub record: Record,
    /// The path below the door, with `{id}` in it.
    pub path: &'static str,
    /// The doors it is behind.
    pub doors: Vec<Door>,
}

impl RecordPage {
    /// A record's id as people write it.
    #[must_use]
    pub fn written(&self, id: Uuid) -> String {
        format!("{}_{}", self.record.prefix, kernel::id::encode(id))
    }

    /// The path of one record.
    #[must_use]
    pub fn of(&self, id: Uuid) -> String {
        self.path.replace("{id}", &self.written(id))
    }
}

fn record_pages(features: &[Feature]) -> Vec<RecordPage> {
    features
        .iter()
        .flat_map(|feature| (feature.routes)())
        .filter_map(|route| Some(RecordPage { record: route.record?, path: route.path, doors: route.doors }))
        .collect()
}

/// The roles of an organization, and until when they hold if nobody changes anything.
type Known = (Arc<Catalogue>, Option<Timestamp>);

/// The shared part; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// See [`App`].
#[derive(Debug)]
pub struct Inner {
    /// The data.
    pub store: Store,
    /// Contents of attachments.
    pub files: Files,
    /// The time.
    pub clock: Clock,
    /// Settings.
    pub config: Config,
    /// What the program can do; for navigation, OpenAPI and the walk over all routes.
    pub features: Vec<Feature>,
    /// What the search looks through, in the order of the features.
    pub(crate) findable: Vec<Findable>,
    /// The pages of the field portal that phones keep, whole paths.
    pub(crate) kept: Vec<String>,
    /// The list that every page of the office keeps an eye on, and what one must hold for it.
    pub(crate) watched: Option<(&'static str, access::Permission)>,
    /// The kinds of record that have pages, with the path of the page and the doors it is behind.
    pub records: Vec<RecordPage>,
    /// What people are told about, from the routes of the records' pages.
    pub notices: Vec<Registered>,
    /// The kinds of change of rights there are.
    pub(crate) changes: Vec<crate::change::Kind>,
    /// The lists whose records differences count.
    pub counted: Vec<crate::change::Counted>,
    plans: RwLock<HashMap<MembershipId, Arc<Plan>>>,
    roles: RwLock<HashMap<OrganizationId, Known>>,
    pub(crate) crowds: crate::crowd::Crowds,
    pub(crate) recent: Recent,
    pub(crate) reads: Reads,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// More organizations' roles than this and the cache starts anew.
const MOST_CATALOGUES: usize = 500;

/// More plans than this and the cache starts anew; a plan is a few kilobytes.
const MOST_PLANS: usize = 20_000;

impl App {
    /// Puts the shared part together.
    #[must_use]
    pub fn new(store: Store, files: Files, clock: Clock, config: Config, features: Vec<Feature>) -> Self {
        let findable = features.iter().flat_map(Feature::searches).collect();
        let notices = features
            .iter()
            .flat_map(|feature| (feature.routes)())
            .flat_map(|route| {
                let doors = route.doors;
                route.tells.iter().map(move |notice| Registered { notice, doors: doors.clone() })
            })
            .collect();
        let routes: Vec<_> = features.iter().flat_map(|feature| (feature.routes)()).collect();
        let changes = routes.iter().filter_map(|route| route.change).collect();
        let counted = routes.iter().filter_map(|route| route.counted).collect();
        let field = Door::Portal(kernel::Portal::Field);
        let kept = routes
            .iter()
            .filter(|route| route.kept && route.doors.contains(&field))
            .map(|route| format!("{}{}", field.prefix(), route.path))
            .collect();
        let watched = routes.iter().find_map(|route| Some((route.path, route.watched?)));
        Self(Arc::new(Inner {
            store,
            files,
            clock,
            config,
            records: record_pages(&features),
            features,
            findable,
            kept,
            watched,
            notices,
            changes,
            counted,
            plans: RwLock::default(),
            roles: RwLock::default(),
            crowds: crate::crowd::Crowds::default(),
            recent: Recent::default(),
            reads: Reads::default(),
        }))
    }

    /// A kind of notice by its word.
    #[must_use]
    pub fn notice(&self, topic: &str) -> Option<&Registered> {
        self.notices.iter().find(|registered| registered.notice.topic == topic)
    }

    /// Does the cookie have to be `Secure`?
    #[must_use]
    pub fn secure(&self) -> bool {
        self.config.public_url.starts_with("https://")
    }

    /// The plan of a membership, if it was compiled at this epoch and still holds (law 5: the epoch is read with
    /// every request, so a change shows on the next one, on every node).
    #[must_use]
    pub fn known_plan(&self, membership: MembershipId, epoch: i64) -> Option<Arc<Plan>> {
        let plans = self.plans.read().unwrap_or_else(PoisonError::into_inner);
        let plan = plans.get(&membership)?;
        let fresh = plan.epoch == epoch && plan.valid_until.is_none_or(|until| self.clock.now() < until);
        fresh.then(|| plan.clone())
    }

    /// Keeps a plan for the next request.
    pub fn keep_plan(&self, plan: &Arc<Plan>) {
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= MOST_PLANS {
            plans.clear();
        }
        plans.insert(plan.membership, plan.clone());
    }

    /// The roles of an organization as of an epoch that was read just now. Read once an epoch, like plans.
    ///
    /// # Errors
    /// The store's.
    pub async fn roles_at(&self, organization: OrganizationId, epoch: i64) -> Result<Arc<Catalogue>> {
        let now = self.clock.now();
        {
            let known = self.roles.read().unwrap_or_else(PoisonError::into_inner);
            let fresh = known
                .get(&organization)
                .filter(|(roles, until)| roles.epoch() == epoch && until.is_none_or(|until| now < until));
            if let Some((roles, _)) = fresh {
                return Ok(roles.clone());
            }
        }
        let (roles, until) = crate::identity::catalogue(&self.store, organization, now).await?;
        let roles = Arc::new(roles);
        let mut known = self.roles.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_CATALOGUES {
            known.clear();
        }
        known.insert(organization, (roles.clone(), until));
        Ok(roles)
    }

    /// The roles of an organization as of now, where no request has read the epoch.
    ///
    /// # Errors
    /// The store's.
    pub async fn roles(&self, organization: OrganizationId) -> Result<Arc<Catalogue>> {
        let epoch = crate::identity::epoch(&self.store, organization).await?;
        self.roles_at(organization, epoch).await
    }
}
