//! What a content is, whether it is taken, and what of it may leave the organization. Pure: bytes in, bytes out.
//!
//! The content decides, never its name. A picture is decoded and written anew, so what is served holds pixels and
//! nothing else; sound and film lose the boxes that name people and places; documents cannot be cleaned and say so.

mod exif;
mod media;
pub(super) mod name;
mod package;
mod picture;

use web::input::MOST_FILE;

pub(super) use exif::Taken;

/// The types that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Webp,
    Gif,
    Pdf,
    Docx,
    Xlsx,
    Text,
    Mp4,
    Mov,
    M4a,
    Mp3,
    Wav,
}

/// What the browser offers to choose; the server looks for itself.
pub(super) const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif,application/pdf,video/mp4,video/quicktime,audio/*,.docx,.xlsx,.txt,.csv";

impl Kind {
    const ALL: [Self; 13] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Text,
        Self::Mp4,
        Self::Mov,
        Self::M4a,
        Self::Mp3,
        Self::Wav,
    ];

    /// The media type it is served as.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Text => "text/plain; charset=utf-8",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::M4a => "audio/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
        }
    }

    /// The reverse of [`Kind::media_type`].
    pub(super) fn of(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// The endings a name may have; the first is given to a name without one.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Gif => &["gif"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Text => &["txt", "csv", "log", "md"],
            Self::Mp4 => &["mp4", "m4v", "3gp"],
            Self::Mov => &["mov"],
            Self::M4a => &["m4a"],
            Self::Mp3 => &["mp3"],
            Self::Wav => &["wav"],
        }
    }

    fn has_ending(self, ending: &str) -> bool {
        self.endings().iter().any(|own| own.eq_ignore_ascii_case(ending))
    }

    /// What outsiders read instead of the name.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Gif => "photo",
            Self::Pdf | Self::Docx | Self::Xlsx | Self::Text => "document",
            Self::Mp4 | Self::Mov => "video",
            Self::M4a | Self::Mp3 | Self::Wav => "recording",
        }
    }

    /// A raster picture; the only thing a browser may show rather than keep.
    pub(super) const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Gif)
    }

    /// May its content still name people, because it is kept as it came?
    pub(super) const fn is_document(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx | Self::Xlsx | Self::Text)
    }
}

/// A content that was taken.
pub(super) struct Taking {
    /// What may be downloaded.
    pub(super) clean: Vec<u8>,
    /// What that is; a cleaned picture can be of another type than its original.
    pub(super) kind: Kind,
    /// Width and height, of a picture held upright.
    pub(super) size: Option<(u32, u32)>,
    /// A small JPEG, of a picture.
    pub(super) thumbnail: Option<Vec<u8>>,
    /// When the camera took it.
    pub(super) taken: Option<Taken>,
}

/// Looks at a content and says what it is.
///
/// # Errors
/// A sentence that follows the file's name: why it is not taken.
pub(super) fn sniff(name: &str, bytes: &[u8]) -> Result<Kind, String> {
    if bytes.is_empty() {
        return Err("the file is empty".into());
    }
    if bytes.len() > MOST_FILE {
        return Err(too_large());
    }
    if memchr::memmem::find(bytes, EICAR).is_some() {
        return Err("this is the test file of virus scanners".into());
    }
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Kind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Kind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::Webp),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Ok(Kind::Wav),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Kind::Pdf),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => media::brand(brand.get(..4).unwrap_or_default()),
        [b'P', b'K', 3, 4, ..] => package::office(bytes),
        [b'I', b'D', b'3', ..] => Ok(Kind::Mp3),
        _ if media::is_mp3_frame(bytes) => Ok(Kind::Mp3),
        _ => other(name, bytes),
    }
}

/// The string that virus scanners agreed to find.
const EICAR: &[u8] = b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

pub(super) fn too_large() -> String {
    format!("the file is larger than {}", ui::panel::bytes(MOST_FILE as u64))
}

/// Text, or something that is refused by its right name.
fn other(name: &str, bytes: &[u8]) -> Result<Kind, String> {
    let text = std::str::from_utf8(bytes).ok();
    let Some(text) = text
        .filter(|text| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}')))
    else {
        return Err(named(bytes));
    };
    let lower = text.to_ascii_lowercase();
    if lower.trim_start_matches('\u{feff}').trim_start().starts_with('<')
        || MARKUP.iter().any(|tag| lower.contains(tag))
    {
        return Err(
            "this is a page or drawing with code in it (HTML, XML or SVG); send a picture or plain text"
                .into(),
        );
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if CODE_ENDINGS.contains(&ending.as_str()) || text.starts_with("#!") {
        return Err("this is a script or a page with code in it; scripts and pages are not taken".into());
    }
    Ok(Kind::Text)
}

/// Why a content that is neither text nor of a type of ours is refused.
fn named(bytes: &[u8]) -> String {
    use infer::MatcherType;
    match infer::get(bytes).map(|found| (found.matcher_type(), found.extension())) {
        Some((MatcherType::App, _)) => "this is a program; programs are not taken".into(),
        Some((MatcherType::Archive, _)) => package::UNPACK.into(),
        Some((_, ending)) => {
            format!("this is a file of type {ending}; send a JPEG, PNG, PDF, MP4 or MP3 instead")
        }
        None => "this type of file is not taken; send a picture, PDF, film, recording or plain text".into(),
    }
}

/// Endings that a system would run or a browser would open as a page.
const CODE_ENDINGS: &[&str] = &[
    "bat", "cmd", "com", "css", "hta", "htm", "html", "js", "jse", "lnk", "mjs", "php", "pl", "ps1", "py",
    "rb", "reg", "scr", "sh", "svg", "url", "vbe", "vbs", "wsf", "xhtml", "xml", "xsl",
];

/// What makes a text a page.
const MARKUP: &[&str] =
    &["<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "<iframe", "<object", "<embed"];

/// Takes a content in: decodes, turns and cleans it. Slow for pictures; never call it where requests wait.
///
/// # Errors
/// A sentence that follows the file's name.
pub(super) fn take(name: &str, bytes: &[u8]) -> Result<Taking, String> {
    let kind = sniff(name, bytes)?;
    if kind.is_picture() {
        return picture::take(kind, bytes);
    }
    let clean = match kind {
        Kind::Mp4 | Kind::Mov | Kind::M4a => media::scrub_boxes(bytes),
        Kind::Mp3 => media::scrub_mp3(bytes),
        Kind::Wav => media::scrub_wav(bytes),
        _ => bytes.to_vec(),
    };
    if clean.is_empty() {
        return Err("the file holds nothing but labels".into());
    }
    Ok(Taking { clean, kind, size: None, thumbnail: None, taken: None })
}

/// May this cleaned content be shown outside? A film whose structure cannot be read, or that carries a track of
/// positions, cannot be cleaned.
///
/// # Errors
/// The reason, as a sentence.
pub(super) fn may_leave(kind: Kind, clean: &[u8]) -> Result<(), String> {
    match kind {
        Kind::Mp4 | Kind::Mov | Kind::M4a => media::leaves_nothing(clean),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
