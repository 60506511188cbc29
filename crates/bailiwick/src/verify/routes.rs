//! Which questions there are: read off the route table, so that a capability that is added is walked without a word
//! here.

use http::Method;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use web::{Door, Feature};

/// One route, as far as asking goes.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) doors: Vec<Door>,
    /// How many ids its path takes.
    pub(super) ids: usize,
    /// Questions it takes besides: names with the values that its description names.
    pub(super) asks: Vec<Ask>,
}

/// One parameter of a query.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl Way {
    /// Does it search?
    pub(super) fn searches(&self) -> bool {
        self.asks.iter().any(|ask| ask.name == "q")
    }

    /// Does it answer page by page?
    pub(super) fn pages(&self) -> bool {
        self.asks.iter().any(|ask| ask.name == "cursor")
    }

    /// The path with its ids, in their order.
    pub(super) fn with(&self, ids: &[&str]) -> String {
        let mut ids = ids.iter();
        self.path
            .split('/')
            .map(|part| if part.starts_with('{') { ids.next().copied().unwrap_or(part) } else { part })
            .collect::<Vec<_>>()
            .join("/")
    }

    /// The questions beside the plain one, without words to search for.
    pub(super) fn variants(&self) -> Vec<String> {
        self.asks
            .iter()
            .flat_map(|ask| {
                ask.values
                    .iter()
                    .map(|value| format!("{}?{}={}", self.path, ask.name, web::mount::encode(value)))
            })
            .collect()
    }
}

/// Every route of these features.
pub(super) fn ways(features: &[Feature]) -> Vec<Way> {
    let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
    let mut generator = settings.into_generator();
    let mut all = Vec::new();
    for feature in features {
        for route in (feature.routes)() {
            let asks =
                route.asks.map(|asks| parameters(&asks(&mut generator).to_value())).unwrap_or_default();
            all.push(Way {
                ids: route.path.matches('{').count(),
                method: route.method,
                path: route.path,
                doors: route.doors,
                asks,
            });
        }
    }
    all
}

fn parameters(schema: &Value) -> Vec<Ask> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    properties
        .iter()
        .map(|(name, schema)| {
            let values = match name.as_str() {
                // Words to search for, places to go on and rows a page are asked elsewhere.
                "q" | "cursor" | "limit" => Vec::new(),
                _ => values(schema),
            };
            Ask { name: name.clone(), values }
        })
        .collect()
}

/// What a parameter may hold: the values of its type, or the words its description sets in the typewriter's face.
fn values(schema: &Value) -> Vec<String> {
    let words = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    if schema.to_string().contains("\"boolean\"") && !schema.to_string().contains("\"string\"") {
        return vec!["true".into()];
    }
    if let Some(place) = schema.get("enum").or_else(|| schema.pointer("/items/enum")) {
        return words(place);
    }
    let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let turns = about.contains("`-`");
    let mut all = Vec::new();
    for word in about.split('`').skip(1).step_by(2) {
        let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if plain {
            all.push(word.to_owned());
            if turns {
                all.push(format!("-{word}"));
            }
        }
    }
    all
}
