//! `bailiwick backup` and `bailiwick restore`: one tar file with the database and the contents of attachments.
//!
//! The database is copied first. Contents are never changed or removed, so the files copied afterwards hold at least
//! everything that the copied rows name.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use kernel::Clock;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Engine, Place, Store};

use crate::cli::Refusal;
use crate::say;
use crate::settings::Settings;

/// What a backup says of itself; its first entry.
#[derive(Debug, Deserialize, Serialize)]
struct Manifest {
    /// The version of the program that made it.
    version: String,
    /// Which engine the database is of.
    engine: String,
    made_at: String,
    /// Are contents of attachments in it?
    files: bool,
}

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database";
const FILES: &str = "files/";

fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// A file beside another one.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn cannot(what: &str, path: &Path) -> impl Fn(io::Error) -> Refusal {
    let text = format!("{} cannot be {what}", path.display());
    move |why| Refusal(format!("{text}: {why}"))
}

/// Writes a backup while the program goes on working.
pub(crate) async fn backup(settings: &Settings, to: &Path) -> Result<(), Refusal> {
    if to.exists() {
        return Err(Refusal(format!("{} is there already; name a new file", to.display())));
    }
    let store = Store::open(&settings.database)?;
    let copy = beside(to, ".database");
    let _ = fs::remove_file(&copy);
    let copied = store.backup(&copy).await;
    let kind = engine(store.engine());
    store.close().await;
    copied?;
    let draft = beside(to, ".partial");
    let local = !settings.files.starts_with("s3://");
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").into(),
        engine: kind.into(),
        made_at: Clock::system().now().to_string(),
        files: local,
    };
    let packed = pack(&draft, &manifest, &copy, local.then_some(Path::new(&settings.files)))
        .and_then(|count| fs::rename(&draft, to).map(|()| count))
        .map_err(cannot("written", to));
    let _ = fs::remove_file(&copy);
    if packed.is_err() {
        let _ = fs::remove_file(&draft);
    }
    let count = packed?;
    say::line(format_args!("{}: the database and {count} files", to.display()));
    if !local {
        say::aside(
            "Attachments are in the object store and not in this file; keep its versions or copy the bucket.",
        );
    }
    Ok(())
}

fn pack(draft: &Path, manifest: &Manifest, database: &Path, files: Option<&Path>) -> io::Result<usize> {
    let mut tar = tar::Builder::new(File::create(draft)?);
    let text = serde_json::to_vec_pretty(manifest).map_err(io::Error::other)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    tar.append_data(&mut header, MANIFEST, text.as_slice())?;
    tar.append_path_with_name(database, DATABASE)?;
    let mut count = 0;
    if let Some(root) = files {
        for folder in entries(root)? {
            for path in entries(&folder)? {
                if let Some(name) = content_name(&path) {
                    tar.append_path_with_name(&path, format!("{FILES}{name}"))?;
                    count += 1;
                }
            }
        }
    }
    let file = tar.into_inner()?;
    file.sync_all()?;
    Ok(count)
}

/// What a folder holds, in order; a folder that is not there holds nothing.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?,
        Err(why) if why.kind() == io::ErrorKind::NotFound || why.kind() == io::ErrorKind::NotADirectory => {
            Vec::new()
        }
        Err(why) => return Err(why),
    };
    all.sort();
    Ok(all)
}

/// The name of a kept content: 64 hexadecimal digits. Anything else (a half-written file) is not one.
fn content_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    (name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
        .then_some(name)
}

/// Fills the database and the files from a backup. The program must not be running.
pub(crate) async fn restore(settings: &Settings, from: &Path, force: bool) -> Result<(), Refusal> {
    let mut archive = tar::Archive::new(File::open(from).map_err(cannot("read", from))?);
    let unfit = |why: io::Error| Refusal(format!("{} is not a whole backup: {why}", from.display()));
    let mut manifest: Option<Manifest> = None;
    let mut restored = false;
    let mut count = 0;
    for entry in archive.entries().map_err(unfit)? {
        let mut entry = entry.map_err(unfit)?;
        let name = entry.path().map_err(unfit)?.to_string_lossy().into_owned();
        if name == MANIFEST {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(unfit)?;
            let found: Manifest = serde_json::from_str(&text).map_err(|why| unfit(io::Error::other(why)))?;
            fits(&found, settings)?;
            manifest = Some(found);
        } else if manifest.is_none() {
            return Err(unfit(io::Error::other("it does not begin with a manifest")));
        } else if name == DATABASE {
            let copy = settings.data_dir.join("restore.database");
            fs::create_dir_all(&settings.data_dir).map_err(cannot("made", &settings.data_dir))?;
            let written = File::create(&copy).and_then(|mut file| io::copy(&mut entry, &mut file));
            let done = match written {
                Ok(_) => store::restore(&copy, &settings.database, force).await.map_err(Refusal::from),
                Err(why) => Err(cannot("written", &copy)(why)),
            };
            let _ = fs::remove_file(&copy);
            done?;
            restored = true;
        } else if let Some(name) = name.strip_prefix(FILES).and_then(|name| content_name(Path::new(name))) {
            if settings.files.starts_with("s3://") {
                continue;
            }
            keep(Path::new(&settings.files), name, &mut entry).map_err(unfit)?;
            count += 1;
        }
    }
    if !restored {
        return Err(unfit(io::Error::other("it holds no database")));
    }
    say::line(format_args!("restored the database and {count} files from {}", from.display()));
    Ok(())
}

fn fits(manifest: &Manifest, settings: &Settings) -> Result<(), Refusal> {
    let wanted = match settings.database.engine {
        Place::Sqlite { .. } => engine(Engine::Sqlite),
        Place::Postgres { .. } => engine(Engine::Postgres),
    };
    if manifest.engine == wanted {
        return Ok(());
    }
    Err(Refusal(format!(
        "this backup is of a {} database, and --database-url names a {wanted} one",
        manifest.engine
    )))
}

/// Puts a content in its place, after looking whether it is what its name says.
fn keep(root: &Path, name: &str, content: &mut impl io::Read) -> io::Result<()> {
    let folder = root.join(name.get(..2).unwrap_or_default());
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    let draft = folder.join(format!(".{name}"));
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes)?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != name {
        return Err(io::Error::other(format!("the file {name} is damaged")));
    }
    if path.exists() {
        return Ok(());
    }
    let mut file = File::create(&draft)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&draft, &path)
}
