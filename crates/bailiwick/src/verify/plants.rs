//! What features say of their kinds of record, planted: in every corner, and for everybody who walks.

use kernel::Result;
use store::Batch;
use web::Feature;
use web::canary::{Bed, Plant, Whose};

use super::world::{Corner, Planter, World};

/// How the kinds of record of these features are planted.
pub(super) fn plants(features: &[Feature]) -> Vec<Plant> {
    features.iter().flat_map(|feature| (feature.routes)()).filter_map(|route| route.plants).collect()
}

impl Planter<'_> {
    /// One of each kind in a corner; or what is one person's own, if there is such a thing.
    pub(super) async fn kinds(
        &self,
        world: &mut World,
        (corner, label): (&Corner, &str),
        whose: Option<Whose<'_>>,
    ) -> Result<()> {
        let mut bed = Bed {
            organization: world.tenant.id,
            now: self.clock.now(),
            label,
            client: corner.client,
            site: corner.site,
            area: corner.area,
            team: corner.team,
            worker: corner.worker.0,
            site_name: &corner.names.0,
            client_name: &corner.names.1,
            worker_name: &corner.worker.1,
            whose,
            batch: Batch::new(),
            words: Vec::new(),
            records: Vec::new(),
            also: Vec::new(),
        };
        for plant in &self.plants {
            plant(&mut bed)?;
        }
        let Bed { batch, words, records, also, .. } = bed;
        self.store.commit(batch).await?;
        world.canaries.extend(words);
        world.records.extend(records);
        for (word, place) in also {
            if let Some(canary) = world.canaries.iter_mut().find(|canary| canary.word == word) {
                canary.places.push(place);
            }
        }
        Ok(())
    }

    /// What is everybody's own, far from where they stand.
    pub(super) async fn own_kinds(&self, world: &mut World, far: &Corner) -> Result<()> {
        for index in 0..world.readers.len() {
            let Some(reader) = world.readers.get(index) else { break };
            let name = reader.called();
            let whose = Whose {
                membership: reader.member.id,
                account: reader.account,
                name: &name,
                audience: reader.member.audience,
                stands: reader.stands,
            };
            self.kinds(world, (far, "far away, one's own"), Some(whose)).await?;
        }
        Ok(())
    }
}
