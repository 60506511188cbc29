//! The log: one line an event, on standard error, as text or JSON. No names, no addresses, no bodies.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging. A second start in the same process changes nothing.
pub fn start(json: bool, level: &str) {
    let filter = level.parse().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if json {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init()
    };
}
