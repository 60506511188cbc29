//! Puts the migrations into the program: `migrations/{sqlite,postgres}/NNNN_verb_object.sql`, in order.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").canonicalize()?;
    let mut out = String::new();
    for engine in ["sqlite", "postgres"] {
        let folder = root.join(engine);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .collect();
        files.sort();
        writeln!(out, "static {}: &[Migration] = &[", engine.to_uppercase())?;
        for file in files {
            let stem =
                file.file_stem().and_then(|stem| stem.to_str()).ok_or("a file name that is not text")?;
            check(stem)?;
            writeln!(out, "    Migration {{ name: {stem:?}, sql: include_str!({file:?}) }},")?;
        }
        writeln!(out, "];")?;
    }
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("migrations.rs"), out)?;
    Ok(())
}

/// Names sort in the order of their numbers only if the numbers are equally long.
fn check(stem: &str) -> Result<(), String> {
    let good = stem.split_once('_').is_some_and(|(number, rest)| {
        number.len() == 4
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    });
    if good { Ok(()) } else { Err(format!("the migration {stem} is not named NNNN_verb_object")) }
}
