//! What the command line says. Results go to standard output, everything else to standard error.

use std::io::Write as _;

/// Writes a line of the answer. A reader that went away (`| head`) is no failure.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Writes a line beside the answer: progress, advice.
pub(crate) fn aside(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
