//! A database and a folder for files that are made for one run and thrown away after it: of the same engine as the
//! installation's, never with a row of a customer's, and with no way out for mail.

use kernel::Result;
use store::files::Files;
use store::{Batch, Place, Settings, Store};
use tempfile::TempDir;

use crate::cli::Refusal;

/// See the module.
pub(super) struct Scratch {
    pub(super) store: Store,
    pub(super) files: Files,
    schema: Option<(Store, String)>,
    _folder: TempDir,
}

impl Scratch {
    /// Makes one like the installation's database: a file in a folder of its own, or a schema of its own on the
    /// server.
    pub(super) async fn like(settings: &Settings) -> std::result::Result<Self, Refusal> {
        let folder = tempfile::Builder::new()
            .prefix("bailiwick-verify-")
            .tempdir()
            .map_err(|why| Refusal(format!("no folder can be made for the scratch world: {why}")))?;
        let (settings, schema) = match &settings.engine {
            Place::Sqlite { .. } => (Settings::sqlite(folder.path().join("scratch.db")), None),
            Place::Postgres { url, .. } => {
                let name = format!("verify_{}", uuid::Uuid::new_v4().simple());
                let server = Store::open(settings)?;
                let mut batch = Batch::new();
                batch.run(format!("create schema {name}"), Vec::new());
                server.commit(batch).await?;
                let join = if url.contains('?') { '&' } else { '?' };
                let there = format!("{url}{join}options=-c%20search_path%3D{name},public");
                (Settings::postgres(there), Some((server, name)))
            }
        };
        let store = Store::open(&settings)?;
        let files = Files::local(folder.path().join("files"));
        let scratch = Self { store, files, schema, _folder: folder };
        // The server's extensions live in its public schema, so that stands behind the scratch one on the path: what
        // was made must be empty, or it is not the scratch world that answers.
        let empty = match scratch.store.migrate().await {
            Ok(_) => super::query::is_empty(&scratch.store).await,
            Err(why) => Err(why),
        };
        match empty {
            Ok(true) => Ok(scratch),
            Ok(false) => {
                let _ = scratch.gone().await;
                Err(Refusal("the scratch world is not empty; nothing was done".into()))
            }
            Err(why) => {
                let _ = scratch.gone().await;
                Err(why.into())
            }
        }
    }

    /// Throws everything away.
    pub(super) async fn gone(self) -> Result<()> {
        self.store.close().await;
        if let Some((server, name)) = self.schema {
            let mut batch = Batch::new();
            batch.run(format!("drop schema {name} cascade"), Vec::new());
            server.commit(batch).await?;
            server.close().await;
        }
        Ok(())
    }
}
