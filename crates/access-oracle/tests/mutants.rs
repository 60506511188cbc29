//! Planted bugs: all mutants in `mutants/` are built into one copy of the core (or of the listing builder), each
//! behind a switch that only the copy has, and switched on one by one; every one must turn the other tests red. One
//! build for all of them keeps this within a few minutes, so `./test` runs it (`BAILIWICK_MUTANTS=1`).
//!
//! `BAILIWICK_MUTANT=words` runs only the mutants whose name contains the words.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests: a broken expectation must stop")]
#![expect(clippy::print_stdout, reason = "which test caught which bug is the report")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    mutant: Vec<Mutant>,
}

#[derive(Deserialize)]
struct Mutant {
    name: String,
    edits: Vec<Edit>,
}

/// `replace` does what `find` does while `PLANTED` is false, and the mistake while it is true.
#[derive(Deserialize)]
struct Edit {
    file: String,
    find: String,
    replace: String,
}

/// Worlds enough for every planted bug to show; the seeds are fixed, so it shows every time.
const WORLDS: &str = "600";

/// The switch that the copies get.
const SWITCH: &str = r#"
/// Is this planted bug switched on?
#[doc(hidden)]
pub fn planted(number: usize) -> bool {
    static ON: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *ON.get_or_init(|| std::env::var("BAILIWICK_PLANTED").map_or(0, |n| n.parse().unwrap_or(0))) == number
}
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn mutants(file: &str) -> Vec<Mutant> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mutants").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let all = toml::from_str::<File>(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())).mutant;
    assert!(!all.is_empty());
    all
}

/// The files that mutants touch, with every mutant planted behind its number (counted from 1). Each place must be
/// there exactly once, and no two mutants may share one.
fn planted(mutants: &[Mutant]) -> Result<BTreeMap<&str, String>, String> {
    let mut lost = String::new();
    let mut places: BTreeMap<&str, Vec<(usize, usize, String)>> = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for (number, mutant) in (1..).zip(mutants) {
        for edit in &mutant.edits {
            let text = texts
                .entry(edit.file.as_str())
                .or_insert_with(|| fs::read_to_string(root().join(&edit.file)).unwrap_or_default());
            let found: Vec<usize> = text.match_indices(&edit.find).map(|(at, _)| at).collect();
            if let ([at], true) = (found.as_slice(), edit.replace.contains("PLANTED")) {
                let replace = edit.replace.replace("PLANTED", &format!("crate::planted({number})"));
                places.entry(&edit.file).or_default().push((*at, at + edit.find.len(), replace));
            } else {
                let _ = writeln!(
                    lost,
                    "{}: the place in {} is there {} times (and the mistake must be behind PLANTED)",
                    mutant.name,
                    edit.file,
                    found.len()
                );
            }
        }
    }
    for (file, mut places) in places {
        places.sort();
        if places.windows(2).any(|pair| pair[0].1 > pair[1].0) {
            let _ = writeln!(lost, "two mutants share a place in {file}");
        }
        let text = texts.entry(file).or_default();
        for (from, to, replace) in places.into_iter().rev() {
            text.replace_range(from..to, &replace);
        }
    }
    if lost.is_empty() { Ok(texts) } else { Err(lost) }
}

/// Always runs: a bug whose place has changed must be planted anew.
#[test]
fn every_mutant_still_has_its_place() {
    for file in ["core.toml", "listing.toml"] {
        if let Err(lost) = planted(&mutants(file)) {
            panic!("{file}: {lost}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// A workspace of its own, with copies of what the suite needs. It builds into the folder of the checkout, so what
/// both need of other crates is built once.
struct Lab {
    folder: PathBuf,
    suite: &'static str,
}

impl Lab {
    /// `suite` is the test target that must turn red, `crates` what it is built of, `leave_out` the dependencies
    /// that other test targets need.
    fn new(suite: &'static str, crates: &[&str], leave_out: &[&str], mutants: &[Mutant]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutants-{suite}"));
        let _ = fs::remove_dir_all(&folder);
        for name in crates {
            copy(&root().join("crates").join(name), &folder.join("crates").join(name));
        }
        if folder.join("crates/store").exists() {
            copy(&root().join("migrations"), &folder.join("migrations"));
        }
        let oracle = folder.join("crates/access-oracle");
        for entry in fs::read_dir(oracle.join("tests")).unwrap() {
            let path = entry.unwrap().path();
            if path.file_stem().is_some_and(|stem| stem != suite) {
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.unwrap();
            }
        }
        let _ = fs::remove_dir_all(oracle.join("examples"));
        let manifest = oracle.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let kept: Vec<&str> =
            text.lines().filter(|line| !leave_out.iter().any(|name| line.starts_with(name))).collect();
        fs::write(manifest, kept.join("\n")).unwrap();
        // What the kit offers to tests of the whole program needs the whole program.
        let kit = folder.join("crates/testkit/Cargo.toml");
        if let Ok(text) = fs::read_to_string(&kit) {
            let whole = |line: &&str| line.contains("optional = true") || line.starts_with("app = [");
            let kept: Vec<&str> = text.lines().filter(|line| !whole(line)).collect();
            fs::write(kit, kept.join("\n")).unwrap();
        }
        // The core runs through many worlds and is built once: worth the optimiser, not worth line tables.
        let profile = "[profile.dev.package]\n";
        let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let mut quick = profile.to_owned();
        for name in crates {
            let _ = writeln!(quick, "{name} = {{ opt-level = 1, debug = false }}");
        }
        assert!(text.contains(profile), "the manifest has no {profile}");
        // The program is not in the lab.
        let text: String = text
            .lines()
            .filter(|line| !line.starts_with("default-members"))
            .map(|l| format!("{l}\n"))
            .collect();
        fs::write(folder.join("Cargo.toml"), text.replace(profile, &quick)).unwrap();
        copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"));
        let files = planted(mutants).unwrap_or_else(|lost| panic!("{lost}"));
        let mut switched = Vec::new();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
            let home = file.split("/src/").next().unwrap_or_default();
            if !switched.contains(&home) {
                switched.push(home);
                let lib = folder.join(home).join("src/lib.rs");
                let text = fs::read_to_string(&lib).unwrap();
                fs::write(lib, format!("{text}{SWITCH}")).unwrap();
            }
        }
        Self { folder, suite }
    }

    /// The environment of both the build and the runs.
    fn settle<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        command
            .env("CARGO_TARGET_DIR", target)
            .env("BAILIWICK_WORLDS", WORLDS)
            .env("RUST_BACKTRACE", "0")
            .env_remove("BAILIWICK_SEED")
            .env_remove("BAILIWICK_MUTANTS");
        // Coverage tools and runners speak through these; the nested build is none of their business.
        for (name, _) in std::env::vars() {
            if name.starts_with("CARGO_") && name.contains("MANIFEST") || name.starts_with("NEXTEST") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Builds the suite and answers its program.
    fn build(&self) -> Result<PathBuf, String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.folder);
        cargo.args(["test", "--offline", "-p", "access-oracle", "--test", self.suite, "--no-run"]);
        let built = self.settle(&mut cargo).output().map_err(|e| e.to_string())?;
        let text = said(&built);
        // "Executable tests/suite.rs (…/target/debug/deps/suite-0123456789abcdef)"
        let binary = text
            .lines()
            .filter(|line| line.trim_start().starts_with("Executable"))
            .find_map(|line| Some(line.rsplit_once('(')?.1.trim_end_matches(')').to_owned()));
        let (true, Some(binary)) = (built.status.success(), binary) else { return Err(text) };
        Ok(self.folder.join(binary))
    }

    /// The first test that fails with this bug (0: none) switched on.
    fn red(&self, program: &Path, bug: usize) -> Result<Option<String>, String> {
        let mut run = Command::new(program);
        self.settle(&mut run).current_dir(self.folder.join("crates/access-oracle"));
        run.env("BAILIWICK_PLANTED", bug.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut running = run.spawn().map_err(|e| e.to_string())?;
        let lines = BufReader::new(running.stdout.take().ok_or("no output")?).lines();
        // "test laws::somebody_sees ... FAILED"
        let failed = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned));
        if failed.is_some() {
            let _ = running.kill();
        }
        let ended = running.wait().map_err(|e| e.to_string())?;
        match failed {
            None if !ended.success() => Err(format!("the suite ended with {ended} and named no test")),
            failed => Ok(failed),
        }
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn hunt(file: &str, suite: &'static str, crates: &[&str], leave_out: &[&str]) {
    if std::env::var_os("BAILIWICK_MUTANTS").is_none() {
        println!("skipped: set BAILIWICK_MUTANTS=1 to run the planted bugs of {file}");
        return;
    }
    let only = std::env::var("BAILIWICK_MUTANT").unwrap_or_default();
    let begun = Instant::now();
    let mutants = mutants(file);
    let lab = Lab::new(suite, crates, leave_out, &mutants);
    let program =
        lab.build().unwrap_or_else(|text| panic!("the planted bugs of {file} do not build:\n{text}"));
    println!("built in {:.0} s", begun.elapsed().as_secs_f32());
    let sound = lab.red(&program, 0);
    assert_eq!(sound, Ok(None), "with every planted bug switched off the suite must be green");
    let mut alive = Vec::new();
    let mut caught = 0;
    for (bug, mutant) in (1..).zip(&mutants).filter(|(_, m)| m.name.contains(&only)) {
        let begun = Instant::now();
        match lab.red(&program, bug) {
            Ok(Some(red)) => {
                caught += 1;
                println!("{}: caught by {red}, {:.1} s", mutant.name, begun.elapsed().as_secs_f32());
            }
            Ok(None) => alive.push(format!("{}: nothing turned red", mutant.name)),
            Err(broken) => alive.push(format!("{}: {broken}", mutant.name)),
        }
    }
    println!("{file}: {caught} planted bugs caught, {:.0} s", begun.elapsed().as_secs_f32());
    assert!(alive.is_empty(), "planted bugs that the tests do not catch:\n{}", alive.join("\n"));
}

#[test]
fn planted_bugs_in_the_core_are_caught() {
    let others = ["cedar-policy", "store", "testkit", "tokio", "serde", "toml"];
    hunt("core.toml", "suite", &["access", "access-oracle", "kernel"], &others);
}

#[test]
fn planted_bugs_in_listings_are_caught() {
    let crates = ["access", "access-oracle", "kernel", "store", "testkit"];
    hunt("listing.toml", "engines", &crates, &["cedar-policy", "serde", "toml"]);
}
