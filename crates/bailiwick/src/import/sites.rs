//! Importing sites from GeoJSON: points and areas with properties. All of them with one commit.

use std::path::PathBuf;

use kernel::geo::Fence;
use kernel::id::{ClientId, OrganizationId};
use kernel::{Clock, Timestamp};
use places::setup::{self, SiteDraft, Zone};
use store::{Batch, Slot, Store};

use super::report::{Refused, Report};
use super::row::Problem;
use super::source;
use crate::cli::Refusal;

/// What is wanted.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) file: PathBuf,
    pub(crate) organization: (OrganizationId, String),
    pub(crate) client: ClientId,
    pub(crate) zone: Zone,
    /// The property that names a site; by habit unless given.
    pub(crate) name: Option<String>,
    /// What a site without a name is called, before its number; refused unless given.
    pub(crate) unnamed: Option<String>,
    /// The round fence of a point, in metres.
    pub(crate) radius: Option<f64>,
    pub(crate) dry_run: bool,
    pub(crate) skip_refused: bool,
}

pub(crate) async fn run(store: &Store, clock: &Clock, wish: &Wish) -> Result<Report, Refusal> {
    let shown = wish.file.display();
    let text = std::fs::read_to_string(&wish.file).map_err(|why| format!("{shown} cannot be read: {why}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let names = places::Names { property: wish.name.as_deref(), unnamed: wish.unnamed.as_deref() };
    let features = places::import_sites(text, wish.client, &wish.zone, names)?;
    let lines = lines(text);
    let mut report = Report {
        file: shown.to_string(),
        organization: wish.organization.1.clone(),
        dry_run: wish.dry_run,
        rows: features.len() as u64,
        ..Report::default()
    };
    let mut drafts = Vec::new();
    for feature in features {
        match feature.site.and_then(|draft| fenced(draft, wish.radius)) {
            Ok(draft) => drafts.push(draft),
            Err(why) => {
                let line = lines.get(feature.number - 1).copied().unwrap_or(0);
                let problems = vec![Problem::new("(feature)", "", why)];
                report.refused.push(Refused { row: feature.number as u64, line, problems });
            }
        }
    }
    report.good = drafts.len() as u64;
    report.new_sites = drafts.iter().map(|draft| draft.name.as_str().to_owned()).collect();
    if !wish.dry_run && (report.refused.is_empty() || wish.skip_refused) && !drafts.is_empty() {
        let now = clock.now();
        let mut batch = Batch::new();
        let organization = wish.organization.0;
        let slots: Vec<Slot> =
            drafts.iter().map(|draft| setup::site_if_new(&mut batch, organization, draft, now).1).collect();
        let detail = serde_json::json!({ "rows": drafts.len(), "refused": report.refused.len() });
        super::journal(&mut batch, organization, "site", &wish.file, &detail, now);
        let outcome = store.commit(batch).await?;
        report.new_sites = drafts
            .iter()
            .zip(slots)
            .filter(|(_, slot)| outcome.touched(*slot) == 1)
            .map(|(draft, _)| draft.name.as_str().to_owned())
            .collect();
        report.stored = report.new_sites.len() as u64;
        report.already_there = report.good - report.stored;
    }
    Ok(report)
}

/// A point gets the round fence that was asked for.
fn fenced(mut draft: SiteDraft, radius: Option<f64>) -> Result<SiteDraft, String> {
    if let (None, Some(position), Some(metres)) = (&draft.fence, draft.position, radius) {
        draft.fence = Some(Fence::circle(position, metres)?);
    }
    Ok(draft)
}

/// The line each feature begins on.
fn lines(text: &str) -> Vec<u64> {
    let (mut line, mut counted) = (1, 0);
    let parts = source::parts(text, Some("features")).unwrap_or_default();
    parts
        .into_iter()
        .map(|(from, _)| {
            line +=
                text.get(counted..from).unwrap_or_default().bytes().filter(|b| *b == b'\n').count() as u64;
            counted = from;
            line
        })
        .collect()
}

/// Adds a site of which only the name is known, unless it is there.
pub(crate) fn plain(
    batch: &mut Batch,
    organization: OrganizationId,
    client: ClientId,
    name: &str,
    zone: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let draft = SiteDraft::new(client, name.parse()?, zone.parse()?);
    setup::site_if_new(batch, organization, &draft, now);
    Ok(())
}
