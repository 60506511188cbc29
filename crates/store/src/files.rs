//! Contents of attachments, addressed by what they are: the SHA-256 of the bytes is the name. The same bytes are
//! kept once; nothing is ever changed in place.

use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Error, Result};
use sha2::{Digest, Sha256};

/// Where contents are kept.
#[derive(Clone, Debug)]
pub struct Files(Arc<Place>);

#[derive(Debug)]
enum Place {
    Local(PathBuf),
}

impl Files {
    /// A directory, made when the first content arrives.
    pub fn local(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Place::Local(path.into())))
    }

    /// Keeps bytes durably and answers their digest.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if they cannot be written.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<[u8; 32]> {
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        match &*self.0 {
            Place::Local(root) => {
                let root = root.clone();
                tokio::task::spawn_blocking(move || write(&root, &digest, &bytes))
                    .await
                    .map_err(Error::internal)?
                    .map_err(|e| Error::Unavailable(format!("the file could not be kept: {e}")))?;
            }
        }
        Ok(digest)
    }

    /// The bytes of a digest.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are not here, [`Error::Unavailable`] if they cannot be read or are damaged.
    pub async fn get(&self, digest: &[u8; 32]) -> Result<Vec<u8>> {
        let bytes = match &*self.0 {
            Place::Local(root) => {
                let path = root.join(name(digest));
                tokio::fs::read(path).await.map_err(|e| match e.kind() {
                    std::io::ErrorKind::NotFound => Error::NotFound,
                    _ => Error::Unavailable(format!("the file could not be read: {e}")),
                })?
            }
        };
        if Sha256::digest(&bytes).as_slice() == digest {
            Ok(bytes)
        } else {
            Err(Error::Unavailable("a kept file is damaged".into()))
        }
    }
}

/// `ab/abcdef…`, so that no directory grows without end.
fn name(digest: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(67);
    for byte in digest {
        let _ = write!(hex, "{byte:02x}");
    }
    let folder: String = hex.chars().take(2).collect();
    format!("{folder}/{hex}")
}

/// Writes beside, syncs, then renames: a name never stands for half a file.
fn write(root: &std::path::Path, digest: &[u8; 32], bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let path = root.join(name(digest));
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(root);
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".{}", uuid::Uuid::new_v4().simple()));
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written {
        let _ = std::fs::remove_file(&beside);
        return Err(error);
    }
    std::fs::rename(&beside, &path)?;
    std::fs::File::open(folder)?.sync_all()
}
