//! Small text work: comments out, modules joined.

use std::collections::{BTreeMap, BTreeSet};

/// Style sheet without comments and indentation.
pub(crate) fn small_css(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("/*") {
        text += before;
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    text += rest;
    let mut small = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.strip_suffix(" {").map_or_else(|| line.to_owned(), |start| format!("{start}{{"));
        if line.ends_with(';') || line.ends_with('{') || line.ends_with('}') || line.ends_with(',') {
            small += &line.replacen(": ", ":", 1);
        } else {
            small += &line;
            small.push(' ');
        }
    }
    small.replace(";}", "}")
}

/// Module without comments that have a line of their own, and without indentation.
pub(crate) fn small_js(source: &str) -> String {
    let mut small = String::with_capacity(source.len());
    let mut inside = false;
    for line in source.lines().map(str::trim) {
        if inside || line.starts_with("/*") {
            inside = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            small += line;
            small.push('\n');
        }
    }
    small
}

/// Style sheet whose declarations with addresses are gone.
pub(crate) fn without_urls(source: &str) -> String {
    source.lines().filter(|line| !line.contains("url(")).collect::<Vec<_>>().join("\n")
}

/// The text of a key of a flat JSON object of texts.
pub(crate) fn json_text<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = json.split_once(&format!("\"{key}\":"))?;
    after.split('"').nth(1)
}

/// Joins modules that import one another into one: each after what it imports, with import lines and the word
/// `export` taken away. They share one scope, so a name is given once.
pub(crate) fn join_modules(modules: &BTreeMap<String, String>, first: &str) -> Result<String, String> {
    let mut joined = String::new();
    let mut under_way = BTreeSet::new();
    join(modules, first, &mut under_way, &mut joined)?;
    let mut names = BTreeSet::new();
    if let Some(name) = joined.lines().filter_map(declared).find(|name| !names.insert(*name)) {
        return Err(format!("{name} is declared in two modules that {first} joins"));
    }
    if let Some(left) = modules.keys().find(|name| !under_way.contains(*name)) {
        return Err(format!("{left} is not imported by {first} or by what it imports"));
    }
    Ok(joined)
}

/// The name that a line declares for the whole module: it begins in the first column.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = ["const ", "let ", "function ", "class "].iter().find_map(|word| line.strip_prefix(word))?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}

fn join(
    modules: &BTreeMap<String, String>,
    name: &str,
    seen: &mut BTreeSet<String>,
    joined: &mut String,
) -> Result<(), String> {
    if !seen.insert(name.to_owned()) {
        return Ok(());
    }
    let source = modules.get(name).ok_or_else(|| format!("there is no module {name}"))?;
    let mut own = String::new();
    for line in source.lines() {
        if line.starts_with("import ") {
            let path = line.split('"').nth(1).ok_or_else(|| format!("{name}: cannot read {line}"))?;
            join(modules, path.trim_start_matches("./"), seen, joined)?;
        } else {
            own += line.strip_prefix("export ").unwrap_or(line);
            own.push('\n');
        }
    }
    *joined += &own;
    Ok(())
}
