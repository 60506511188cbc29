//! Contents of attachments, addressed by what they are: the SHA-256 of the bytes is the name. The same bytes are
//! kept once; nothing is ever changed in place, and nothing is removed: a content that no row names is left alone,
//! because a backup of the database may still name it.

mod s3;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Error, Result};
use sha2::{Digest, Sha256};

pub use s3::Keys;
use s3::S3;

/// The largest content that is read back, in bytes. Larger than anything that is taken in, so that a foreign object
/// under one of our names cannot fill the memory.
const MOST_READ: u64 = 64 * 1024 * 1024;

/// Where contents are kept.
#[derive(Clone, Debug)]
pub struct Files(Arc<Place>);

#[derive(Debug)]
enum Place {
    Local(PathBuf),
    S3(Box<S3>),
}

impl Files {
    /// A directory, made when the first content arrives.
    pub fn local(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Place::Local(path.into())))
    }

    /// A directory, or `s3://bucket/prefix?endpoint=https://…&region=…&style=path`. Endpoint and region default to
    /// Amazon's `us-east-1`; `style` is `path` or `host`, by default `path` where an endpoint is given.
    ///
    /// # Errors
    /// [`Error::BadRequest`] with a sentence for the operator if the URL cannot be used or the keys are missing.
    pub fn open(place: &str, keys: Option<Keys>) -> Result<Self> {
        if place.starts_with("s3://") {
            Ok(Self(Arc::new(Place::S3(Box::new(S3::open(place, keys)?)))))
        } else {
            Ok(Self::local(place))
        }
    }

    /// Keeps bytes durably and answers their digest. Keeping the same bytes again changes nothing.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if they cannot be written.
    pub async fn put(&self, bytes: impl Into<Vec<u8>>) -> Result<[u8; 32]> {
        let bytes = bytes.into();
        let place = self.0.clone();
        blocking(move || {
            let digest: [u8; 32] = Sha256::digest(&bytes).into();
            match &*place {
                Place::Local(root) => write(root, &digest, &bytes)
                    .map_err(|e| Error::Unavailable(format!("the file could not be kept: {e}")))?,
                Place::S3(s3) => s3.put(&name(&digest), &bytes)?,
            }
            Ok(digest)
        })
        .await
    }

    /// The bytes of a digest.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are not here, [`Error::Unavailable`] if they cannot be read or are damaged.
    pub async fn get(&self, digest: &[u8; 32]) -> Result<Vec<u8>> {
        let (place, digest) = (self.0.clone(), *digest);
        blocking(move || {
            let bytes = match &*place {
                Place::Local(root) => read(root, &digest)?,
                Place::S3(s3) => s3.get(&name(&digest), MOST_READ)?,
            };
            if Sha256::digest(&bytes).as_slice() == digest {
                Ok(bytes)
            } else {
                Err(Error::Unavailable("a kept file is damaged".into()))
            }
        })
        .await
    }

    /// Can contents be kept and read back right now? Keeps a few bytes to find out.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with what is wrong.
    pub async fn health(&self) -> Result<()> {
        let digest = self.put(*b"Bailiwick can keep files here.\n").await?;
        match self.get(&digest).await {
            Ok(_) => Ok(()),
            Err(Error::NotFound) => Err(Error::Unavailable("a kept file is not found again".into())),
            Err(error) => Err(error),
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// A digest as text, for addresses.
#[must_use]
pub fn hex(digest: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(64);
    for byte in digest {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The reverse of [`hex`]; nothing for any other text.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return None;
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// `ab/abcdef…`, so that no directory grows without end.
fn name(digest: &[u8; 32]) -> String {
    let hex = hex(digest);
    let folder: String = hex.chars().take(2).collect();
    format!("{folder}/{hex}")
}

fn read(root: &Path, digest: &[u8; 32]) -> Result<Vec<u8>> {
    std::fs::read(root.join(name(digest))).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound,
        _ => Error::Unavailable(format!("the file could not be read: {e}")),
    })
}

/// Writes beside, syncs, then renames: a name never stands for half a file. The directories are synced too, so that
/// the name itself survives a loss of power.
fn write(root: &Path, digest: &[u8; 32], bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let path = root.join(name(digest));
    // A file of another length under this name was damaged; it is replaced.
    if path.metadata().is_ok_and(|kept| usize::try_from(kept.len()) == Ok(bytes.len())) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(root);
    let fresh = !folder.exists();
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".{}", uuid::Uuid::new_v4().simple()));
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| std::fs::rename(&beside, &path)) {
        let _ = std::fs::remove_file(&beside);
        return Err(error);
    }
    std::fs::File::open(folder)?.sync_all()?;
    if fresh { std::fs::File::open(root)?.sync_all() } else { Ok(()) }
}
