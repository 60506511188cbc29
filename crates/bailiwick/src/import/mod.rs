//! `bailiwick import`: files of other systems.

mod mapping;
mod query;
mod report;
mod row;
mod run;
mod sites;
mod source;
mod times;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kernel::id::{ClientId, OrganizationId};
use kernel::{Clock, Timestamp};
use places::setup::Zone;
use store::journal::Entry;
use store::{Batch, Store};

use self::mapping::{INCIDENT, Mapping};
use self::report::Report;
use crate::cli::Refusal;
use crate::say;

/// What is brought in.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Incidents from CSV, a JSON list or JSON lines
    Incidents(Incidents),
    /// Sites from GeoJSON
    Sites(Sites),
}

/// What both imports ask.
#[derive(Debug, Args)]
struct Common {
    /// The organization, by name or id
    #[arg(long, value_name = "NAME")]
    organization: String,
    /// Look at everything and say what would happen; store nothing
    #[arg(long)]
    dry_run: bool,
    /// Store the good rows although others are refused
    #[arg(long)]
    skip_refused: bool,
    /// Write the whole report to this file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Arguments of `import incidents`.
#[derive(Debug, Args)]
pub(crate) struct Incidents {
    #[command(flatten)]
    common: Common,
    /// A TOML file that says which column feeds which field; without it columns are called like the fields
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The zone of times and of new sites, such as America/New_York; wins over the mapping's
    #[arg(long)]
    zone: Option<String>,
    /// The column that names the site; wins over the mapping's
    #[arg(long, value_name = "COLUMN")]
    site_column: Option<String>,
    /// Only this client's sites are meant
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Make sites that are not there yet, for the client
    #[arg(long, requires = "client")]
    create_sites: bool,
    /// The file
    file: PathBuf,
}

/// Arguments of `import sites`.
#[derive(Debug, Args)]
pub(crate) struct Sites {
    #[command(flatten)]
    common: Common,
    /// The client whose sites these are
    #[arg(long, value_name = "NAME")]
    client: String,
    /// The zone of the sites, such as America/New_York
    #[arg(long)]
    zone: Zone,
    /// The property that names the site; name, site name or title unless given
    #[arg(long, value_name = "PROPERTY")]
    name_column: Option<String>,
    /// What a site without a name is called, followed by its number in the file; refused unless given
    #[arg(long, value_name = "WORD")]
    unnamed: Option<String>,
    /// Metres of the round fence of sites that are points
    #[arg(long, value_name = "METRES")]
    radius: Option<f64>,
    /// The file
    file: PathBuf,
}

/// A mapping with the text it came from.
fn mapping(wish: &Incidents) -> Result<(Mapping, String), String> {
    let (mut mapping, text) = match &wish.mapping {
        None => (Mapping::alike(INCIDENT), String::new()),
        Some(path) => {
            let shown = path.display();
            let text =
                std::fs::read_to_string(path).map_err(|why| format!("{shown} cannot be read: {why}"))?;
            let mapping = Mapping::read(&text, INCIDENT).map_err(|why| format!("{shown}: {why}"))?;
            (mapping, text)
        }
    };
    if let Some(zone) = &wish.zone {
        times::zone(zone, &mapping.zones)?;
        mapping.zone = Some(zone.clone());
    }
    if let Some(column) = &wish.site_column {
        mapping.feed("site", column.clone());
    }
    Ok((mapping, text))
}

async fn client(
    store: &Store,
    organization: OrganizationId,
    name: &str,
) -> Result<(ClientId, String), Refusal> {
    let found = query::clients(store, organization, name).await?;
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Refusal(format!("there is no client {name} in this organization; make it first"))),
        _ => Err(Refusal(format!("several clients are called {name}; name one by its id"))),
    }
}

/// Says what came of it; a refused row makes it a failure unless it was to be skipped.
fn finish(common: &Common, report: &Report) -> Result<(), Refusal> {
    report.print();
    if let Some(path) = &common.report {
        report.write(path)?;
        say::aside(format_args!("the whole report is in {}", path.display()));
    }
    if report.refused.is_empty() || common.skip_refused {
        return Ok(());
    }
    let ending = if common.dry_run { "" } else { "; nothing was stored (--skip-refused stores the others)" };
    Err(Refusal(format!("{} rows are refused{ending}", report.refused.len())))
}

pub(crate) async fn run(store: &Store, import: Import) -> Result<(), Refusal> {
    let clock = Clock::system();
    match import {
        Import::Incidents(wish) => incidents(store, &clock, wish).await,
        Import::Sites(wish) => sites(store, &clock, wish).await,
    }
}

async fn incidents(store: &Store, clock: &Clock, wish: Incidents) -> Result<(), Refusal> {
    let organization = crate::query::organization(store, &wish.common.organization).await?;
    let (mapping, text) = mapping(&wish)?;
    let client = match &wish.client {
        Some(name) => Some(client(store, organization.0, name).await?),
        None => None,
    };
    if wish.create_sites && mapping.zone.is_none() {
        return Err(Refusal("name the time zone of new sites with --zone, or in the mapping".into()));
    }
    let recipe =
        format!("{text}\n{:?}\n{:?}\n{:?}", wish.site_column, wish.zone, client.as_ref().map(|c| c.0));
    let report = run::run(
        store,
        clock,
        &run::Wish {
            file: wish.file,
            mapping,
            organization,
            client,
            create_sites: wish.create_sites,
            dry_run: wish.common.dry_run,
            skip_refused: wish.common.skip_refused,
            recipe,
        },
    )
    .await?;
    finish(&wish.common, &report)
}

async fn sites(store: &Store, clock: &Clock, wish: Sites) -> Result<(), Refusal> {
    let organization = crate::query::organization(store, &wish.common.organization).await?;
    let client = client(store, organization.0, &wish.client).await?;
    let report = sites::run(
        store,
        clock,
        &sites::Wish {
            file: wish.file,
            organization,
            client: client.0,
            zone: wish.zone,
            name: wish.name_column,
            unnamed: wish.unnamed,
            radius: wish.radius,
            dry_run: wish.common.dry_run,
            skip_refused: wish.common.skip_refused,
        },
    )
    .await?;
    finish(&wish.common, &report)
}

/// A line in the journal about an import.
fn journal(
    batch: &mut Batch,
    organization: OrganizationId,
    resource: &str,
    file: &Path,
    detail: &serde_json::Value,
    now: Timestamp,
) {
    store::journal::append(
        batch,
        &Entry {
            organization,
            at: now,
            account: None,
            membership: None,
            name: "Command line",
            roles: "",
            action: "import",
            resource,
            record: None,
            label: &file_name(file),
            detail: &detail.to_string(),
            address: "",
        },
    );
}

/// The file's name without its folders.
fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
