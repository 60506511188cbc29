//! Settings: one table. Flags, environment variables, keys of the file, the list in `docs/operations.md` and what
//! `bailiwick config` prints all come from it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its flag without the dashes: `data-dir`.
    pub name: &'static str,
    /// What its value is: `DIR`, `URL`; none for an on/off setting.
    pub value: Option<&'static str>,
    /// What holds when nothing is said, in words where it follows from another setting.
    pub default: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Holds a password, so it is never shown whole.
    pub secret: bool,
}

const fn setting(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting { name, value: Some(value), default, about, secret: false }
}

/// Every setting, in the order of the documentation.
pub const ALL: &[Setting] = &[
    setting("data-dir", "DIR", "./bailiwick-data", "Where the database, files and unsent mail are kept"),
    Setting {
        secret: true,
        ..setting(
            "database-url",
            "URL",
            "bailiwick.db in the data directory",
            "The database: postgres://user:password@host/name, or the path of a SQLite file",
        )
    },
    setting(
        "database-connections",
        "NUMBER",
        "16",
        "The most connections to PostgreSQL that one process opens",
    ),
    setting(
        "files",
        "PLACE",
        "files in the data directory",
        "Where the contents of attachments are kept: a directory, or s3://bucket?endpoint=https://host&region=name \
         with keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    setting("listen", "ADDRESS", "127.0.0.1:8080", "Where the program answers, as address:port"),
    setting(
        "metrics-listen",
        "ADDRESS",
        "none",
        "A second address for /metrics only; without it /metrics answers this machine on the main address",
    ),
    setting(
        "public-url",
        "URL",
        "http:// and the listen address",
        "Where people reach the program; links in mail begin with it, and https:// makes cookies secure",
    ),
    Setting {
        value: None,
        ..setting(
            "behind-proxy",
            "",
            "false",
            "A proxy stands in front: take the caller's address from X-Forwarded-For",
        )
    },
    Setting {
        secret: true,
        ..setting(
            "smtp-url",
            "URL",
            "none",
            "The mail server: smtp://user:password@host:587?tls=required or smtps://host; without it mail is written to a folder",
        )
    },
    setting("mail-from", "MAILBOX", "Bailiwick <no-reply@localhost>", "The sender of mail"),
    setting(
        "tiles-url",
        "URL",
        "none",
        "The source of map tiles, such as https://tiles.example.com/{z}/{x}/{y}.png",
    ),
    setting("log-format", "FORMAT", "text", "How the log is written: text or json"),
    setting(
        "log-level",
        "LEVEL",
        "info",
        "What is logged: error, warn, info, debug, trace, or directives such as info,store=debug",
    ),
];

/// The setting that names the file with the others; not in the file itself.
const CONFIG: &str = "config";
/// The file that is read when none is named, if it is there.
const DEFAULT_FILE: &str = "bailiwick.toml";

impl Setting {
    /// Its environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        variable(self.name)
    }

    /// Its key in the file.
    #[must_use]
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

fn variable(name: &str) -> String {
    format!("BAILIWICK_{}", name.to_uppercase().replace('-', "_"))
}

/// Where a value came from. What stands further down wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The file.
    File,
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}

/// The settings as they were given by flags and environment.
#[derive(Clone, Debug, Default)]
pub struct Given(BTreeMap<&'static str, (String, Source)>);

impl clap::FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = BTreeMap::new();
        for name in ALL.iter().map(|s| s.name).chain([CONFIG]) {
            let source = match matches.value_source(name) {
                Some(ValueSource::CommandLine) => Source::Flag,
                Some(ValueSource::EnvVariable) => Source::Environment,
                _ => continue,
            };
            if let Some(value) = matches.get_one::<String>(name) {
                // An empty variable is how container files say "not set".
                if source == Source::Flag || !value.trim().is_empty() {
                    given.insert(name, (value.clone(), source));
                }
            }
        }
        Ok(Self(given))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Given {
    fn augment_args(command: Command) -> Command {
        let mut command = command.next_help_heading("Settings").arg(
            Arg::new(CONFIG)
                .long(CONFIG)
                .env(variable(CONFIG))
                .hide_env_values(true)
                .value_name("FILE")
                .global(true)
                .help(format!("A TOML file with settings [default: {DEFAULT_FILE}, if it is there]")),
        );
        for setting in ALL {
            let mut arg = Arg::new(setting.name)
                .long(setting.name)
                .env(setting.variable())
                .hide_env_values(true)
                .global(true)
                .help(format!("{} [default: {}]", setting.about, setting.default));
            arg = match setting.value {
                Some(value) => arg.value_name(value),
                None => arg
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true")
                    .value_name("true|false"),
            };
            command = command.arg(arg);
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// A setting with its value and where that came from.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Which one.
    pub setting: &'static Setting,
    /// What holds; none where nothing is set and nothing follows.
    pub value: Option<String>,
    /// Who said so.
    pub source: Source,
}

impl Resolved {
    /// The value as it may be shown: passwords are stars.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.value {
            None => "none".into(),
            Some(value) if self.setting.secret => masked(value),
            Some(value) => value.clone(),
        }
    }
}

/// Replaces the password of a URL, and every query value that sounds like one.
fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(r, q)| (r, Some(q)));
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split_once(':').map_or(user, |(name, _)| name);
            format!("{name}:***@{host}")
        }
        None => rest.to_owned(),
    };
    let query = query.map_or(String::new(), |query| {
        let parts: Vec<String> = query
            .split('&')
            .map(|part| match part.split_once('=') {
                Some((key, _)) if key.to_lowercase().contains("pass") => format!("{key}=***"),
                _ => part.to_owned(),
            })
            .collect();
        format!("?{}", parts.join("&"))
    });
    format!("{scheme}://{rest}{query}")
}

/// Everything the program needs to know, parsed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Each setting with its source.
    pub resolved: Vec<Resolved>,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The database.
    pub database: store::Settings,
    /// Contents of attachments: a directory or an `s3://` URL.
    pub files: String,
    /// The main address.
    pub listen: std::net::SocketAddr,
    /// The address of `/metrics`, if it has one of its own.
    pub metrics_listen: Option<std::net::SocketAddr>,
    /// Without a slash at the end.
    pub public_url: String,
    /// Trust `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// The mail server.
    pub smtp_url: Option<String>,
    /// The sender.
    pub mail_from: String,
    /// Map tiles.
    pub tiles_url: Option<String>,
    /// Lines of JSON instead of text.
    pub log_json: bool,
    /// What is logged.
    pub log_level: String,
}

impl Settings {
    /// Puts flags, environment, file and defaults together and reads the values.
    ///
    /// # Errors
    /// A sentence naming the setting and where its value came from.
    pub fn resolve(given: &Given) -> Result<Self, String> {
        let (file, written) = read_file(given)?;
        let mut resolved: Vec<Resolved> = ALL
            .iter()
            .map(|setting| {
                let flag = given.0.get(setting.name).cloned();
                let file = written.get(setting.name).map(|value| (value.clone(), Source::File));
                match flag.or(file) {
                    Some((value, source)) => Resolved { setting, value: Some(value), source },
                    None => Resolved { setting, value: None, source: Source::Default },
                }
            })
            .collect();
        // What follows from other settings is filled in once those are known.
        let data_dir = PathBuf::from(settle(&mut resolved, "data-dir", || "./bailiwick-data".into()));
        let inside = |name: &str| data_dir.join(name).display().to_string();
        let database = settle(&mut resolved, "database-url", || inside("bailiwick.db"));
        let connections: usize = parse(&resolved, "database-connections", Some("16"))?.unwrap_or(16);
        settle(&mut resolved, "database-connections", || "16".into());
        let files = settle(&mut resolved, "files", || inside("files"));
        let listen = parse(&resolved, "listen", Some("127.0.0.1:8080"))?
            .ok_or_else(|| wrong(&resolved, "listen", "an address is needed"))?;
        settle(&mut resolved, "listen", || "127.0.0.1:8080".into());
        let public_url = settle(&mut resolved, "public-url", || format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            return Err(wrong(&resolved, "public-url", "it must begin with http:// or https://"));
        }
        let behind_proxy = parse(&resolved, "behind-proxy", Some("false"))?.unwrap_or(false);
        settle(&mut resolved, "behind-proxy", || "false".into());
        let mail_from = settle(&mut resolved, "mail-from", || "Bailiwick <no-reply@localhost>".into());
        let log_json = match settle(&mut resolved, "log-format", || "text".into()).as_str() {
            "text" => false,
            "json" => true,
            _ => return Err(wrong(&resolved, "log-format", "choose text or json")),
        };
        let log_level = settle(&mut resolved, "log-level", || "info".into());
        if let Err(why) = log_level.parse::<tracing_subscriber::EnvFilter>() {
            return Err(wrong(&resolved, "log-level", &why.to_string()));
        }
        let mut place = store::Settings::parse(&database);
        if let store::Place::Postgres { connections: most, .. } = &mut place.engine {
            *most = connections.max(1);
        }
        Ok(Self {
            metrics_listen: parse(&resolved, "metrics-listen", None)?,
            smtp_url: value(&resolved, "smtp-url"),
            tiles_url: value(&resolved, "tiles-url"),
            database: place,
            resolved,
            file,
            data_dir,
            files,
            listen,
            public_url,
            behind_proxy,
            mail_from,
            log_json,
            log_level,
        })
    }
}

/// The keys of an object store, from the environment variables that all its tools read.
pub(crate) fn keys() -> Option<store::files::Keys> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Some(store::files::Keys {
        id: variable("AWS_ACCESS_KEY_ID")?,
        secret: variable("AWS_SECRET_ACCESS_KEY")?,
        token: variable("AWS_SESSION_TOKEN"),
    })
}

fn find<'r>(resolved: &'r [Resolved], name: &str) -> Option<&'r Resolved> {
    resolved.iter().find(|r| r.setting.name == name)
}

fn value(resolved: &[Resolved], name: &str) -> Option<String> {
    find(resolved, name).and_then(|r| r.value.clone())
}

/// The value, or the default, which is then noted as such.
fn settle(resolved: &mut [Resolved], name: &str, default: impl FnOnce() -> String) -> String {
    match resolved.iter_mut().find(|r| r.setting.name == name) {
        Some(found) => found.value.get_or_insert_with(default).clone(),
        None => default(),
    }
}

fn parse<T>(resolved: &[Resolved], name: &str, default: Option<&str>) -> Result<Option<T>, String>
where
    T: std::str::FromStr<Err: fmt::Display>,
{
    let given = value(resolved, name);
    match given.as_deref().or(default) {
        None => Ok(None),
        Some(text) => text.trim().parse().map(Some).map_err(|why| wrong(resolved, name, &format!("{why}"))),
    }
}

fn wrong(resolved: &[Resolved], name: &str, why: &str) -> String {
    let Some(found) = find(resolved, name) else { return why.to_owned() };
    let from = match found.source {
        Source::Flag => format!("--{name}"),
        Source::Environment => variable(name),
        Source::File => format!("{} in the settings file", found.setting.key()),
        Source::Default => format!("the default of --{name}"),
    };
    format!("{from}: {} cannot be used: {why}", found.shown())
}

/// The file's values by the names of the settings.
fn read_file(given: &Given) -> Result<(Option<PathBuf>, BTreeMap<&'static str, String>), String> {
    let named = given.0.get(CONFIG).map(|(path, _)| PathBuf::from(path));
    let path = match named {
        Some(path) => path,
        None if Path::new(DEFAULT_FILE).exists() => PathBuf::from(DEFAULT_FILE),
        None => return Ok((None, BTreeMap::new())),
    };
    let shown = path.display();
    let text = std::fs::read_to_string(&path)
        .map_err(|why| format!("the settings file {shown} cannot be read: {why}"))?;
    let table: toml::Table =
        text.parse().map_err(|why| format!("the settings file {shown} cannot be read: {why}"))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let Some(setting) = ALL.iter().find(|s| s.key() == key) else {
            let known: Vec<String> = ALL.iter().map(Setting::key).collect();
            return Err(format!(
                "the settings file {shown} has {key}, which is no setting; there are: {}",
                known.join(", ")
            ));
        };
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(on) => on.to_string(),
            _ => {
                return Err(format!(
                    "the settings file {shown}: {key} must be text, a number, true or false"
                ));
            }
        };
        values.insert(setting.name, text);
    }
    Ok((Some(path), values))
}

/// The rows of the documentation's table.
#[must_use]
pub fn table() -> Vec<String> {
    ALL.iter()
        .map(|setting| {
            let value = setting.value.map_or(String::new(), |value| format!(" {value}"));
            let (flag, variable, key) = (setting.name, setting.variable(), setting.key());
            format!(
                "| `--{flag}{value}` | `{variable}` | `{key}` | {} | {} |",
                setting.default, setting.about
            )
        })
        .collect()
}

/// Prints the settings that hold: value, source, variable.
pub(crate) fn print(settings: &Settings) {
    let width = ALL.iter().map(|s| s.name.len()).max().unwrap_or(0);
    match &settings.file {
        Some(path) => crate::say::line(format_args!("# file: {}", path.display())),
        None => crate::say::line("# no file"),
    }
    for resolved in &settings.resolved {
        let (name, shown, source) = (resolved.setting.name, resolved.shown(), resolved.source);
        crate::say::line(format_args!("{name:width$}  {shown}  ({source})"));
    }
}
