//! Which server, and whether the way there is encrypted.

use std::time::Duration;

use kernel::{Error, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// After so long without an acknowledgement a server is given up, so that nobody waits for one that vanished.
const DEAF: Duration = Duration::from_secs(30);

/// A parsed `postgres://` URL.
///
/// `sslmode` is `disable` (the default), or `require`, `verify-ca` or `verify-full`, which all three mean: encrypted,
/// and the server's certificate must be good for its name. `sslrootcert` names a PEM file of authorities to trust
/// instead of the public ones.
#[derive(Clone)]
pub(crate) struct Target {
    config: Config,
    authorities: Option<String>,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let wrong = |what: &str| Error::BadRequest(format!("the database URL cannot be used: {what}"));
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut encrypted, mut authorities, mut rest) = (false, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", "disable")) => encrypted = false,
                Some(("sslmode", "require" | "verify-ca" | "verify-full")) => encrypted = true,
                Some(("sslmode", _)) => return Err(wrong("sslmode is disable, require or verify-full")),
                Some(("sslrootcert", path)) => authorities = Some(path.to_owned()),
                _ => rest.push(pair),
            }
        }
        let bare = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let mut config: Config = bare.parse().map_err(|cause| wrong(&super::chain(&cause)))?;
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        if config.get_application_name().is_none() {
            config.application_name("bailiwick");
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(DEAF);
        }
        let near = |host: &Host| match host {
            Host::Tcp(name) => name == "localhost" || name.starts_with("127.") || name == "::1",
            Host::Unix(_) => true,
        };
        if !encrypted && !config.get_hosts().iter().all(near) {
            tracing::warn!("the way to the database is not encrypted; add sslmode=verify-full to its URL");
        }
        Ok(Self { config, authorities })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// How to encrypt, if the URL asks for it.
    pub(crate) fn tls(&self) -> Result<Option<MakeRustlsConnect>> {
        if self.config.get_ssl_mode() != SslMode::Require {
            return Ok(None);
        }
        let mut roots = rustls::RootCertStore::empty();
        if let Some(path) = &self.authorities {
            let wrong = |cause: &dyn std::fmt::Display| {
                Error::BadRequest(format!("the authorities in {path} cannot be read: {cause}"))
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|cause| wrong(&cause))? {
                roots.add(certificate.map_err(|cause| wrong(&cause))?).map_err(|cause| wrong(&cause))?;
            }
        } else {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(MakeRustlsConnect::new(config)))
    }

    /// The same, for the server's own programs (`pg_dump`), which take it from their environment so that no
    /// password shows in a list of processes.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let hosts: Vec<String> = (self.config.get_hosts().iter())
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        all.push(("PGHOST", hosts.join(",")));
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        if !ports.is_empty() {
            all.push(("PGPORT", ports.join(",")));
        }
        all.extend(self.config.get_user().map(|user| ("PGUSER", user.to_owned())));
        all.extend(self.config.get_dbname().map(|name| ("PGDATABASE", name.to_owned())));
        let password = self.config.get_password().map(String::from_utf8_lossy);
        all.extend(password.map(|password| ("PGPASSWORD", password.into_owned())));
        let encrypted = self.config.get_ssl_mode() == SslMode::Require;
        all.push(("PGSSLMODE", if encrypted { "verify-full" } else { "disable" }.to_owned()));
        all.extend(self.authorities.clone().map(|path| ("PGSSLROOTCERT", path)));
        all
    }
}
