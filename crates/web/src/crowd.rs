//! The plans of everybody in an organization, for questions about who can see what. Compiled once an epoch, because
//! asking about a record must not read five thousand people's roles each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::Plan;
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Result, Timestamp};

use crate::app::App;
use crate::identity;

/// So many organizations are kept; plans of thousands of people are tens of megabytes.
const MOST: usize = 4;

/// Everybody's plan, by membership.
pub type Crowd = Arc<HashMap<MembershipId, Plan>>;

#[derive(Debug)]
struct Kept {
    epoch: i64,
    until: Option<Timestamp>,
    crowd: Crowd,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Crowds(Mutex<HashMap<OrganizationId, Kept>>);

impl App {
    /// The plans of every membership of an organization as of now.
    ///
    /// # Errors
    /// The store's.
    pub async fn crowd(&self, organization: OrganizationId) -> Result<Crowd> {
        let now = self.clock.now();
        let epoch = identity::epoch(&self.store, organization).await?;
        {
            let kept = self.crowds.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = kept.get(&organization)
                && kept.epoch == epoch
                && kept.until.is_none_or(|until| now < until)
            {
                return Ok(kept.crowd.clone());
            }
        }
        let authorities = identity::authorities(&self.store, organization, now).await?;
        // What was read may be newer than the epoch that was asked for; it is kept under the one it was read at.
        let epoch = authorities.first().map_or(epoch, |authority| authority.epoch);
        let feature = identity::boundary(self, organization, now).await?;
        let crowd: Crowd = Arc::new(
            authorities.iter().map(|authority| (authority.membership, authority.compile(now))).collect(),
        );
        let until = crowd.values().filter_map(|plan| plan.valid_until).chain(feature).min();
        let mut all = self.crowds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(organization, Kept { epoch, until, crowd: crowd.clone() });
        Ok(crowd)
    }

    /// The plans of every membership as they were at an instant of the past.
    ///
    /// # Errors
    /// The store's.
    pub async fn crowd_at(&self, organization: OrganizationId, at: Timestamp) -> Result<Crowd> {
        let authorities = identity::authorities_at(&self.store, organization, at).await?;
        Ok(Arc::new(authorities.iter().map(|a| (a.membership, a.compile(at))).collect()))
    }
}
