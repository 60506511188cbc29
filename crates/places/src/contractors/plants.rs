//! What the leak test plants of contractors: a guest of the corner's client.

use access::FieldClass::Public;
use access::{Facts, Resource};
use kernel::id::{ContractorId, TeamId};
use kernel::{Error, Result};
use web::canary::{Bed, Planted};

use super::model::{ContractorDraft, ContractorKind};
use super::query;

/// The company with a team of its own, called like it.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if bed.whose.is_some() {
        return Ok(());
    }
    let (id, team) = (ContractorId::new(), TeamId::new());
    let whole = Facts::of(bed.organization.uuid());
    let facts = Facts { client: Some(bed.client.uuid()), team: Some(team.uuid()), ..whole };
    let of_team = Facts { team: Some(team.uuid()), ..whole };
    let mut word = |what: &str| bed.word(what, Resource::Contractor, Public, facts);
    let (name, contact, email, phone) = (
        word("name of a contractor"),
        word("contact of a contractor"),
        word("address of a contractor"),
        word("telephone of a contractor"),
    );
    bed.stands(&name, Resource::Team, Public, of_team);
    let client = bed.client_name.to_owned();
    bed.stands(&client, Resource::Contractor, Public, facts);
    let draft = ContractorDraft {
        name: name.parse().map_err(Error::internal)?,
        contact_name: Some(contact.parse().map_err(Error::internal)?),
        contact_email: Some(format!("{email}@verify.invalid").parse().map_err(Error::internal)?),
        phone: Some(phone.parse().map_err(Error::internal)?),
    };
    let new = query::New {
        id,
        team,
        team_name: &name,
        kind: ContractorKind::Guest,
        client: Some(bed.client),
        draft: &draft,
        now: bed.now,
    };
    query::put(&mut bed.batch, bed.organization, &new);
    bed.record(Planted::new(
        id.to_string(),
        format!("a contractor, {}", bed.label),
        Resource::Contractor,
        facts,
    ));
    bed.record(Planted::new(
        team.to_string(),
        format!("the team of a contractor, {}", bed.label),
        Resource::Team,
        of_team,
    ));
    Ok(())
}
