//! Places on the earth and the fences around them. Pure arithmetic on the WGS 84 ellipsoid.
//!
//! A fence is a circle or polygons. Edges of polygons are straight in longitude and latitude, as GeoJSON
//! (RFC 7946) has it; a fence across the date line is cut in two there, as it also demands. Distances are good to
//! a few millimetres at the size of a site and to a thousandth at a hundred kilometres.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most rings of one fence, holes included.
pub const MOST_RINGS: usize = 20;
/// The most corners of one fence. A river basin from a city's open data has four thousand.
pub const MOST_CORNERS: usize = 5_000;
/// The smallest and the largest radius, in metres.
pub const RADII: std::ops::RangeInclusive<f64> = 5.0..=100_000.0;

/// The equator's radius in metres, and the square of the first eccentricity (WGS 84).
const EQUATOR: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;

/// A place, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// North is positive.
    latitude: f64,
    /// East is positive.
    longitude: f64,
}

impl Point {
    /// A place at this latitude and longitude.
    ///
    /// # Errors
    /// A sentence for degrees that are not on the earth.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, String> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err("a latitude lies between -90 and 90".into());
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err("a longitude lies between -180 and 180".into());
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// How far it is to another place, in metres.
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (north, east) = scale(f64::midpoint(self.latitude, other.latitude));
        ((other.latitude - self.latitude) * north).hypot(turn(other.longitude - self.longitude) * east)
    }
}

impl fmt::Display for Point {
    /// Six decimals: a tenth of a metre.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}, {:.6}", self.latitude, self.longitude)
    }
}

impl FromStr for Point {
    type Err = String;

    /// `42.381845, -71.143106`: latitude first, as people write it.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write latitude, longitude, such as 42.381845, -71.143106".to_owned();
        let (latitude, longitude) = text.split_once(',').ok_or_else(wrong)?;
        let degrees = |part: &str| part.trim().parse::<f64>().map_err(|_not_a_number| wrong());
        Self::new(degrees(latitude)?, degrees(longitude)?)
    }
}

/// Metres of a degree northwards and eastwards at a latitude.
fn scale(latitude: f64) -> (f64, f64) {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let bend = 1.0 - ECCENTRICITY_2 * sin * sin;
    let north = EQUATOR * (1.0 - ECCENTRICITY_2) / (bend * bend.sqrt());
    let east = EQUATOR / bend.sqrt() * cos;
    (north.to_radians(), east.to_radians())
}

/// A difference of longitudes by the shorter way round.
fn turn(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

/// A closed line: at least three corners, the first not repeated at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring(Vec<Point>);

impl Ring {
    fn new(corners: Vec<Point>) -> Result<Self, String> {
        if corners.len() < 3 {
            return Err("a fence needs at least three corners".into());
        }
        let longitudes = corners.iter().map(|corner| corner.longitude);
        let (west, east) = longitudes.fold((180.0_f64, -180.0_f64), |(w, e), l| (w.min(l), e.max(l)));
        if east - west > 180.0 {
            return Err("a fence across the date line is drawn as two parts, one on each side of it".into());
        }
        let ring = Self(corners);
        if ring.twice_area().abs() < 1e-14 {
            return Err("these corners lie on one line and enclose nothing".into());
        }
        Ok(ring)
    }

    /// The corners, each once.
    #[must_use]
    pub fn corners(&self) -> &[Point] {
        &self.0
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.0.iter().copied().zip(self.0.iter().copied().cycle().skip(1))
    }

    /// Twice the signed area in square degrees; anticlockwise is positive.
    fn twice_area(&self) -> f64 {
        // From the first corner, so that small rings far from the origin keep their digits.
        let Some(origin) = self.0.first() else { return 0.0 };
        let cross = |(a, b): (Point, Point)| {
            (a.longitude - origin.longitude) * (b.latitude - origin.latitude)
                - (b.longitude - origin.longitude) * (a.latitude - origin.latitude)
        };
        self.edges().map(cross).sum()
    }

    /// On the line itself the answer may be either.
    fn encloses(&self, point: Point) -> bool {
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.latitude > point.latitude) != (b.latitude > point.latitude) {
                let share = (point.latitude - a.latitude) / (b.latitude - a.latitude);
                if point.longitude < a.longitude + share * (b.longitude - a.longitude) {
                    inside = !inside;
                }
            }
        }
        inside
    }

    fn metres_from(&self, point: Point) -> f64 {
        let (north, east) = scale(point.latitude);
        let flat = |corner: Point| {
            (turn(corner.longitude - point.longitude) * east, (corner.latitude - point.latitude) * north)
        };
        self.edges().map(|(a, b)| from_origin(flat(a), flat(b))).fold(f64::INFINITY, f64::min)
    }

    fn middle(&self) -> Option<Point> {
        let origin = *self.0.first()?;
        let (mut sum, mut along, mut up) = (0.0, 0.0, 0.0);
        for (a, b) in self.edges() {
            let (ax, ay) = (a.longitude - origin.longitude, a.latitude - origin.latitude);
            let (bx, by) = (b.longitude - origin.longitude, b.latitude - origin.latitude);
            let cross = ax * by - bx * ay;
            sum += cross;
            along += (ax + bx) * cross;
            up += (ay + by) * cross;
        }
        Point::new(origin.latitude + up / (3.0 * sum), origin.longitude + along / (3.0 * sum)).ok()
    }
}

/// How far the stretch from `a` to `b` is from the origin of the plane.
fn from_origin((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + share * dx).hypot(ay + share * dy)
}

/// One piece of a fence: what its outer line encloses, without its holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The line around it.
    pub outer: Ring,
    /// What is cut out of it.
    pub holes: Vec<Ring>,
}

impl Part {
    fn contains(&self, point: Point) -> bool {
        self.outer.encloses(point) && !self.holes.iter().any(|hole| hole.encloses(point))
    }

    fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.outer).chain(&self.holes)
    }
}

/// The fence of a site. As JSON it is a GeoJSON `Polygon` or `MultiPolygon`, or
/// `{"type": "Circle", "coordinates": [longitude, latitude], "radius_m": 80}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fence {
    /// Everything within a distance of a place.
    Circle {
        /// The middle.
        center: Point,
        /// In metres, within [`RADII`].
        radius_m: f64,
    },
    /// Everything within lines; never empty.
    Parts(Vec<Part>),
}

impl Fence {
    /// A circle.
    ///
    /// # Errors
    /// A sentence for a radius outside of [`RADII`].
    pub fn circle(center: Point, radius_m: f64) -> Result<Self, String> {
        if !RADII.contains(&radius_m) {
            return Err("a radius lies between 5 and 100,000 metres".into());
        }
        Ok(Self::Circle { center, radius_m })
    }

    /// A polygon without holes by its corners in order; the last may repeat the first.
    ///
    /// # Errors
    /// A sentence about what is wrong with the corners.
    pub fn corners(mut corners: Vec<Point>) -> Result<Self, String> {
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        Self::parts_of(vec![Part { outer: Ring::new(corners)?, holes: Vec::new() }])
    }

    fn parts_of(parts: Vec<Part>) -> Result<Self, String> {
        if parts.is_empty() {
            return Err("this fence has no part".into());
        }
        let rings = parts.iter().flat_map(Part::rings);
        let (rings, corners) =
            rings.fold((0, 0), |(rings, corners), ring| (rings + 1, corners + ring.0.len()));
        if rings > MOST_RINGS {
            return Err(format!("a fence has at most {MOST_RINGS} lines, holes included; this has {rings}"));
        }
        if corners > MOST_CORNERS {
            return Err(format!("a fence has at most {MOST_CORNERS} corners; this has {corners}"));
        }
        Ok(Self::Parts(parts))
    }

    /// Is the place within the fence? Exactly on its line the answer may be either.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        match self {
            Self::Circle { center, radius_m } => center.metres_to(point) <= *radius_m,
            Self::Parts(parts) => parts.iter().any(|part| part.contains(point)),
        }
    }

    /// How far a place is from the nearest line of the fence, in metres, whichever side it is on.
    #[must_use]
    pub fn metres_to_boundary(&self, point: Point) -> f64 {
        match self {
            Self::Circle { center, radius_m } => (center.metres_to(point) - radius_m).abs(),
            Self::Parts(parts) => parts
                .iter()
                .flat_map(Part::rings)
                .map(|ring| ring.metres_from(point))
                .fold(f64::INFINITY, f64::min),
        }
    }

    /// Where a map puts the name: the middle of a circle, the centroid of the largest part.
    #[must_use]
    pub fn middle(&self) -> Point {
        match self {
            Self::Circle { center, .. } => *center,
            Self::Parts(parts) => {
                let largest = parts
                    .iter()
                    .map(|part| &part.outer)
                    .max_by(|a, b| a.twice_area().abs().total_cmp(&b.twice_area().abs()));
                let first = || largest.and_then(|ring| ring.0.first().copied());
                largest
                    .and_then(Ring::middle)
                    .or_else(first)
                    .unwrap_or(Point { latitude: 0.0, longitude: 0.0 })
            }
        }
    }
}

/// A fence as written.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
enum Written {
    Circle { coordinates: Position, radius_m: f64 },
    Polygon { coordinates: Vec<Vec<Position>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<Position>>> },
    Feature { geometry: Box<Written> },
}

/// Longitude, latitude, and perhaps a height that nobody asks for.
type Position = Vec<f64>;

fn point(position: &Position) -> Result<Point, String> {
    match position.as_slice() {
        [longitude, latitude] | [longitude, latitude, _] => Point::new(*latitude, *longitude),
        _ => Err("a position is [longitude, latitude]".into()),
    }
}

fn ring(positions: &[Position]) -> Result<Ring, String> {
    let mut corners: Vec<Point> = positions.iter().map(point).collect::<Result<_, _>>()?;
    if corners.len() < 4 || corners.first() != corners.last() {
        return Err("a ring has at least four positions, and its last is its first".into());
    }
    corners.pop();
    Ring::new(corners)
}

fn part(rings: &[Vec<Position>]) -> Result<Part, String> {
    let (outer, holes) = rings.split_first().ok_or("a polygon has at least one ring")?;
    Ok(Part { outer: ring(outer)?, holes: holes.iter().map(|hole| ring(hole)).collect::<Result<_, _>>()? })
}

impl TryFrom<Written> for Fence {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Circle { coordinates, radius_m } => Self::circle(point(&coordinates)?, radius_m),
            Written::Polygon { coordinates } => Self::parts_of(vec![part(&coordinates)?]),
            Written::MultiPolygon { coordinates } => {
                Self::parts_of(coordinates.iter().map(|rings| part(rings)).collect::<Result<_, _>>()?)
            }
            Written::Feature { geometry } => Self::try_from(*geometry),
        }
    }
}

impl From<&Fence> for Written {
    fn from(fence: &Fence) -> Self {
        let position = |point: &Point| vec![point.longitude, point.latitude];
        let closed = |ring: &Ring| ring.0.iter().chain(ring.0.first()).map(position).collect::<Vec<_>>();
        let rings = |part: &Part| part.rings().map(closed).collect::<Vec<_>>();
        match fence {
            Fence::Circle { center, radius_m } => {
                Self::Circle { coordinates: position(center), radius_m: *radius_m }
            }
            Fence::Parts(parts) => match parts.as_slice() {
                [only] => Self::Polygon { coordinates: rings(only) },
                several => Self::MultiPolygon { coordinates: several.iter().map(rings).collect() },
            },
        }
    }
}

impl Serialize for Fence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Fence {
    type Err = String;

    /// The JSON of a GeoJSON geometry or feature, or of a circle.
    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str::<Written>(text)
            .map_err(|e| format!("this is not a GeoJSON polygon: {e}"))?
            .try_into()
    }
}

impl fmt::Display for Fence {
    /// The JSON that [`FromStr`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_not_json| fmt::Error)?;
        f.write_str(&json)
    }
}

impl JsonSchema for Fence {
    fn schema_name() -> Cow<'static, str> {
        "Fence".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "A GeoJSON Polygon or MultiPolygon, or a circle: {\"type\": \"Circle\", \"coordinates\": [longitude, latitude], \"radius_m\": 80}",
            "properties": {
                "type": { "enum": ["Circle", "Polygon", "MultiPolygon"] },
                "coordinates": { "type": "array" },
                "radius_m": { "type": "number" }
            },
            "required": ["type", "coordinates"]
        })
    }
}

#[cfg(test)]
mod tests;
