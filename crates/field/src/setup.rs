//! What the program's own doors put in place without a request: the rounds of the demo world.

use access::Facts;
use kernel::geo::Point;
use kernel::id::{CheckpointId, OrganizationId, SiteId};
use kernel::{Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::checkpoints::model::Draft;
use crate::checkpoints::query::{New, put};

struct Site {
    id: SiteId,
    client: Uuid,
    area: Option<Uuid>,
    middle: Option<Point>,
}

impl FromRow for Site {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let degrees: (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
        let middle =
            degrees.0.zip(degrees.1).and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok());
        Ok(Self { id: row.get(0)?, client: row.get(1)?, area: row.get(2)?, middle })
    }
}

/// Name, instructions, question, and how far it is from the middle of its site, in degrees.
const PLACES: [(&str, &str, &str, (f64, f64)); 6] = [
    ("Main gate", "Check that the gate is locked and the seal is whole.", "", (0.0004, 0.0002)),
    ("Loading dock", "Look behind the trailers.", "How many trailers stand there?", (0.0002, 0.0006)),
    (
        "Pump room",
        "Read the gauge. Above 6 bar, call the office.",
        "What does the gauge say?",
        (-0.0002, 0.0005),
    ),
    ("Roof door", "", "", (-0.0004, 0.0001)),
    ("Parking level 2", "Walk to the far end.", "", (-0.0003, -0.0004)),
    ("Reception", "Sign the key book.", "", (0.0001, -0.0003)),
];

/// Gives the first sites of an organization that does guarding their checkpoints.
///
/// # Errors
/// The store's.
pub async fn rounds(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<usize> {
    let sites: Vec<Site> = store
        .all(
            "select s.id, s.client_id, s.area_id, s.latitude, s.longitude from sites s \
             where s.organization_id = $1 and s.archived = 0 and s.kind in (0, 1) \
               and exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key in ('officer', 'guard')) \
             order by exists (select 1 from assignment_targets t join assignments a on a.id = t.assignment_id \
                 where t.target_id = s.id and t.dimension = 4 and a.role_key = 'supervisor') desc, s.name limit 12",
            params![organization],
        )
        .await?;
    let mut made = 0;
    for (number, site) in sites.iter().enumerate() {
        let mut batch = Batch::new();
        checkpoints(&mut batch, organization, site, number, now);
        made += store.commit(batch).await.map(|_| 1)?;
    }
    Ok(made)
}

fn checkpoints(batch: &mut Batch, organization: OrganizationId, site: &Site, number: usize, now: Timestamp) {
    let facts = Facts {
        client: Some(site.client),
        site: Some(site.id.uuid()),
        area: site.area,
        ..Facts::of(organization.uuid())
    };
    for (place, (name, instructions, question, aside)) in (1..).zip(PLACES.iter().take(4 + number % 3)) {
        let Ok(name) = name.parse() else { continue };
        let position = site
            .middle
            .and_then(|middle| Point::new(middle.latitude() + aside.0, middle.longitude() + aside.1).ok());
        let draft = Draft {
            name,
            instructions: instructions.parse().unwrap_or_default(),
            question: (*question).to_owned(),
            place: Some(place),
            position,
            radius_m: 25.0,
        };
        let code = kernel::text::spoken_reference(8);
        put(
            batch,
            organization,
            &New { id: CheckpointId::new(), facts: &facts, draft: &draft, code: &code, now },
        );
    }
}
