//! Planted bugs: each mutant in `mutants/` is applied to a copy of the core (or of the listing builder), built, and
//! must turn the other tests red. Minutes of builds, so it runs when `BAILIWICK_MUTANTS=1` (`./test` sets it).
//!
//! `BAILIWICK_MUTANT=words` runs only the mutants whose name contains the words.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests: a broken expectation must stop")]
#![expect(clippy::print_stdout, reason = "which test caught which bug is the report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
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

#[derive(Deserialize)]
struct Edit {
    file: String,
    find: String,
    replace: String,
}

/// Worlds enough for every planted bug to show; the seeds are fixed, so it shows every time.
const WORLDS: &str = "100";

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

/// Applies an edit to a text; its place must be there exactly once.
fn edited(text: &str, mutant: &Mutant, edit: &Edit) -> Result<String, String> {
    match text.matches(&edit.find).count() {
        1 if edit.find != edit.replace => Ok(text.replace(&edit.find, &edit.replace)),
        count => Err(format!("{}: the place in {} is there {count} times", mutant.name, edit.file)),
    }
}

/// Always runs: a bug whose place has changed must be planted anew.
#[test]
fn every_mutant_still_has_its_place() {
    let mut lost = Vec::new();
    for mutant in mutants("core.toml").iter().chain(&mutants("listing.toml")) {
        for edit in &mutant.edits {
            let text = fs::read_to_string(root().join(&edit.file)).unwrap();
            lost.extend(edited(&text, mutant, edit).err());
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
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

/// A workspace of its own, with copies of what the suite needs.
struct Lab {
    folder: PathBuf,
    suite: &'static str,
}

impl Lab {
    /// `suite` is the test target that must turn red, `crates` what it is built of, `leave_out` the dependencies
    /// that other test targets need.
    fn new(suite: &'static str, crates: &[&str], leave_out: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutants-{suite}"));
        // The builds of an earlier run stay; its sources do not.
        let _ = fs::remove_dir_all(folder.join("crates"));
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
        copy(&root().join("Cargo.toml"), &folder.join("Cargo.toml"));
        copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"));
        Self { folder, suite }
    }

    fn cargo(&self) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "1")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("BAILIWICK_WORLDS", WORLDS)
            .env("RUST_BACKTRACE", "0")
            .env("RUSTFLAGS", "--cap-lints allow")
            .env_remove("BAILIWICK_SEED")
            .env_remove("BAILIWICK_MUTANTS");
        // Coverage tools and runners speak through these; the nested build is none of their business.
        for (name, _) in std::env::vars() {
            if name.starts_with("CARGO_") && name.contains("MANIFEST") || name.starts_with("NEXTEST") {
                cargo.env_remove(name);
            }
        }
        cargo
    }

    /// The names of the tests that fail; `Err` if it does not build.
    fn red(&self) -> Result<Vec<String>, String> {
        let mut cargo = self.cargo();
        cargo.args(["test", "--offline", "-p", "access-oracle", "--test", self.suite, "--no-run"]);
        let built = cargo.output().map_err(|e| e.to_string())?;
        let text = said(&built);
        // "Executable tests/suite.rs (…/target/debug/deps/suite-0123456789abcdef)"
        let binary = text
            .lines()
            .filter(|line| line.trim_start().starts_with("Executable"))
            .find_map(|line| Some(line.rsplit_once('(')?.1.trim_end_matches(')').to_owned()));
        let (true, Some(binary)) = (built.status.success(), binary) else { return Err(text) };
        let test = self.cargo();
        let program = self.folder.join(binary);
        let mut run = Command::new(program);
        run.current_dir(self.folder.join("crates/access-oracle"));
        for (name, value) in test.get_envs() {
            match value {
                Some(value) => run.env(name, value),
                None => run.env_remove(name),
            };
        }
        let ran = run.output().map_err(|e| e.to_string())?;
        let text = said(&ran);
        let mut failed: Vec<String> = text
            .lines()
            .skip_while(|line| !line.starts_with("failures:"))
            .filter(|line| {
                line.starts_with("    ") && line.contains("::") && !line.contains(' ') || is_name(line)
            })
            .map(|line| line.trim().to_owned())
            .collect();
        failed.sort();
        failed.dedup();
        match (ran.status.success(), failed.is_empty()) {
            (true, _) => Ok(Vec::new()),
            (false, false) => Ok(failed),
            (false, true) => Err(text),
        }
    }

    fn apply(&self, mutant: &Mutant) -> Vec<(PathBuf, String)> {
        let mut before: Vec<(PathBuf, String)> = Vec::new();
        for edit in &mutant.edits {
            let path = self.folder.join(&edit.file);
            let text = fs::read_to_string(&path).unwrap();
            let changed = edited(&text, mutant, edit).unwrap_or_else(|e| panic!("{e}"));
            before.push((path.clone(), text));
            fs::write(path, changed).unwrap();
        }
        before.reverse();
        before
    }
}

fn is_name(line: &str) -> bool {
    let name = line.trim();
    line.starts_with("    ") && name.contains("::") && !name.contains(' ') && !name.contains('"')
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
    let lab = Lab::new(suite, crates, leave_out);
    match lab.red() {
        Ok(red) if red.is_empty() => println!("sound: green, {:.0} s", begun.elapsed().as_secs_f32()),
        other => panic!("without any planted bug the suite must be green: {other:?}"),
    }
    let mut alive = Vec::new();
    for mutant in mutants(file).iter().filter(|m| m.name.contains(&only)) {
        let begun = Instant::now();
        let before = lab.apply(mutant);
        match lab.red() {
            Ok(red) if red.is_empty() => alive.push(format!("{}: nothing turned red", mutant.name)),
            Ok(red) => println!(
                "{}: {} red, {:.0} s ({})",
                mutant.name,
                red.len(),
                begun.elapsed().as_secs_f32(),
                red.join(", ")
            ),
            Err(broken) => alive.push(format!("{}: does not build or run\n{broken}", mutant.name)),
        }
        for (path, text) in before {
            fs::write(path, text).unwrap();
        }
    }
    println!("{file}: {:.0} s", begun.elapsed().as_secs_f32());
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
