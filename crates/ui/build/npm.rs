//! Fetches the packages of `web/npm/package-lock.json`, where npm is there. Nothing runs from them, their files
//! are only read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The folder with the packages, or `None` with a warning that says what will be missing.
pub(crate) fn fetch(manifest: &Path, out: &Path) -> Option<PathBuf> {
    println!("cargo::rerun-if-env-changed=BAILIWICK_NPM");
    if env::var("BAILIWICK_NPM").is_ok_and(|word| word == "off") {
        return None;
    }
    match install(manifest, out) {
        Ok(folder) => Some(folder),
        Err(why) => {
            println!(
                "cargo::warning=built without the map, the Inter face and idiomorph, because npm {why}. \
                 The product works; maps show coordinates only. Set BAILIWICK_NPM=off to build so on purpose."
            );
            None
        }
    }
}

fn install(manifest: &Path, out: &Path) -> Result<PathBuf, String> {
    let folder = out.join("npm");
    let modules = folder.join("node_modules");
    let lock = fs::read(manifest.join("package-lock.json")).map_err(said("lock file cannot be read"))?;
    // The copy of the lock is written last: when it is the same, the packages are complete.
    let mark = folder.join("complete-lock.json");
    if fs::read(&mark).is_ok_and(|kept| kept == lock) && modules.is_dir() {
        return Ok(modules);
    }
    fs::create_dir_all(&folder).map_err(said("folder cannot be made"))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(manifest.join(file), folder.join(file)).map_err(said("files cannot be copied"))?;
    }
    let options =
        "ci --ignore-scripts --omit=dev --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000";
    let ran = Command::new("npm")
        .args(options.split(' '))
        .current_dir(&folder)
        .output()
        .map_err(said("cannot be started"))?;
    if !ran.status.success() {
        let words = String::from_utf8_lossy(&ran.stderr);
        let reason = words.lines().find(|line| line.contains("error")).unwrap_or("gave no reason").to_owned();
        return Err(format!("failed ({})", reason.trim()));
    }
    fs::write(mark, lock).map_err(said("mark cannot be written"))?;
    Ok(modules)
}

fn said(what: &'static str) -> impl Fn(io::Error) -> String {
    move |error| format!("{what} ({error})")
}
