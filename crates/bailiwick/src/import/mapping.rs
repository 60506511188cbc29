//! The mapping file: which column of a foreign file feeds which field.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A mapping as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mapping {
    /// `csv`, `json` (one list) or `jsonl` (a value a line); by the file's name unless given.
    pub(crate) format: Option<Format>,
    /// JSON: the key of the list, where the file is one object around it.
    pub(crate) rows: Option<String>,
    /// CSV: what separates cells; a comma unless given.
    pub(crate) delimiter: Option<char>,
    /// The zone of times that do not say one: `America/Los_Angeles`. Without it, each site's own.
    pub(crate) zone: Option<String>,
    /// What zone words of the file mean, besides the known abbreviations: a zone's name or an offset.
    pub(crate) zones: BTreeMap<String, String>,
    /// Values that stand for nothing, in any column.
    pub(crate) empty: Vec<String>,
    /// The fields.
    pub(crate) fields: BTreeMap<String, Feed>,
    /// Nobody wrote it: columns are taken by the fields' names, where they are there.
    #[serde(skip)]
    pub(crate) alike: bool,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Comma-separated values with a row of names.
    Csv,
    /// One JSON list.
    Json,
    /// A JSON value a line.
    Jsonl,
}

/// What feeds a field: a column's name, or a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Feed {
    /// The column as it is.
    Column(String),
    /// More than that.
    Rule(Box<Rule>),
}

/// A rule that makes a field's value.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rule {
    /// The column; for JSON a path with dots: `location.latitude`.
    pub(crate) column: Option<String>,
    /// The first of these columns that is not empty.
    pub(crate) first_of: Vec<String>,
    /// Several columns, joined; empty ones are left out.
    pub(crate) columns: Vec<String>,
    /// What stands between joined columns; a space unless given.
    pub(crate) join: Option<String>,
    /// Text with columns in braces: `"{event_number}: {facility}"`; or text that is always the same.
    pub(crate) text: Option<String>,
    /// Another value for a value.
    pub(crate) values: BTreeMap<String, String>,
    /// What holds for a value that is not in `values`; without it such a row is refused.
    pub(crate) otherwise: Option<String>,
    /// What holds where nothing is given.
    pub(crate) default: Option<String>,
    /// Only the first line.
    pub(crate) first_line: bool,
    /// Cut what is too long; without it such a row is refused.
    pub(crate) cut: bool,
    /// How a time is written, as `strftime` says it; several are tried in turn.
    pub(crate) format: Formats,
    /// The zone of this time.
    pub(crate) zone: Option<String>,
    /// The column that holds this time's zone.
    pub(crate) zone_column: Option<String>,
}

/// One way of writing a time, or several.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum Formats {
    /// The common ones.
    #[default]
    Common,
    /// One.
    One(String),
    /// Several, tried in turn.
    Several(Vec<String>),
}

impl Formats {
    pub(crate) fn list(&self) -> Vec<&str> {
        match self {
            Self::Common => vec![
                "%Y-%m-%dT%H:%M:%S%.f",
                "%Y-%m-%dT%H:%M",
                "%Y-%m-%d %H:%M:%S%.f",
                "%Y-%m-%d %H:%M",
                "%Y-%m-%d",
            ],
            Self::One(one) => vec![one],
            Self::Several(all) => all.iter().map(String::as_str).collect(),
        }
    }
}

/// The fields of an incident that a file can feed, and whether a file must.
pub(crate) const INCIDENT: &[(&str, bool)] = &[
    ("key", false),
    ("site", true),
    ("kind", true),
    ("severity", false),
    ("status", false),
    ("source", false),
    ("published", false),
    ("title", true),
    ("narrative", true),
    ("public_details", false),
    ("internal_notes", false),
    ("place", false),
    ("latitude", false),
    ("longitude", false),
    ("occurred_at", true),
    ("ended_at", false),
    ("reported_at", false),
    ("author", false),
];

impl Mapping {
    /// Reads a mapping for the fields of a record.
    ///
    /// # Errors
    /// A sentence about what cannot be used.
    pub(crate) fn read(text: &str, known: &[(&str, bool)]) -> Result<Self, String> {
        let mapping: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        for field in mapping.fields.keys() {
            if !known.iter().any(|(name, _)| name == field) {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                return Err(format!("there is no field {field}; there are: {}", names.join(", ")));
            }
        }
        for zone in mapping.zone.iter().chain(mapping.zones.values()) {
            super::times::zone(zone, &BTreeMap::new())?;
        }
        Ok(mapping)
    }

    /// The mapping of a file whose columns are called like the fields.
    pub(crate) fn alike(known: &[(&str, bool)]) -> Self {
        let fields = known.iter().map(|(name, _)| ((*name).to_owned(), Feed::Column((*name).to_owned())));
        Self { fields: fields.collect(), alike: true, ..Self::default() }
    }

    /// Every field that must be fed and is not.
    ///
    /// # Errors
    /// A sentence naming them.
    pub(crate) fn check(&self, known: &[(&str, bool)]) -> Result<(), String> {
        let missing: Vec<&str> = known
            .iter()
            .filter(|(name, must)| *must && !self.fields.contains_key(*name))
            .map(|(name, _)| *name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!("the mapping does not say what feeds: {}", missing.join(", ")))
    }

    /// Feeds a field from a column, over whatever the file says.
    pub(crate) fn feed(&mut self, field: &str, column: String) {
        self.fields.insert(field.to_owned(), Feed::Column(column));
    }

    /// Every column that is spoken of.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let mut all = Vec::new();
        for feed in self.fields.values() {
            match feed {
                Feed::Column(column) => all.push(column.as_str()),
                Feed::Rule(rule) => {
                    all.extend(rule.column.as_deref());
                    all.extend(rule.first_of.iter().chain(&rule.columns).map(String::as_str));
                    all.extend(rule.zone_column.as_deref());
                    all.extend(rule.text.iter().flat_map(|text| holes(text)));
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The names in braces of a text.
fn holes(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// What a field came out as.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fed {
    /// Nothing is given.
    Nothing,
    /// This.
    Text(String),
}

/// What a rule could not do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unfed {
    pub(crate) column: String,
    pub(crate) value: String,
    pub(crate) reason: String,
}

impl Feed {
    /// The rule behind it, if it is more than a column.
    pub(crate) fn rule(&self) -> Option<&Rule> {
        match self {
            Self::Column(_) => None,
            Self::Rule(rule) => Some(rule),
        }
    }

    /// What to call it in a report: the column, or the columns.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Column(column) => column.clone(),
            Self::Rule(rule) => match (&rule.column, &rule.text) {
                (Some(column), _) => column.clone(),
                (None, Some(text)) if !holes(text).is_empty() => holes(text).join(", "),
                (None, Some(_)) => "(mapping)".into(),
                (None, None) => {
                    rule.first_of.iter().chain(&rule.columns).cloned().collect::<Vec<_>>().join(", ")
                }
            },
        }
    }

    /// Makes the field's value of a record. `cell` gives a column's text; nothing where it is empty.
    pub(crate) fn value(&self, cell: &dyn Fn(&str) -> Option<String>) -> Result<Fed, Unfed> {
        let rule = match self {
            Self::Column(column) => return Ok(cell(column).map_or(Fed::Nothing, Fed::Text)),
            Self::Rule(rule) => rule,
        };
        let mut value = match (&rule.column, &rule.text) {
            (Some(column), _) => cell(column),
            (None, Some(text)) => Some(fill(text, cell)).filter(|text| !text.trim().is_empty()),
            (None, None) if !rule.first_of.is_empty() => rule.first_of.iter().find_map(|column| cell(column)),
            (None, None) => {
                let parts: Vec<String> = rule.columns.iter().filter_map(|column| cell(column)).collect();
                (!parts.is_empty()).then(|| parts.join(rule.join.as_deref().unwrap_or(" ")))
            }
        };
        if let Some(text) = value.as_ref().filter(|_| !rule.values.is_empty()) {
            let exact = rule.values.get(text.trim());
            let loose = || rule.values.iter().find(|(key, _)| store::fold(key) == store::fold(text.trim()));
            let meant = exact.or_else(|| loose().map(|(_, value)| value)).or(rule.otherwise.as_ref());
            let Some(meant) = meant else {
                let reason = "the mapping does not say what this value stands for".into();
                return Err(Unfed { column: self.name(), value: text.clone(), reason });
            };
            value = Some(meant.clone());
        }
        let value = value.or_else(|| rule.default.clone());
        let value = match value {
            Some(text) if rule.first_line => {
                text.lines().find(|line| !line.trim().is_empty()).map(|l| l.trim().to_owned())
            }
            other => other,
        };
        Ok(value.filter(|text| !text.is_empty()).map_or(Fed::Nothing, Fed::Text))
    }
}

fn fill(text: &str, cell: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        match from.split_once('}') {
            Some((name, after)) => {
                out.push_str(&cell(name).unwrap_or_default());
                rest = after;
            }
            None => {
                out.push('{');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(name: &str) -> Option<String> {
        match name {
            "a" => Some("Alpha".into()),
            "b" => Some("BETA".into()),
            "long" => Some("  \nfirst\nsecond".into()),
            _ => None,
        }
    }

    fn feed(toml: &str) -> Feed {
        #[derive(Deserialize)]
        struct One {
            x: Feed,
        }
        toml::from_str::<One>(toml).unwrap().x
    }

    fn text(toml: &str) -> Result<Fed, Unfed> {
        feed(toml).value(&cell)
    }

    #[test]
    fn columns_texts_maps_and_defaults() {
        let is = |toml: &str, want: &str| assert_eq!(text(toml), Ok(Fed::Text(want.into())), "{toml}");
        is("x = 'a'", "Alpha");
        is("x = { column = 'a' }", "Alpha");
        is("x = { columns = ['a', 'none', 'b'], join = '/' }", "Alpha/BETA");
        is("x = { first_of = ['none', 'b', 'a'] }", "BETA");
        is("x = { text = '{a} at {none}{b}' }", "Alpha at BETA");
        is("x = { text = 'always' }", "always");
        is("x = { column = 'b', values = { beta = 'two' } }", "two");
        is("x = { column = 'b', values = { x = 'y' }, otherwise = 'other' }", "other");
        is("x = { column = 'none', default = 'd' }", "d");
        is("x = { column = 'long', first_line = true }", "first");
        assert_eq!(text("x = 'none'"), Ok(Fed::Nothing));
        let refused = text("x = { column = 'a', values = { x = 'y' } }").unwrap_err();
        assert_eq!((refused.column.as_str(), refused.value.as_str()), ("a", "Alpha"));
    }

    #[test]
    fn a_mapping_names_what_it_does_not_know() {
        let wrong = |text: &str| Mapping::read(text, INCIDENT).unwrap_err();
        assert!(wrong("[fields]\ncolour = 'x'").contains("there is no field colour"));
        assert!(wrong("zone = 'Mars/Olympus'").contains("Mars/Olympus"));
        assert!(
            wrong("[fields.kind]\ncolum = 'x'").contains("colum")
                || !wrong("[fields.kind]\ncolum = 'x'").is_empty()
        );
        let mapping = Mapping::read("[fields]\nkind = 'k'\ntitle = { text = '{t}: {u}' }", INCIDENT).unwrap();
        assert_eq!(mapping.columns(), ["k", "t", "u"]);
        assert!(mapping.check(INCIDENT).unwrap_err().contains("site, narrative, occurred_at"));
    }
}
