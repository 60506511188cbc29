//! Sites out of GeoJSON: what cities, mapping tools and other programs hand over.

use std::collections::HashMap;

use kernel::geo::{Fence, Point};
use kernel::id::ClientId;
use kernel::text::Name;
use kernel::{Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::setup::{SiteDraft, Zone};

/// The most features of one file.
const MOST: usize = 20_000;

/// What a feature becomes.
#[derive(Debug)]
pub struct Imported {
    /// Where it stands in the file, from 1.
    pub number: usize,
    /// The site, or why it is none.
    pub site: std::result::Result<SiteDraft, String>,
}

#[derive(Deserialize)]
struct Collection {
    r#type: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    geometry: Option<Value>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

/// Reads a GeoJSON feature collection into sites of one client. A polygon becomes the fence, a point the position;
/// the name comes from the property `name_property`, or from the first that is called name, site name or title in
/// whichever spelling, and the address likewise. A name that comes twice gets a number.
///
/// # Errors
/// [`Error::BadRequest`] when the text is no feature collection. What is wrong with one feature is told with it.
pub fn import_sites(
    geojson: &str,
    client: ClientId,
    zone: &Zone,
    name_property: Option<&str>,
) -> Result<Vec<Imported>> {
    let collection: Collection = serde_json::from_str(geojson)
        .map_err(|e| Error::BadRequest(format!("this is not a GeoJSON feature collection: {e}")))?;
    if collection.r#type != "FeatureCollection" {
        return Err(Error::BadRequest("a file of sites is a GeoJSON FeatureCollection".into()));
    }
    if collection.features.len() > MOST {
        return Err(Error::BadRequest(format!("import at most {MOST} sites at once")));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let sites = collection.features.iter().enumerate().map(|(at, feature)| {
        let site = draft(feature, client, zone, name_property).and_then(|mut site| {
            let times = seen.entry(store::fold(site.name.as_str())).or_default();
            *times += 1;
            if *times > 1 {
                site.name = format!("{} ({times})", site.name).parse::<Name>()?;
            }
            Ok(site)
        });
        Imported { number: at + 1, site }
    });
    Ok(sites.collect())
}

fn draft(
    feature: &Feature,
    client: ClientId,
    zone: &Zone,
    name_property: Option<&str>,
) -> std::result::Result<SiteDraft, String> {
    let none = Map::new();
    let properties = feature.properties.as_ref().unwrap_or(&none);
    let name = match name_property {
        Some(property) => properties.get(property).and_then(words),
        None => ["name", "sitename", "title", "label"].iter().find_map(|key| by_habit(properties, key)),
    };
    let name = name.ok_or("it has no name")?.parse::<Name>().map_err(|wrong| format!("name: {wrong}"))?;
    let mut site = SiteDraft::new(client, name, zone.clone());
    if let Some(address) = ["address", "streetaddress"].iter().find_map(|key| by_habit(properties, key)) {
        site.address = address.parse().map_err(|wrong| format!("address: {wrong}"))?;
    }
    let geometry = feature.geometry.as_ref().ok_or("it has no place")?;
    match geometry.get("type").and_then(Value::as_str) {
        Some("Point") => site.position = Some(position(geometry)?),
        Some("Polygon" | "MultiPolygon") => {
            let fence: Fence = geometry.to_string().parse()?;
            site.position = Some(fence.middle());
            site.fence = Some(fence);
        }
        Some(other) => return Err(format!("a site is a point or a polygon, not a {other}")),
        None => return Err("its geometry has no type".into()),
    }
    Ok(site)
}

/// A property by its name as people spell it: `NAME`, `Site_Name`, `site name`.
fn by_habit(properties: &Map<String, Value>, key: &str) -> Option<String> {
    properties
        .iter()
        .filter(|(name, _)| name.to_lowercase().replace(['_', ' ', '-'], "") == key)
        .find_map(|(_, value)| words(value))
}

/// A value as text; blank is none.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn position(geometry: &Value) -> std::result::Result<Point, String> {
    let degrees = |at: usize| geometry.pointer(&format!("/coordinates/{at}")).and_then(Value::as_f64);
    let (longitude, latitude) = degrees(0).zip(degrees(1)).ok_or("a point has a longitude and a latitude")?;
    Point::new(latitude, longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Imported> {
        let zone = "America/New_York".parse().unwrap();
        import_sites(text, ClientId::new(), &zone, None).unwrap()
    }

    #[test]
    fn points_and_polygons_become_sites() {
        let sites = read(
            r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"SITE_NAME":"Hall","ADDRESS":"76 Coolidge Ave","PHONE":1},
             "geometry":{"type":"Point","coordinates":[-71.14,42.36]}},
            {"type":"Feature","properties":{"name":"Field"},"geometry":
             {"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}},
            {"type":"Feature","properties":{"name":" FIELD "},"geometry":{"type":"Point","coordinates":[1,1,30]}}]}"#,
        );
        let drafts: Vec<&SiteDraft> = sites.iter().map(|one| one.site.as_ref().unwrap()).collect();
        assert_eq!((drafts[0].name.as_str(), drafts[0].address.as_str()), ("Hall", "76 Coolidge Ave"));
        assert_eq!(drafts[0].position, Some(Point::new(42.36, -71.14).unwrap()));
        assert!(drafts[1].fence.as_ref().unwrap().contains(Point::new(1.0, 1.0).unwrap()));
        assert!(drafts[1].position.unwrap().metres_to(Point::new(1.0, 1.0).unwrap()) < 1.0);
        assert_eq!(drafts[2].name.as_str(), "FIELD (2)");
    }

    #[test]
    fn what_is_wrong_is_told_with_the_feature() {
        let sites = read(
            r#"{"type":"FeatureCollection","features":[
            {"properties":{"name":"A"},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}},
            {"properties":{"name":null},"geometry":{"type":"Point","coordinates":[1,1]}},
            {"properties":null,"geometry":null},
            {"properties":{"name":"B"},"geometry":null},
            {"properties":{"name":"C"},"geometry":{"type":"Point","coordinates":["1","1"]}},
            {"properties":{"name":"D"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}},
            {"properties":{"name":"E"},"geometry":{"type":"Point","coordinates":[0,91]}}]}"#,
        );
        let wrong: Vec<String> = sites.into_iter().map(|one| one.site.unwrap_err()).collect();
        let sentences = [
            "not a LineString",
            "no name",
            "no name",
            "no place",
            "a longitude and",
            "four positions",
            "-90 and 90",
        ];
        for (told, wanted) in wrong.iter().zip(sentences) {
            assert!(told.contains(wanted), "{told}");
        }
        let zone = "UTC".parse().unwrap();
        for no_file in ["", "[]", r#"{"type":"Feature"}"#, r#"{"features":[]}"#] {
            assert!(import_sites(no_file, ClientId::new(), &zone, None).is_err(), "{no_file}");
        }
    }

    #[test]
    fn a_city_hands_over_its_parks() {
        let folder = std::env::var("BAILIWICK_DATA").map_or_else(
            |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
            std::path::PathBuf::from,
        );
        let Ok(parks) = std::fs::read_to_string(folder.join("sites-geo/cambridge_open_space.geojson")) else {
            eprintln!("skipped: no sites-geo data under {} (set BAILIWICK_DATA)", folder.display());
            return;
        };
        let sites = read(&parks);
        assert_eq!(sites.len(), 276);
        let good: Vec<&SiteDraft> = sites.iter().filter_map(|one| one.site.as_ref().ok()).collect();
        let refused: Vec<&String> = sites.iter().filter_map(|one| one.site.as_ref().err()).collect();
        assert!(refused.iter().all(|why| *why == "it has no name"), "{refused:?}");
        assert_eq!(good.len() + refused.len(), 276);
        let mut names: Vec<&str> = good.iter().map(|site| site.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), good.len(), "no name comes twice");
    }
}
