//! The gallery: every component in every state, and the frames of the portals. For people who build pages; only in
//! a demo world, because elsewhere it would be one more thing to wonder about.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::Error;
use maud::Markup;

use crate::app::App;
use crate::problem::Failure;
use crate::route::Feature;

/// What the gallery adds to the program.
#[must_use]
pub fn feature() -> Feature {
    Feature { name: "gallery", routes: Vec::new, open: Some(routes), nav: &[] }
}

fn routes() -> axum::Router<App> {
    axum::Router::new()
        .route("/gallery", get(|State(app): State<App>| async move { shown(&app, ui::gallery::page) }))
        .route(
            "/gallery/office",
            get(|State(app): State<App>| async move { shown(&app, ui::gallery::office) }),
        )
        .route("/gallery/field", get(|State(app): State<App>| async move { shown(&app, ui::gallery::field) }))
        .route(
            "/gallery/client",
            get(|State(app): State<App>| async move { shown(&app, ui::gallery::client) }),
        )
        .route(
            "/gallery/sign-in",
            get(|State(app): State<App>| async move { shown(&app, ui::gallery::sign_in) }),
        )
        .route("/gallery/error", get(|State(app): State<App>| async move { shown(&app, ui::gallery::error) }))
}

fn shown(app: &App, page: fn() -> Markup) -> Response {
    if app.config.demo { page().into_response() } else { Failure(Error::NotFound).into_response() }
}
