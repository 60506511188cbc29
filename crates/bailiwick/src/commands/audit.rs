//! `bailiwick audit verify`: walks the journal of each organization, or of one, from its first line to its head.

use kernel::Error;
use store::Store;

use crate::cli::Refusal;
use crate::say;

pub(crate) async fn verify(store: &Store, organization: Option<&str>) -> Result<(), Refusal> {
    let all = match organization {
        Some(wanted) => vec![crate::query::organization(store, wanted).await?],
        None => crate::query::organizations(store).await?,
    };
    let mut broken = 0;
    for (id, name) in all {
        match store::journal::verify(store, id).await {
            Ok(chain) => {
                let removed = match chain.removed {
                    0 => String::new(),
                    through => format!("; lines 1 to {through} were removed as the retention setting asks"),
                };
                say::line(format_args!("{name}: {} lines, unbroken{removed}", chain.lines));
                if chain.head > 0 {
                    let hash = store::journal::hex(&chain.hash);
                    say::line(format_args!("  newest: line {}, {hash}", chain.head));
                }
            }
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
