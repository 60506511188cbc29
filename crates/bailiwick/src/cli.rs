//! The command line.

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use kernel::Error;
use store::Store;

use crate::serve::{self, Role};
use crate::settings::{Given, Settings};
use crate::{commands, say};

/// Runs a field operation and gives each person exactly the window that is theirs.
#[derive(Debug, Parser)]
#[command(name = "bailiwick", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    settings: Given,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date, answer requests and do the work behind the scenes
    Serve {
        /// Leave mail and other work to `bailiwick work`
        #[arg(long)]
        no_work: bool,
    },
    /// Make a demo world in an empty database: two organizations, every role, as many incidents as you like
    Demo(crate::demo::Wish),
    /// Do only the work behind the scenes: send mail
    Work,
    /// Bring the database up to date and end
    Migrate,
    /// Bring in files of other systems
    #[command(subcommand)]
    Import(crate::import::Import),
    /// Write the database and the files of attachments to one new file, while the program goes on working
    Backup {
        /// The file to be made, such as bailiwick-2026-11-23.tar
        file: PathBuf,
    },
    /// Fill an empty database and the files from a backup; the program must not be running
    Restore {
        /// The backup
        file: PathBuf,
        /// Replace everything in a database that is not empty
        #[arg(long)]
        force: bool,
    },
    /// Say whether a person can see an incident, and why
    Explain(crate::commands::explain::Question),
    /// Walk every page, endpoint, search, export and message as every role in a scratch world, and report each leak
    VerifyAccess(crate::commands::verify::Wish),
    /// Make organizations
    #[command(subcommand)]
    Organization(Organization),
    /// Look after the audit journal
    #[command(subcommand)]
    Audit(Audit),
    /// Print the built-in roles: what each may do, and how far
    Roles {
        /// As JSON, every permission with its reach and conditions
        #[arg(long)]
        json: bool,
    },
    /// Print every route: method, door, path, what it answers, what it is for
    Routes {
        /// Only pages: what people read in a browser
        #[arg(long)]
        pages: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
    /// Print the settings that hold, and where each came from
    Config,
    /// Ask the running program whether it is ready
    Health,
}

#[derive(Debug, Subcommand)]
enum Organization {
    /// Make an organization and its first administrator, and print a link that invites them
    Create(crate::commands::organization::Create),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Check that no line of any journal was changed, added or removed; ends with status 1 if one was
    Verify {
        /// Only the journal of this organization: its id or its name
        #[arg(long)]
        organization: Option<String>,
    },
}

/// The program's command line, for the test that holds the documentation against it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Why a command ended without success: a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Refusal(pub String);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // The person at the terminal runs the program: unlike a browser they are told what is behind it.
        Self(match error {
            Error::Unavailable(detail) => detail,
            Error::Internal { detail, at } => format!("internal error at {at}: {detail}"),
            Error::Invalid(fields) => fields
                .iter()
                .map(|(field, messages)| format!("{field}: {}", messages.join("; ")))
                .collect::<Vec<_>>()
                .join("\n"),
            other => other.to_string(),
        })
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Runs what was typed.
///
/// # Errors
/// What to tell the person at the terminal. (Wrong flags end the process with status 2 and clap's own words.)
pub fn run() -> Result<(), Refusal> {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settings = Settings::resolve(&cli.settings)?;
    crate::log::start(settings.log_json, &settings.log_level);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|why| Refusal(format!("the threads cannot be started: {why}")))?;
    let done = runtime.block_on(dispatch(cli.command, &settings));
    // Whatever still runs (a name being looked up) must not hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

async fn dispatch(command: Command, settings: &Settings) -> Result<(), Refusal> {
    match command {
        Command::Serve { no_work } => serve::run(settings, Role { works: !no_work, demo: false }).await,
        Command::Demo(wish) => demo(settings, &wish).await,
        Command::Work => serve::work(settings).await,
        Command::Migrate => migrate(settings).await,
        Command::Organization(Organization::Create(wish)) => {
            with_store(settings, async |store| commands::organization::create(store, settings, wish).await)
                .await
        }
        Command::Import(import) => {
            with_store(settings, async |store| crate::import::run(store, import).await).await
        }
        Command::Backup { file } => crate::backup::backup(settings, &file).await,
        Command::Restore { file, force } => crate::backup::restore(settings, &file, force).await,
        Command::Explain(question) => {
            with_store(settings, async |store| commands::explain::answer(store, &question).await).await
        }
        Command::VerifyAccess(wish) => {
            with_store(settings, async |store| commands::verify::run(store, settings, wish).await).await
        }
        Command::Audit(Audit::Verify { organization }) => {
            let only = organization.as_deref();
            with_store(settings, async |store| commands::audit::verify(store, only).await).await
        }
        Command::Roles { json: false } => {
            commands::roles::text();
            Ok(())
        }
        Command::Roles { json: true } => pretty(&commands::roles::as_json()),
        Command::Routes { pages, json: false } => {
            commands::routes::text(pages);
            Ok(())
        }
        Command::Routes { pages, json: true } => pretty(&commands::routes::as_json(pages)),
        Command::Openapi => pretty(&web::openapi::document(&crate::features())),
        Command::Config => {
            crate::settings::print(settings);
            Ok(())
        }
        Command::Health => commands::health::ask(settings.listen),
    }
}

/// Opens the database, brings it up to date, works, and closes it whatever comes out.
async fn with_store(
    settings: &Settings,
    work: impl AsyncFnOnce(&Store) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let store = serve::open(settings).await?;
    let done = work(&store).await;
    store.close().await;
    done
}

async fn demo(settings: &Settings, wish: &crate::demo::Wish) -> Result<(), Refusal> {
    with_store(settings, async |store| crate::demo::make(store, settings, wish).await).await?;
    crate::demo::print_sign_ins(&settings.public_url)?;
    if wish.serve { serve::run(settings, Role { works: true, demo: true }).await } else { Ok(()) }
}

async fn migrate(settings: &Settings) -> Result<(), Refusal> {
    let store = Store::open(&settings.database)?;
    let applied = store.migrate().await;
    store.close().await;
    let applied = applied?;
    for name in &applied {
        say::line(format_args!("applied {name}"));
    }
    if applied.is_empty() {
        say::line("the database is up to date");
    }
    Ok(())
}

fn pretty(value: &serde_json::Value) -> Result<(), Refusal> {
    say::line(serde_json::to_string_pretty(value).map_err(|why| why.to_string())?);
    Ok(())
}

/// Says on standard error why a command ended without success.
pub fn complain(why: &str) {
    say::aside(format_args!("bailiwick: {why}"));
}
