//! `bailiwick organization create`: an organization with its first administrator.

use access::{Feature, Switch};
use clap::Args;
use kernel::Clock;
use kernel::text::{EmailAddress, Name};
use people::setup::{self, NewOrganization};
use store::Store;

use crate::cli::Refusal;
use crate::say;
use crate::settings::Settings;

/// What an organization begins with.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What the organization is called
    #[arg(long)]
    name: Name,
    /// Its time zone, such as America/New_York
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Its hue in degrees, 0 to 359
    #[arg(long, default_value_t = 215, value_parser = clap::value_parser!(u16).range(0..360))]
    hue: u16,
    /// Features that are on, separated by commas; packs of roles are features
    #[arg(long, value_delimiter = ',', default_value = "guarding", value_name = "FEATURE")]
    features: Vec<Feature>,
    /// What its clients may see at all, separated by commas; each is off until turned on
    #[arg(long, value_delimiter = ',', value_name = "SWITCH")]
    switches: Vec<Switch>,
    /// E-mail address of the first administrator
    #[arg(long, value_name = "EMAIL")]
    administrator_email: EmailAddress,
    /// Name of the first administrator
    #[arg(long, value_name = "NAME")]
    administrator_name: Name,
}

pub(crate) async fn create(store: &Store, settings: &Settings, wish: Create) -> Result<(), Refusal> {
    let clock = Clock::system();
    let new = NewOrganization {
        name: wish.name,
        hue: wish.hue,
        zone: wish.zone,
        features: wish.features,
        switches: wish.switches,
    };
    let made =
        setup::organization(store, &clock, &new, wish.administrator_email, wish.administrator_name, None)
            .await?;
    let path = setup::password_link(store, &clock, made.administrator.account).await?;
    say::line(format_args!("organization  {} ({})", new.name, made.organization));
    say::line(format_args!("invitation    {}{path}", settings.public_url));
    say::aside(format_args!(
        "The administrator sets a password through this link. It is good once, for {} hours.",
        setup::LINK_HOURS
    ));
    Ok(())
}
