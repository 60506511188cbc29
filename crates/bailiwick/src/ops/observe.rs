//! The outermost layer: a number for each request, a line in the log, a count in the metrics.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method};
use tracing::{Instrument as _, Level, Span};

use super::Metrics;

/// What a request whose asker went away before the answer is counted as.
const GONE: u16 = 499;

/// Under way; counted however it ends.
struct UnderWay {
    metrics: Arc<Metrics>,
    method: Method,
    route: String,
    started: Instant,
    span: Span,
    answered: bool,
}

impl UnderWay {
    fn answer(mut self, status: u16, seen: Option<web::Seen>) {
        self.answered = true;
        let took = self.started.elapsed();
        self.metrics.record(&self.method, &self.route, status, took);
        // Three decimals are plenty.
        let duration_ms = (took.as_secs_f64() * 1_000_000.0).round() / 1000.0;
        let organization = seen.map(|s| tracing::field::display(s.organization));
        let membership = seen.map(|s| tracing::field::display(s.membership));
        let _inside = self.span.enter();
        if is_quiet(&self.route) {
            tracing::debug!(status, duration_ms, organization, membership, "answered");
        } else {
            tracing::info!(status, duration_ms, organization, membership, "answered");
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.metrics.move_in_flight(-1);
        if !self.answered {
            self.metrics.record(&self.method, &self.route, GONE, self.started.elapsed());
        }
    }
}

/// What is asked every few seconds by machines, or comes in dozens with each page.
fn is_quiet(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz" | "/metrics" | "/assets/{*path}")
}

/// See the module. The route's template is logged, never the path: paths hold ids and links hold secrets.
pub(crate) async fn observe(
    State(metrics): State<Arc<Metrics>>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("nowhere", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let id = kernel::id::encode(uuid::Uuid::now_v7());
    let span = tracing::span!(Level::INFO, "request", id, %method, route);
    metrics.move_in_flight(1);
    request.extensions_mut().insert(Arc::clone(&metrics));
    let under_way =
        UnderWay { metrics, method, route, started: Instant::now(), span: span.clone(), answered: false };
    let mut response = next.run(request).instrument(span).await;
    under_way.answer(response.status().as_u16(), response.extensions().get::<web::Seen>().copied());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
