//! `bailiwick audit verify`: walks the journal of each organization from its first line to its head.

use kernel::Error;
use store::Store;

use crate::cli::Refusal;
use crate::say;

pub(crate) async fn verify(store: &Store) -> Result<(), Refusal> {
    let mut broken = 0;
    for (id, name) in crate::query::organizations(store).await? {
        match store::journal::verify(store, id).await {
            Ok(lines) => say::line(format_args!("{name}: {lines} lines, unbroken")),
            Err(Error::Conflict(why)) => {
                broken += 1;
                say::line(format_args!("{name}: BROKEN: {why}"));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if broken > 0 {
        return Err(Refusal(format!("{broken} of the journals do not hold")));
    }
    Ok(())
}
