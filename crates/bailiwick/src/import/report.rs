//! What came of an import: as text for the terminal, as JSON for a file.

use std::path::Path;

use serde::Serialize;

use super::row::Problem;
use crate::say;

/// How many refused rows the terminal is shown.
const SHOWN: usize = 40;

/// A row that was not stored.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    /// Counted from 1; the row of names does not count.
    pub(crate) row: u64,
    /// The line of the file it begins on.
    pub(crate) line: u64,
    /// Why.
    pub(crate) problems: Vec<Problem>,
}

/// What came of an import.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// The file.
    pub(crate) file: String,
    /// Into which organization.
    pub(crate) organization: String,
    /// Only looked, stored nothing.
    pub(crate) dry_run: bool,
    /// Rows in the file.
    pub(crate) rows: u64,
    /// Rows that can be stored.
    pub(crate) good: u64,
    /// Rows stored by this run.
    pub(crate) stored: u64,
    /// Rows that an earlier, interrupted run of the same import had stored.
    pub(crate) stored_before: u64,
    /// Rows left out because a row of the same key was imported before.
    pub(crate) already_there: u64,
    /// Sites that were made, or would be.
    pub(crate) new_sites: Vec<String>,
    /// What is odd but stops nothing.
    pub(crate) advice: Vec<String>,
    /// Rows that cannot be stored.
    pub(crate) refused: Vec<Refused>,
}

impl Report {
    /// Shows it on the terminal.
    pub(crate) fn print(&self) {
        for refused in self.refused.iter().take(SHOWN) {
            for problem in &refused.problems {
                let value =
                    if problem.value.is_empty() { String::new() } else { format!(" {:?}", problem.value) };
                say::line(format_args!(
                    "line {}, row {}, {}:{value} {}",
                    refused.line, refused.row, problem.column, problem.reason
                ));
            }
        }
        if self.refused.len() > SHOWN {
            say::line(format_args!("… and {} more rows", self.refused.len() - SHOWN));
        }
        if self.refused.len() > 1 {
            for (reason, times) in self.reasons() {
                say::line(format_args!("{times} rows: {reason}"));
            }
        }
        for line in &self.advice {
            say::line(format_args!("note: {line}"));
        }
        let made = if self.dry_run { "would be made" } else { "made" };
        if !self.new_sites.is_empty() {
            say::line(format_args!("{} new sites {made}", self.new_sites.len()));
        }
        let stored = if self.dry_run {
            format!("{} could be stored", self.good)
        } else if self.stored_before > 0 {
            format!("{} stored, {} of them before", self.stored + self.stored_before, self.stored_before)
        } else {
            format!("{} stored", self.stored)
        };
        let already = if self.already_there > 0 {
            format!(", {} were there already", self.already_there)
        } else {
            String::new()
        };
        say::line(format_args!("{} rows: {stored}, {} refused{already}", self.rows, self.refused.len()));
    }

    /// Why rows are refused, the most frequent reason first: at a glance where many are.
    fn reasons(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = Vec::new();
        for problem in self.refused.iter().flat_map(|refused| &refused.problems) {
            match all.iter_mut().find(|(reason, _)| *reason == problem.reason) {
                Some((_, times)) => *times += 1,
                None => all.push((&problem.reason, 1)),
            }
        }
        all.retain(|(_, times)| *times > 1);
        all.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        all.truncate(10);
        all
    }

    /// Writes it to a file.
    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|why| why.to_string())?;
        std::fs::write(path, text + "\n")
            .map_err(|why| format!("{} cannot be written: {why}", path.display()))
    }
}
