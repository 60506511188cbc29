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

/// How sites are named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The property that names a site. Unless given, the first that is called name, site name, title or label in
    /// whichever spelling.
    pub property: Option<&'a str>,
    /// What a site without a name is called, before its number in the file. Unless given, it is refused.
    pub unnamed: Option<&'a str>,
}

/// Reads a GeoJSON feature collection into sites of one client. A polygon becomes the fence, a point the position;
/// the address comes from a property that is called so. A name that comes twice gets a number.
///
/// # Errors
/// [`Error::BadRequest`] when the text is no feature collection, or nothing in it has a name: then it is no list of
/// sites. What is wrong with one feature is told with it.
pub fn import_sites(geojson: &str, client: ClientId, zone: &Zone, names: Names<'_>) -> Result<Vec<Imported>> {
    let collection: Collection = serde_json::from_str(geojson)
        .map_err(|e| Error::BadRequest(format!("this is not a GeoJSON feature collection: {e}")))?;
    if collection.r#type != "FeatureCollection" {
        return Err(Error::BadRequest("a file of sites is a GeoJSON FeatureCollection".into()));
    }
    if collection.features.len() > MOST {
        return Err(Error::BadRequest(format!("import at most {MOST} sites at once")));
    }
    let named = |feature: &Feature| feature.properties.as_ref().and_then(|all| called(all, names.property));
    if names.unnamed.is_none()
        && !collection.features.is_empty()
        && !collection.features.iter().any(|one| named(one).is_some())
    {
        return Err(nothing_is_named(&collection.features, names.property));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let sites = collection.features.iter().enumerate().map(|(at, feature)| {
        let name = named(feature).or_else(|| names.unnamed.map(|word| format!("{word} {}", at + 1)));
        let site = draft(feature, client, zone, name).and_then(|mut site| {
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

/// What a feature is called.
fn called(properties: &Map<String, Value>, property: Option<&str>) -> Option<String> {
    match property {
        Some(property) => properties.get(property).and_then(words),
        None => ["name", "sitename", "title", "label"].iter().find_map(|key| by_habit(properties, key)),
    }
}

/// One line for a whole file without a name: which properties there are, and what else it may be.
fn nothing_is_named(features: &[Feature], property: Option<&str>) -> Error {
    let mut there: Vec<&str> = Vec::new();
    for (name, value) in features.iter().filter_map(|feature| feature.properties.as_ref()).flatten() {
        if words(value).is_some() && !there.contains(&name.as_str()) {
            there.push(name);
        }
    }
    let wanted = property.map_or_else(|| "name, site name, title or label".to_owned(), str::to_owned);
    let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    Error::BadRequest(format!(
        "none of the {} features has a {wanted}. If these are sites, choose a property that names them \
         (--name-column) or a word for all of them (--unnamed); properties with something in them: {there}. \
         Equipment, such as hydrants, is no site and is not taken in here.",
        features.len(),
    ))
}

fn draft(
    feature: &Feature,
    client: ClientId,
    zone: &Zone,
    name: Option<String>,
) -> std::result::Result<SiteDraft, String> {
    let none = Map::new();
    let properties = feature.properties.as_ref().unwrap_or(&none);
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
        import_sites(text, ClientId::new(), &zone, Names::default()).unwrap()
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
            assert!(import_sites(no_file, ClientId::new(), &zone, Names::default()).is_err(), "{no_file}");
        }
    }

    #[test]
    fn what_has_no_name_is_refused_once_or_called_by_number() {
        let pumps = r#"{"type":"FeatureCollection","features":[
            {"properties":{"PUMP":"P1","NOTE":null},"geometry":{"type":"Point","coordinates":[1,1]}},
            {"properties":{"PUMP":"P2"},"geometry":{"type":"Point","coordinates":[1,1]}}]}"#;
        let zone = "UTC".parse().unwrap();
        let read = |names| import_sites(pumps, ClientId::new(), &zone, names);
        let told = read(Names::default()).unwrap_err().to_string();
        assert!(
            told.contains("none of the 2 features has a name") && told.contains("in them: PUMP."),
            "{told}"
        );
        assert!(
            read(Names { property: Some("VALVE"), ..Names::default() })
                .unwrap_err()
                .to_string()
                .contains("VALVE")
        );
        let called = |names| -> Vec<String> {
            read(names).unwrap().into_iter().map(|one| one.site.unwrap().name.to_string()).collect()
        };
        assert_eq!(called(Names { property: Some("PUMP"), unnamed: None }), ["P1", "P2"]);
        assert_eq!(called(Names { property: None, unnamed: Some("Pump") }), ["Pump 1", "Pump 2"]);
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
