//! The command line.

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use kernel::Error;

use crate::settings::{Given, Settings};

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
    /// Bring the database up to date and answer requests
    Serve,
    /// Bring the database up to date and end
    Migrate,
    /// Show the settings that hold and where each came from
    Config,
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
    runtime.block_on(dispatch(cli.command, settings))
}

async fn dispatch(command: Command, settings: Settings) -> Result<(), Refusal> {
    match command {
        Command::Serve => crate::serve::run(&settings).await,
        Command::Migrate => {
            let store = store::Store::open(&settings.database)?;
            let applied = store.migrate().await;
            store.close().await;
            let applied = applied?;
            for name in &applied {
                crate::say::line(format_args!("applied {name}"));
            }
            if applied.is_empty() {
                crate::say::line("the database is up to date");
            }
            Ok(())
        }
        Command::Config => {
            crate::settings::print(&settings);
            Ok(())
        }
    }
}

/// Says on standard error why a command ended without success.
pub fn complain(why: &str) {
    crate::say::aside(format_args!("bailiwick: {why}"));
}
