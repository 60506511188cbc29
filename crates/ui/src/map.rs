//! Places on the earth: coordinates as fields and tables first, a map where the browser can draw one.

use maud::{Markup, html};

use crate::field::Field;
use crate::icon;
use crate::words;

/// A place in degrees, WGS 84.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// North is positive.
    pub lat: f64,
    /// East is positive.
    pub lon: f64,
}

impl Point {
    /// Six decimals: a tenth of a metre.
    #[must_use]
    pub fn words(self) -> String {
        format!("{:.6}, {:.6}", self.lat, self.lon)
    }
}

/// What the map holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum GeoShape<'a> {
    /// No fence yet.
    #[default]
    None,
    /// Around a point.
    Circle {
        /// Middle.
        center: Point,
        /// In metres.
        radius_m: f64,
    },
    /// Corners in order; closes itself.
    Polygon(&'a [Point]),
    /// Several parts, or holes: what no list of corners says.
    Drawn {
        /// A GeoJSON geometry.
        geojson: &'a str,
        /// The same for people: "3 parts, 1 hole, 240 corners".
        words: &'a str,
    },
}

/// Something on the map that is not the fence: a guard, a checkpoint, an incident.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marker<'a> {
    /// Where.
    pub at: Point,
    /// What.
    pub label: &'a str,
    /// Its page.
    pub href: Option<&'a str>,
    /// More words: "3 min ago, ±12 m".
    pub note: &'a str,
}

/// Names of the inputs of an editable map.
#[derive(Clone, Copy, Debug)]
pub struct GeoNames<'a> {
    /// Latitude of the middle.
    pub lat: &'a str,
    /// Longitude of the middle.
    pub lon: &'a str,
    /// Radius in metres.
    pub radius: &'a str,
    /// Corners, one "lat, lon" a line.
    pub polygon: &'a str,
}

impl Default for GeoNames<'_> {
    fn default() -> Self {
        Self { lat: "lat", lon: "lon", radius: "radius_m", polygon: "polygon" }
    }
}

/// What an editable map's fields hold as typed, right or wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct GeoTyped<'a> {
    /// Latitude of the middle.
    pub lat: &'a str,
    /// Longitude of the middle.
    pub lon: &'a str,
    /// Radius in metres.
    pub radius: &'a str,
    /// Corners, one "lat, lon" a line, or GeoJSON.
    pub polygon: &'a str,
}

/// A map and its twin in words.
#[derive(Clone, Copy, Debug, Default)]
pub struct GeoMap<'a> {
    /// Id of the map; one a page.
    pub id: &'a str,
    /// What it shows: "Geofence of Harbour Gate".
    pub label: &'a str,
    /// Where it looks when nothing is drawn.
    pub center: Point,
    /// 0 (world) to 19 (house).
    pub zoom: u8,
    /// The fence can be changed. Circle fields are sent, and the corners where `polygon_allowed`.
    pub editable: bool,
    /// Corners may be drawn too; without it the fence is a circle.
    pub polygon_allowed: bool,
    /// The fence.
    pub shape: GeoShape<'a>,
    /// Names of the inputs.
    pub input_names: GeoNames<'a>,
    /// What the inputs hold, where that is not the fence itself: after a refusal, or without a fence.
    pub typed: Option<GeoTyped<'a>>,
    /// What else is on it.
    pub markers: &'a [Marker<'a>],
    /// `/tiles/{z}/{x}/{y}.png` on our own origin; without it a grid and a scale are drawn.
    pub tiles_url: Option<&'a str>,
    /// Who made the tiles, as the maker demands.
    pub attribution: &'a str,
    /// What was wrong with the fence.
    pub errors: Option<&'a kernel::FieldErrors>,
}

/// Renders [`GeoMap`]. The fields and the table are always there; the picture comes with the module, and says so
/// when this build has no map in it.
#[must_use]
pub fn geo_map(map: &GeoMap<'_>) -> Markup {
    let kind = match map.shape {
        GeoShape::Polygon(_) | GeoShape::Drawn { .. } => "polygon",
        GeoShape::Circle { .. } => "circle",
        GeoShape::None => "none",
    };
    html! {
        div.geo id=(map.id) data-geo data-editable[map.editable] data-polygon[map.polygon_allowed] data-kind=(kind)
            data-center=(map.center.words()) data-zoom=(map.zoom) data-fields=[map.editable.then(|| control_ids(map))] data-tiles=[map.tiles_url] data-attribution=(map.attribution)
            data-module=[crate::assets::MAP] data-styles=[crate::assets::MAP_CSS] {
            div.geo-picture.scripted data-geo-picture role="region" aria-label=(map.label) hidden[crate::assets::MAP.is_none()] {}
            p.geo-missing.hint data-geo-missing hidden[crate::assets::MAP.is_some()] {
                (icon::map())
                span { @if crate::assets::MAP.is_some() { "The map could not be drawn. The coordinates below are complete." }
                       @else { "This build has no map in it. The coordinates below are complete." } }
            }
            @if map.editable { (inputs(map)) } @else { (shape_words(map)) }
            @if !map.markers.is_empty() { (marker_table(map)) }
        }
    }
}

/// The ids of the four inputs, for the module.
fn control_ids(map: &GeoMap<'_>) -> String {
    let names = map.input_names;
    [names.lat, names.lon, names.radius, names.polygon].map(crate::field::id_of).join(" ")
}

fn inputs(map: &GeoMap<'_>) -> Markup {
    let (center, radius) = match map.shape {
        GeoShape::Circle { center, radius_m } => (Some(center), Some(radius_m)),
        _ => (None, None),
    };
    let degree = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
    let (lat, lon) = (degree(center.map(|point| point.lat)), degree(center.map(|point| point.lon)));
    let metres = radius.map_or_else(String::new, |value| format!("{value:.0}"));
    let corners = match map.shape {
        GeoShape::Polygon(points) => points.iter().map(|point| point.words()).collect::<Vec<_>>().join("\n"),
        GeoShape::Drawn { geojson, .. } => geojson.to_owned(),
        GeoShape::Circle { .. } | GeoShape::None => String::new(),
    };
    let names = map.input_names;
    let typed = map.typed.unwrap_or(GeoTyped { lat: &lat, lon: &lon, radius: &metres, polygon: &corners });
    let with = |field: Field<'_>| -> Markup { crate::field::number(&field) };
    let field = |name, label| {
        let plain = Field::new(name, label);
        map.errors.map_or(plain, |errors| plain.errors(errors))
    };
    html! {
        div.geo-inputs {
            div.form-row {
                (with(field(names.lat, "Latitude").value(typed.lat).between("-90", "90").step("any")))
                (with(field(names.lon, "Longitude").value(typed.lon).between("-180", "180").step("any")))
                (with(field(names.radius, "Radius").value(typed.radius).between("5", "100000").step("any").suffix("m")))
            }
            @if map.polygon_allowed {
                (crate::field::text_area(&field(names.polygon, "Corners").value(typed.polygon).hint("One corner a line: latitude, longitude. At least three. Or paste a GeoJSON polygon. Corners win over the circle."), 4))
            }
        }
    }
}

fn shape_words(map: &GeoMap<'_>) -> Markup {
    let facts = match map.shape {
        GeoShape::None => Vec::new(),
        GeoShape::Circle { center, radius_m } => vec![
            (
                "Middle",
                html! { span data-geo-circle={ (center.words()) ", " (radius_m) } { (crate::panel::copyable(&center.words())) } },
            ),
            ("Radius", html! { span.number { (format!("{radius_m:.0} m")) } }),
        ],
        GeoShape::Polygon(points) => vec![(
            "Corners",
            html! { ol.geo-corners.number { @for point in points { li data-geo-corner=(point.words()) { (point.words()) } } } },
        )],
        GeoShape::Drawn { geojson, words } => {
            vec![("Fence", html! { span data-geo-json=(geojson) { (words) } })]
        }
    };
    html! { @if facts.is_empty() && map.markers.is_empty() { p.hint { "No place is set. " (words::NONE) } } @else if !facts.is_empty() { (crate::panel::detail_list(&facts)) } }
}

fn marker_table(map: &GeoMap<'_>) -> Markup {
    use crate::table::{Column, Row, Table, table};
    let columns = [Column::lead("Place"), Column::new("Note"), Column::number("Coordinates").low()];
    let rows: Vec<_> = map
        .markers
        .iter()
        .map(|marker| Row {
            href: marker.href,
            keep: false,
            cells: vec![
                html! { bdi data-geo-marker=(marker.at.words()) { (marker.label) } },
                html! { (marker.note) },
                html! { (marker.at.words()) },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table { caption: map.label, columns: &columns, rows: &rows, ..Table::default() })
}
