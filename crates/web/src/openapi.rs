//! OpenAPI 3.1, made from the route table. What is not in the table is not reachable, so the document cannot fall
//! behind.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::context::Door;
use crate::problem::Problem;
use crate::route::{Feature, Route};

/// Serves the document.
pub(crate) async fn serve(State(app): State<App>) -> Response {
    let body = serde_json::to_vec_pretty(&document(&app.features)).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The document.
#[must_use]
pub fn document(features: &[Feature]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for feature in features {
        for route in (feature.routes)().into_iter().filter(|r| r.doors.contains(&Door::Api)) {
            let mut operation = json!({
                "tags": [feature.name],
                "summary": route.summary,
                "operationId": operation_id(&route),
                "parameters": parameters(&route, &mut generator),
                "responses": responses(&route, &mut generator, &problem),
            });
            if route.open {
                operation["security"] = json!([]);
            }
            if let Some(takes) = route.takes {
                let schema = takes(&mut generator);
                operation["requestBody"] =
                    json!({ "required": true, "content": { "application/json": { "schema": schema } } });
            }
            paths
                .entry(route.path)
                .or_default()
                .insert(route.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let definitions = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bailiwick",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The same functions as the pages, as JSON. What a token may not see answers exactly like what does not exist.",
        },
        "servers": [{ "url": Door::Api.prefix() }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation_id(route: &Route) -> String {
    let path: String = route
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches(['{', '}', '*']).replace('-', "_"))
        .collect::<Vec<_>>()
        .join("_");
    format!("{}_{path}", route.method.as_str().to_ascii_lowercase())
}

fn parameters(route: &Route, generator: &mut schemars::SchemaGenerator) -> Vec<Value> {
    let mut all: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            json!({ "name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    if let Some(asks) = route.asks {
        let schema = asks(generator);
        let schema = resolve(&schema, generator);
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, schema) in properties {
                all.push(json!({ "name": name, "in": "query", "schema": schema }));
            }
        }
    }
    if route.method == http::Method::POST && !route.open {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 200 },
            "description": "Send a create again under the same key and it is made once.",
        }));
    }
    all
}

fn resolve(schema: &schemars::Schema, generator: &schemars::SchemaGenerator) -> Value {
    let value = schema.clone().to_value();
    let name = value.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
    match name.and_then(|name| generator.definitions().get(name)) {
        Some(found) => found.clone(),
        None => value,
    }
}

fn responses(route: &Route, generator: &mut schemars::SchemaGenerator, problem: &schemars::Schema) -> Value {
    let problem = json!({ "description": "Problem details", "content": { "application/problem+json": { "schema": problem } } });
    let mut all = Map::new();
    let good = match (route.gives, route.media) {
        (Some(gives), _) => {
            let schema = gives(generator);
            json!({ "description": "Done", "content": { "application/json": { "schema": schema } } })
        }
        (None, Some(media)) => json!({ "description": "A file", "content": { media: {} } }),
        (None, None) => json!({ "description": "Done" }),
    };
    let code = match (&route.method, route.gives, route.media) {
        (_, None, None) => "204",
        (&http::Method::POST, ..)
            if route.summary.starts_with("Create") || route.summary.starts_with("File") =>
        {
            "201"
        }
        _ => "200",
    };
    all.insert(code.to_owned(), good);
    for code in ["400", "401", "403", "404", "409", "422", "429"] {
        all.insert(code.to_owned(), problem.clone());
    }
    Value::Object(all)
}
