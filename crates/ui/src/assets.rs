//! Style sheet, modules, font and pictures: hashed, compressed and embedded when the crate is built.

/// A file ready to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The body, compressed as `encoding` says.
    pub bytes: &'static [u8],
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `Content-Encoding`, if compressed.
    pub encoding: Option<&'static str>,
    /// The name carries the hash of the content: it may be kept for ever. Otherwise it must be asked for again.
    pub immutable: bool,
}

/// A file as it was built.
struct Built {
    /// The name it is written under: `app.css`.
    name: &'static str,
    /// The address it is served at: `/assets/app-0123456789.css`.
    url: &'static str,
    content_type: &'static str,
    raw: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The folder in front of every address.
pub const PREFIX: &str = "/assets/";

/// A file by its address or by what follows [`PREFIX`], in the best encoding the asker takes. A name without hash
/// is answered too, but not as immutable.
#[must_use]
pub fn get(path: &str, accept_encoding: &str) -> Option<Asset> {
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let (built, immutable) = BUILT.iter().find_map(|built| {
        if built.url.strip_prefix(PREFIX) == Some(path) {
            Some((built, true))
        } else {
            (built.name == path).then_some((built, false))
        }
    })?;
    let (bytes, encoding) = match (built.brotli, built.gzip) {
        (Some(bytes), _) if accepts(accept_encoding, "br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts(accept_encoding, "gzip") => (bytes, Some("gzip")),
        _ => (built.raw, None),
    };
    Some(Asset { bytes, content_type: built.content_type, encoding, immutable })
}

/// The address of a file by the name it is written under. A name that was not built answers an address that is not
/// found; tests keep that from happening.
#[must_use]
pub fn url(name: &str) -> &'static str {
    BUILT.iter().find(|built| built.name == name).map_or("/assets/missing", |built| built.url)
}

/// Name and address of every file, for the precache list of the field portal.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILT.iter().map(|built| (built.name, built.url))
}

/// Does the header name this encoding without forbidding it by `q=0`?
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named
            && !words
                .any(|word| matches!(word.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
