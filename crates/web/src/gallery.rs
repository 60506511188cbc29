//! The gallery: every component in every state, and the frames of the portals. For people who build pages; only in
//! a demo world, because elsewhere it would be one more thing to wonder about.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::Error;
use maud::Markup;

use crate::app::App;
use crate::problem::Failure;
use crate::route::{Feature, Route};

/// What the gallery adds to the program.
#[must_use]
pub fn feature() -> Feature {
    Feature { name: "gallery", routes: Vec::new, open: Some(routes), nav: &[] }
}

type Shown = fn() -> Markup;

fn routes() -> Vec<Route> {
    let pages: [(&'static str, Shown); 6] = [
        ("/gallery", ui::gallery::page),
        ("/gallery/office", ui::gallery::office),
        ("/gallery/field", ui::gallery::field),
        ("/gallery/client", ui::gallery::client),
        ("/gallery/sign-in", ui::gallery::sign_in),
        ("/gallery/error", ui::gallery::error),
    ];
    pages
        .into_iter()
        .map(|(path, page)| {
            Route::get(path, async move |State(app): State<App>| shown(&app, page))
                .says("Look at the components; in a demo world")
        })
        .collect()
}

fn shown(app: &App, page: Shown) -> Response {
    if app.config.demo { page().into_response() } else { Failure(Error::NotFound).into_response() }
}
