//! How a site is read from a form, and how one that is there fills it.

use kernel::geo::{Fence, Point};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ctx, Text};

use super::model::{ReportOptions, SiteDraft, SiteFull};
use crate::shared::there;

/// A site as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SiteForm {
    /// The client's id.
    pub client: Text,
    /// The area's id, if it lies in one.
    pub area: Text,
    /// `static`, `patrol` or `job`.
    pub kind: Text,
    /// What it is called.
    pub name: Text,
    /// A number or short name of the organization's own.
    pub code: Text,
    /// Where it is, for people.
    pub address: Text,
    /// An IANA time zone, such as `Europe/Berlin`.
    pub zone: Text,
    /// Degrees north of its middle.
    pub latitude: Text,
    /// Degrees east of its middle.
    pub longitude: Text,
    /// The fence as a circle round the middle, in metres.
    pub radius_m: Text,
    /// The fence as corners, one "latitude, longitude" a line, or as GeoJSON. Wins over the circle.
    pub polygon: Text,
    /// What whoever works there should know.
    pub instructions: Text,
    /// The client side waits for an approval.
    pub approval_required: Text,
    /// Authors may change their reports.
    pub editable_by_author: Text,
    /// The daily activity report is mailed.
    pub send_daily_report: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// The report options alone, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReportsForm {
    /// The client side waits for an approval.
    pub approval_required: Text,
    /// Authors may change their reports.
    pub editable_by_author: Text,
    /// The daily activity report is mailed.
    pub send_daily_report: Text,
    /// The version of the site that was read.
    pub version: Text,
}

impl ReportsForm {
    /// Reads what was typed, over what holds now.
    pub(super) fn parse(&self, ctx: &Ctx, now: ReportOptions) -> ReportOptions {
        ReportOptions {
            approval_required: ctx.flag(&self.approval_required, now.approval_required),
            editable_by_author: ctx.flag(&self.editable_by_author, now.editable_by_author),
            send_daily_report: ctx.flag(&self.send_daily_report, now.send_daily_report),
        }
    }
}

impl SiteForm {
    /// Reads what was typed. Whether the client and the area are there is asked elsewhere.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<SiteDraft> {
        let mut errors = FieldErrors::default();
        let chosen = |field: &Text| if field.is_blank() { Err("choose one".to_owned()) } else { Ok(()) };
        let client = errors.take("client", chosen(&self.client).and_then(|()| self.client.parse()));
        let area = errors.take("area", self.area.parse_optional());
        let kind = errors.take("kind", self.kind.parse());
        let name = errors.take("name", self.name.parse());
        let code = errors.take("code", self.code.parse_optional());
        let address = errors.take("address", self.address.parse());
        let zone = errors.take("zone", self.zone.parse());
        let instructions = errors.take("instructions", self.instructions.parse());
        let (position, fence) = self.place(&mut errors);
        errors.check()?;
        Ok(SiteDraft {
            client: there(client)?,
            area: there(area)?,
            kind: there(kind)?,
            name: there(name)?,
            code: there(code)?,
            address: there(address)?,
            zone: there(zone)?,
            position,
            fence,
            instructions: there(instructions)?,
            reports: ReportOptions {
                approval_required: self.approval_required.is_on(),
                editable_by_author: self.editable_by_author.is_on(),
                send_daily_report: self.send_daily_report.is_on(),
            },
        })
    }

    /// The same with report options that were left out as they are.
    pub(super) fn over(&self, ctx: &Ctx, now: ReportOptions) -> Self {
        let tick = |typed: &Text, was: bool| Text(ctx.flag(typed, was).to_string());
        Self {
            approval_required: tick(&self.approval_required, now.approval_required),
            editable_by_author: tick(&self.editable_by_author, now.editable_by_author),
            send_daily_report: tick(&self.send_daily_report, now.send_daily_report),
            ..self.clone()
        }
    }

    /// The middle and the fence. Without a middle of its own a site stands in the middle of its fence.
    fn place(&self, errors: &mut FieldErrors) -> (Option<Point>, Option<Fence>) {
        let position = self.position(errors);
        if !self.polygon.is_blank() {
            let fence = errors.take("polygon", drawn(self.polygon.as_str()));
            return (position.or_else(|| fence.as_ref().map(Fence::middle)), fence);
        }
        if self.radius_m.is_blank() {
            return (position, None);
        }
        let radius =
            self.radius_m.as_str().trim().parse().map_err(|_not| "write a number of metres".to_owned());
        let (Some(radius), Some(center)) = (errors.take("radius_m", radius), position) else {
            if position.is_none() && self.latitude.is_blank() && self.longitude.is_blank() {
                errors.add("latitude", "a circle needs its middle");
            }
            return (position, None);
        };
        (position, errors.take("radius_m", Fence::circle(center, radius)))
    }

    fn position(&self, errors: &mut FieldErrors) -> Option<Point> {
        if self.latitude.is_blank() && self.longitude.is_blank() {
            return None;
        }
        let degrees = |text: &Text| match text.as_str().trim() {
            "" => Err("give both, latitude and longitude".to_owned()),
            typed => typed.parse::<f64>().map_err(|_not| "write degrees, such as 42.381845".to_owned()),
        };
        let latitude = errors.take("latitude", degrees(&self.latitude));
        let longitude = errors.take("longitude", degrees(&self.longitude));
        let (latitude, longitude) = latitude.zip(longitude)?;
        match Point::new(latitude, longitude) {
            Ok(point) => Some(point),
            Err(message) => {
                let field = if (-90.0..=90.0).contains(&latitude) { "longitude" } else { "latitude" };
                errors.add(field, message);
                None
            }
        }
    }

    /// The form's values for a site that is there.
    pub(super) fn filled(full: &SiteFull) -> Self {
        let site = &full.site;
        let tick = |on: bool| if on { Text::from("true") } else { Text::default() };
        let degrees = |pick: fn(Point) -> f64| {
            Text(site.position.map_or_else(String::new, |position| pick(position).to_string()))
        };
        let reports = full.reports.unwrap_or_default();
        let (radius, polygon) = match &full.fence {
            None => (String::new(), String::new()),
            Some(Fence::Circle { radius_m, .. }) => (radius_m.to_string(), String::new()),
            Some(fence) => (String::new(), written(fence)),
        };
        Self {
            client: Text(site.client.to_string()),
            area: Text(site.area.map_or_else(String::new, |area| area.to_string())),
            kind: site.kind.word().into(),
            name: Text(site.name.clone()),
            code: Text(site.code.clone().unwrap_or_default()),
            address: Text(site.address.clone()),
            zone: Text(site.zone.clone()),
            latitude: degrees(Point::latitude),
            longitude: degrees(Point::longitude),
            radius_m: Text(radius),
            polygon: Text(polygon),
            instructions: Text(full.instructions.clone().unwrap_or_default()),
            approval_required: tick(reports.approval_required),
            editable_by_author: tick(reports.editable_by_author),
            send_daily_report: tick(reports.send_daily_report),
            version: Text(site.version.to_string()),
        }
    }
}

/// A fence as corners, one a line, or as GeoJSON.
fn drawn(text: &str) -> Result<Fence, String> {
    if text.trim_start().starts_with('{') {
        return text.parse();
    }
    let corners = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(|(at, line)| line.parse::<Point>().map_err(|wrong| format!("corner {}: {wrong}", at + 1)))
        .collect::<Result<Vec<_>, _>>()?;
    Fence::corners(corners)
}

/// The reverse, to the last digit: corners where they say all, GeoJSON where there are holes or several parts.
fn written(fence: &Fence) -> String {
    match fence {
        Fence::Parts(parts) => match parts.as_slice() {
            [only] if only.holes.is_empty() => {
                let line = |corner: &Point| format!("{}, {}", corner.latitude(), corner.longitude());
                only.outer.corners().iter().map(line).collect::<Vec<_>>().join("\n")
            }
            _ => fence.to_string(),
        },
        Fence::Circle { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> SiteForm {
        SiteForm {
            client: Text(kernel::id::ClientId::new().to_string()),
            kind: "static".into(),
            name: "Dock 4".into(),
            zone: "America/New_York".into(),
            ..SiteForm::default()
        }
    }

    fn wrong(form: &SiteForm) -> Vec<String> {
        match form.parse() {
            Err(kernel::Error::Invalid(errors)) => errors.iter().map(|(field, _)| field.to_owned()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_place_is_read_in_whichever_way_it_was_given() {
        let plain = good().parse().unwrap();
        assert_eq!((plain.position, plain.fence), (None, None));
        let circle = SiteForm {
            latitude: "42.38".into(),
            longitude: " -71.14 ".into(),
            radius_m: "80".into(),
            ..good()
        };
        let circle = circle.parse().unwrap();
        let middle = Point::new(42.38, -71.14).unwrap();
        assert_eq!(circle.fence, Some(Fence::circle(middle, 80.0).unwrap()));
        let corners =
            SiteForm { polygon: "42, -71\r\n42, -70\r\n\r\n43, -70\r\n43, -71\r\n".into(), ..good() };
        let corners = corners.parse().unwrap();
        assert!(corners.position.unwrap().metres_to(Point::new(42.5, -70.5).unwrap()) < 1.0);
        let json =
            r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[4,4],[5,4],[5,5],[4,4]]]}"#;
        let holed = SiteForm { polygon: json.into(), ..good() }.parse().unwrap();
        assert!(!holed.fence.unwrap().contains(Point::new(4.2, 4.5).unwrap()));
    }

    #[test]
    fn what_cannot_be_a_place_is_told_at_its_field() {
        let half = SiteForm { latitude: "42.38".into(), ..good() };
        assert_eq!(wrong(&half), ["longitude"]);
        let words = SiteForm { latitude: "north".into(), longitude: "-71".into(), ..good() };
        assert_eq!(wrong(&words), ["latitude"]);
        let far = SiteForm { latitude: "42".into(), longitude: "271".into(), ..good() };
        assert_eq!(wrong(&far), ["longitude"]);
        let small = SiteForm { latitude: "42".into(), longitude: "1".into(), radius_m: "2".into(), ..good() };
        assert_eq!(wrong(&small), ["radius_m"]);
        let nowhere = SiteForm { radius_m: "80".into(), ..good() };
        assert_eq!(wrong(&nowhere), ["latitude"]);
        let line = SiteForm { polygon: "1, 1\n2, 2".into(), ..good() };
        assert_eq!(wrong(&line), ["polygon"]);
        let nothing = SiteForm::default();
        assert_eq!(wrong(&nothing), ["client", "kind", "name", "zone"]);
    }
}
