//! `bailiwick routes`: everything that answers, from the table that is mounted.

use serde_json::{Value, json};
use web::Door;
use web::mount::Mounted;

use crate::say;

/// What this program serves, or only its pages.
fn all(pages: bool) -> Vec<Mounted> {
    let mut features = crate::features();
    features.push(crate::ops::feature());
    let mut all = web::mount::table(&features);
    all.retain(|route| !pages || route.page());
    all
}

fn door(route: &Mounted) -> &'static str {
    route.door.map_or("open", |door| match door {
        Door::Portal(portal) => portal.word(),
        Door::Api => "api",
    })
}

fn answers(route: &Mounted) -> &'static str {
    match route.route.media {
        Some("*/*") => "file",
        Some(media) => media,
        None if route.page() => "page",
        None if route.door == Some(Door::Api) => "json",
        None => "form",
    }
}

/// A line a route.
pub(crate) fn text(pages: bool) {
    let all = all(pages);
    let most = all.iter().map(|route| route.path.len()).max().unwrap_or_default();
    for route in all {
        let method = route.route.method.as_str();
        let line = format!(
            "{method:6} {:6} {:most$}  {:4}  {}",
            door(&route),
            route.path,
            answers(&route),
            route.route.summary
        );
        say::line(line.trim_end());
    }
}

/// The same as a list of objects.
pub(crate) fn as_json(pages: bool) -> Value {
    let all = all(pages);
    let all = all.iter().map(|route| {
        json!({
            "method": route.route.method.as_str(), "door": door(route), "path": route.path,
            "answers": answers(route), "about": route.route.summary,
        })
    });
    json!({ "routes": all.collect::<Vec<_>>() })
}
