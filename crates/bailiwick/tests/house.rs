//! The house: which crate may know which, where SQL and HTTP live, how long a file may be. The sizes and directions
//! are those of the architecture page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const AREAS: [&str; 6] = ["people", "places", "reporting", "timekeeping", "field", "safety"];
/// Crates that exist for tests and measurements only; the program knows none of them but the second evaluator, which
/// its leak test compares with.
const OUTSIDE: [&str; 3] = ["testkit", "access-oracle", "bench"];
const DRIVERS: [&str; 5] =
    ["rusqlite", "libsqlite3-sys", "tokio-postgres", "deadpool-postgres", "tokio-postgres-rustls"];
const HTTP: [&str; 5] = ["axum", "tower", "tower-http", "http-body", "hyper"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// What each crate of the workspace depends on, tests left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().unwrap().iter();
            let needs =
                needs.filter(|need| need["kind"] != "dev").map(|need| need["name"].as_str().unwrap().into());
            (package["name"].as_str().unwrap().to_owned(), needs.collect())
        })
        .collect()
}

#[test]
fn crates_know_only_what_stands_below_them() {
    let all = dependencies();
    let layers: [(&str, &[&str]); 6] = [
        ("kernel", &[]),
        ("access", &["kernel"]),
        ("ui", &["kernel"]),
        ("store", &["kernel", "access"]),
        ("jobs", &["kernel", "access", "store"]),
        ("web", &["kernel", "access", "ui", "store", "jobs"]),
    ];
    let below: Vec<&str> = layers.iter().map(|(name, _)| *name).collect();
    let mut may: BTreeMap<&str, Vec<&str>> = layers.iter().map(|(name, may)| (*name, may.to_vec())).collect();
    for area in AREAS {
        may.insert(area, below.clone());
    }
    may.insert("bailiwick", below.iter().copied().chain(AREAS).chain(["access-oracle"]).collect());
    for (name, needs) in &all {
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        let may = may.get(name.as_str()).unwrap_or_else(|| panic!("say where {name} stands in the house"));
        for need in needs.iter().filter(|need| all.contains_key(*need)) {
            assert!(may.contains(&need.as_str()), "{name} must not know {need}");
        }
    }
}

#[test]
fn drivers_http_and_runtimes_stay_where_they_belong() {
    for (name, needs) in dependencies() {
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        for need in &needs {
            let need = need.as_str();
            assert!(
                name == "store" || !DRIVERS.contains(&need),
                "{name} must not reach a database by itself: {need}"
            );
            // Areas put routes in front of the doors (sign-in, links from mail) as an axum router; nothing below does.
            let serves = ["web", "bailiwick"].contains(&name.as_str()) || AREAS.contains(&name.as_str());
            assert!(serves || !HTTP.contains(&need), "{name} must not speak HTTP: {need}");
            if ["kernel", "access", "ui"].contains(&name.as_str()) {
                assert!(need != "tokio", "{name} does no IO");
            }
        }
    }
}

/// Every Rust file of the program's crates that is not a test: its path below the root, and its text.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push(path);
            }
        }
    }
    let root = root();
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !OUTSIDE.contains(&name.as_str()) && folder.join("src").is_dir() {
            walk(&folder.join("src"), &mut paths);
        }
    }
    let test =
        |path: &str| path.contains("/tests/") || path.ends_with("tests.rs") || path.ends_with("/trial.rs");
    let all: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            (path.strip_prefix(&root).unwrap().display().to_string(), std::fs::read_to_string(path).unwrap())
        })
        .filter(|(path, _)| !test(path))
        .collect();
    assert!(all.len() > 100, "the sources are there");
    all
}

/// The file without its unit tests, which stand at its end.
fn without_tests(text: &str) -> &str {
    text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(before, _)| before)
}

#[test]
fn sql_is_written_in_the_store_and_in_query_files() {
    // The outbox is one table with one file; a `query.rs` for it would hold everything but the SMTP call.
    let allowed = |path: &str| {
        path.starts_with("crates/store/")
            || path.ends_with("/query.rs")
            || path.contains("/query/")
            || path.ends_with("/setup.rs")
            // What the leak test plants goes past everything that decides.
            || path.ends_with("/plants.rs")
            || path == "crates/jobs/src/mail.rs"
    };
    let words = ["select ", "insert into ", "update ", "delete from ", "create table ", "with recursive "];
    for (path, text) in sources().iter().filter(|(path, _)| !allowed(path)) {
        for (number, line) in without_tests(text).lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            let sql = words.iter().any(|word| {
                code.split('"').skip(1).step_by(2).any(|literal| {
                    literal.starts_with(word)
                        && [" from ", " set ", " values", " where "].iter().any(|more| literal.contains(more))
                })
            });
            assert!(!sql, "{path}:{} writes SQL; it belongs into a query.rs", number + 1);
        }
    }
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources() {
        let lines = without_tests(&text).lines().count();
        assert!(lines <= 600, "{path} has {lines} lines; 600 are enough");
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let stems = |engine: &str| -> Vec<String> {
        let folder = root().join("migrations").join(engine);
        let mut all: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        all.sort();
        all
    };
    let sqlite = stems("sqlite");
    assert_eq!(sqlite, stems("postgres"));
    // Numbers may be left out, so that steps can be written side by side; none is used twice.
    let numbers: Vec<u16> = sqlite
        .iter()
        .map(|stem| {
            stem.get(..4).and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{stem} has no number"))
        })
        .collect();
    for (pair, stem) in numbers.windows(2).zip(sqlite.iter().skip(1)) {
        assert!(pair[0] < pair[1], "{stem} has a number that another step has");
    }
}
