//! Foreign files, a record at a time: CSV, a JSON list, JSON lines.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;

use super::mapping::{Format, Mapping};

/// One record of a file.
#[derive(Debug)]
pub(crate) enum Record {
    /// Cells under names.
    Cells {
        /// The names.
        names: Arc<Vec<String>>,
        /// The cells.
        cells: Vec<String>,
    },
    /// A JSON value.
    Json(Value),
}

impl Record {
    /// The text of a column; nothing where it is absent, null or blank. Text comes back as it is in the file.
    pub(crate) fn get(&self, column: &str) -> Option<Cow<'_, str>> {
        let text = match self {
            Self::Cells { names, cells } => {
                let at = names.iter().position(|name| name == column)?;
                Cow::Borrowed(cells.get(at)?.as_str())
            }
            Self::Json(value) => written(walk(value, column)?)?,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// Does the record have the column at all?
    pub(crate) fn has(&self, column: &str) -> bool {
        match self {
            Self::Cells { names, .. } => names.iter().any(|name| name == column),
            Self::Json(value) => walk(value, column).is_some(),
        }
    }
}

/// Follows a path: keys and places in lists, between dots. A key that holds dots itself is found whole.
fn walk<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    path.split('.').try_fold(value, |value, step| match value {
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

fn written(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

/// A record with its place, or why it is none.
#[derive(Debug)]
pub(crate) struct Numbered {
    /// Counted from 1; the row of names does not count.
    pub(crate) row: u64,
    /// The line it begins on, counted from 1.
    pub(crate) line: u64,
    /// The record.
    pub(crate) record: Result<Record, String>,
}

/// An open file.
pub(crate) enum Source {
    Csv { reader: Box<csv::Reader<File>>, names: Arc<Vec<String>>, row: u64, crlf: bool },
    Json { text: String, parts: std::vec::IntoIter<(usize, usize)>, row: u64, line: u64, counted: usize },
    Jsonl { reader: BufReader<File>, row: u64, line: u64 },
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source")
    }
}

/// How the file is written: as the mapping says, else by its name.
fn format(path: &Path, mapping: &Mapping) -> Result<Format, String> {
    if let Some(format) = mapping.format {
        return Ok(format);
    }
    match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
        Some("csv" | "tsv") => Ok(Format::Csv),
        Some("json") => Ok(Format::Json),
        Some("jsonl" | "ndjson") => Ok(Format::Jsonl),
        _ => Err(format!(
            "say in the mapping how {} is written: format = \"csv\", \"json\" or \"jsonl\"",
            path.display()
        )),
    }
}

impl Source {
    /// Opens a file from its beginning.
    ///
    /// # Errors
    /// What is wrong with the file as a whole.
    pub(crate) fn open(path: &Path, mapping: &Mapping) -> Result<Self, String> {
        let cannot = |why: std::io::Error| format!("{} cannot be read: {why}", path.display());
        let file = File::open(path).map_err(cannot)?;
        match format(path, mapping)? {
            Format::Csv => Self::open_csv(path, file, mapping),
            Format::Jsonl => Ok(Self::Jsonl { reader: BufReader::new(file), row: 0, line: 0 }),
            Format::Json => {
                let mut text = String::new();
                BufReader::new(file).read_to_string(&mut text).map_err(cannot)?;
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                let parts = parts(&text, mapping.rows.as_deref())
                    .map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
                Ok(Self::Json { text, parts: parts.into_iter(), row: 0, line: 1, counted: 0 })
            }
        }
    }

    fn open_csv(path: &Path, mut file: File, mapping: &Mapping) -> Result<Self, String> {
        let tabs = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv"));
        let delimiter = mapping.delimiter.unwrap_or(if tabs { '\t' } else { ',' });
        let delimiter =
            u8::try_from(delimiter).map_err(|_bad| format!("{delimiter} cannot separate cells"))?;
        let crlf =
            ends_with_both(&mut file).map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(file);
        let names =
            reader.byte_headers().map_err(|why| format!("{} cannot be read: {why}", path.display()))?;
        let names: Vec<String> = names
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        if names.iter().all(String::is_empty) {
            return Err(format!("{} has no row of names", path.display()));
        }
        for column in mapping.columns() {
            match names.iter().filter(|name| *name == column).count() {
                1 => {}
                0 if mapping.alike => {}
                0 => {
                    let there = names.join(", ");
                    return Err(format!("{} has no column {column}; it has: {there}", path.display()));
                }
                _ => return Err(format!("{} has several columns named {column}", path.display())),
            }
        }
        Ok(Self::Csv { reader: Box::new(reader), names: Arc::new(names), row: 0, crlf })
    }

    /// The next record, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub(crate) fn next(&mut self) -> Result<Option<Numbered>, String> {
        match self {
            Self::Csv { reader, names, row, crlf } => {
                let mut cells = csv::ByteRecord::new();
                if !reader
                    .read_byte_record(&mut cells)
                    .map_err(|why| format!("the file cannot be read on: {why}"))?
                {
                    return Ok(None);
                }
                *row += 1;
                // The reader ends a row at CR and finds the LF before the next one.
                let line = cells.position().map_or(0, csv::Position::line) + u64::from(*crlf);
                Ok(Some(Numbered { row: *row, line, record: cells_of(&cells, names) }))
            }
            Self::Json { text, parts, row, line, counted } => {
                let Some((from, until)) = parts.next() else { return Ok(None) };
                *row += 1;
                *line += text.get(*counted..from).unwrap_or_default().bytes().filter(|b| *b == b'\n').count()
                    as u64;
                *counted = from;
                let record = serde_json::from_str(text.get(from..until).unwrap_or_default());
                Ok(Some(Numbered { row: *row, line: *line, record: object(record) }))
            }
            Self::Jsonl { reader, row, line } => loop {
                let mut bytes = Vec::new();
                let read = reader
                    .read_until(b'\n', &mut bytes)
                    .map_err(|why| format!("the file cannot be read on: {why}"))?;
                if read == 0 {
                    return Ok(None);
                }
                *line += 1;
                if bytes.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                *row += 1;
                return Ok(Some(Numbered {
                    row: *row,
                    line: *line,
                    record: object(serde_json::from_slice(&bytes)),
                }));
            },
        }
    }
}

/// Do lines end with CR and LF? The file is at its beginning afterwards.
fn ends_with_both(file: &mut File) -> std::io::Result<bool> {
    let mut line = Vec::new();
    BufReader::new(&mut *file).take(1 << 20).read_until(b'\n', &mut line)?;
    file.rewind()?;
    Ok(line.ends_with(b"\r\n"))
}

fn cells_of(cells: &csv::ByteRecord, names: &Arc<Vec<String>>) -> Result<Record, String> {
    if cells.len() != names.len() {
        return Err(format!("this row has {} cells where there are {} names", cells.len(), names.len()));
    }
    let texts: Result<Vec<String>, String> = cells
        .iter()
        .zip(names.iter())
        .map(|(cell, name)| {
            String::from_utf8(cell.to_vec()).map_err(|_bad| format!("{name} is not UTF-8 text"))
        })
        .collect();
    Ok(Record::Cells { names: Arc::clone(names), cells: texts? })
}

fn object(value: Result<Value, serde_json::Error>) -> Result<Record, String> {
    match value {
        Ok(value @ Value::Object(_)) => Ok(Record::Json(value)),
        Ok(_) => Err("this is not a JSON object".into()),
        Err(why) => Err(format!("this is not JSON: {why}")),
    }
}

/// Where the elements of a JSON list begin and end, in bytes. The whole text is checked.
pub(crate) fn parts(text: &str, key: Option<&str>) -> Result<Vec<(usize, usize)>, String> {
    let list: &str = match key {
        None => text,
        Some(key) => {
            let object: std::collections::HashMap<String, &RawValue> =
                serde_json::from_str(text).map_err(|why| why.to_string())?;
            object.get(key).map(|raw| raw.get()).ok_or_else(|| format!("it has no list {key}"))?
        }
    };
    let elements: Vec<&RawValue> = serde_json::from_str(list).map_err(|why| why.to_string())?;
    let start = text.as_ptr() as usize;
    Ok(elements
        .iter()
        .map(|raw| {
            // The elements are slices of the text: their addresses tell their places.
            let from = raw.get().as_ptr() as usize - start;
            (from, from + raw.get().len())
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(name: &str, content: &[u8], mapping: &str) -> Result<Vec<Numbered>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let mapping: Mapping = toml::from_str(mapping).unwrap();
        let mut source = Source::open(&path, &mapping)?;
        let mut all = Vec::new();
        while let Some(one) = source.next()? {
            all.push(one);
        }
        Ok(all)
    }

    #[test]
    fn csv_rows_know_their_lines_and_keep_their_bytes() {
        let csv = b"\xef\xbb\xbfid,text\r\n1,\"two\nlines, \"\"quoted\"\"\"\r\n2,short,extra\r\n3,\xff\r\n4,  kept  \r\n";
        let rows = all("x.csv", csv, "[fields]\ntitle = 'text'").unwrap();
        let lines: Vec<u64> = rows.iter().map(|r| r.line).collect();
        assert_eq!(lines, [2, 4, 5, 6]);
        assert_eq!(rows[0].record.as_ref().unwrap().get("text").unwrap(), "two\nlines, \"quoted\"");
        assert_eq!(rows[0].record.as_ref().unwrap().get("id").unwrap(), "1");
        assert!(rows[1].record.as_ref().unwrap_err().contains("3 cells"));
        assert!(rows[2].record.as_ref().unwrap_err().contains("text is not UTF-8"));
        assert_eq!(rows[3].record.as_ref().unwrap().get("text").unwrap(), "  kept  ");
        assert!(all("x.csv", csv, "[fields]\ntitle = 'txt'").unwrap_err().contains("no column txt"));
    }

    #[test]
    fn json_elements_know_their_lines_and_paths_lead_inside() {
        let json = b"[ {\"a\": {\"b\": [10, \"x\"]}}\n,\n {\"a.b\": \"dotted\", \"n\": null}, 5 ]";
        let rows = all("x.json", json, "").unwrap();
        assert_eq!(rows.iter().map(|r| r.line).collect::<Vec<_>>(), [1, 3, 3]);
        let first = rows[0].record.as_ref().unwrap();
        assert_eq!(first.get("a.b.1").unwrap(), "x");
        assert_eq!(first.get("a.b.0").unwrap(), "10");
        assert!(first.get("a.c").is_none() && !first.has("a.c"));
        let second = rows[1].record.as_ref().unwrap();
        assert_eq!(second.get("a.b").unwrap(), "dotted");
        assert!(second.get("n").is_none() && second.has("n"));
        assert!(rows[2].record.is_err());
        assert!(all("x.json", b"[{\"a\": 1},\n{]", "").unwrap_err().contains("line 2"));
        assert_eq!(all("x.json", b"{\"meta\": 1, \"rows\": [{}, {}]}", "rows = 'rows'").unwrap().len(), 2);
    }

    #[test]
    fn json_lines_go_on_after_a_broken_one() {
        let rows = all("x.jsonl", b"{\"a\": 1}\n\n{\"a\": \n{\"a\": 3}", "").unwrap();
        assert_eq!(rows.iter().map(|r| (r.row, r.line)).collect::<Vec<_>>(), [(1, 1), (2, 3), (3, 4)]);
        assert!(rows[1].record.is_err());
        assert!(all("x.dat", b"", "").unwrap_err().contains("how"));
    }
}
