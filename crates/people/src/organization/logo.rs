//! The organization's mark as it is taken in: looked at, bounded, decoded and written anew as a small PNG.

use image::ImageFormat;
use web::picture;

/// The most bytes of an upload.
pub(super) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The most pixels of an upload.
const MOST_PIXELS: u64 = 16_000_000;
/// The mark is kept no wider and no higher, in pixels; pages show it at a third of that.
const BOX: (u32, u32) = (640, 128);
/// What the browser offers to choose; the server looks for itself.
pub(super) const ACCEPT: &str = "image/png,image/jpeg,image/webp";

/// A mark to be kept.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) png: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

pub(super) fn too_large() -> String {
    format!("the picture is larger than {}", ui::panel::bytes(MOST_BYTES as u64))
}

/// What a content is, by its first bytes; its name says nothing.
///
/// # Errors
/// Why it is not taken.
pub(super) fn sniff(bytes: &[u8]) -> Result<ImageFormat, String> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    match bytes {
        [] => Err("the file is empty".into()),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(ImageFormat::Png),
        [0xFF, 0xD8, 0xFF, ..] => Ok(ImageFormat::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        _ if is_drawing(bytes) => {
            Err("an SVG drawing can hold code, so it is not taken; save the logo as PNG, JPEG or WebP".into())
        }
        _ => Err("this is not a PNG, JPEG or WebP picture".into()),
    }
}

/// Marked-up text, compressed or not: gzip is how `.svgz` begins.
fn is_drawing(bytes: &[u8]) -> bool {
    let start = bytes.get(..4096).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    bytes.starts_with(&[0x1F, 0x8B])
        || text.contains("<svg")
        || text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}

/// Decodes a picture and makes the mark of it.
///
/// # Errors
/// Why it is not taken.
pub(super) fn take(format: ImageFormat, bytes: &[u8]) -> Result<Made, String> {
    let decoded = picture::decode(format, bytes, MOST_PIXELS)?;
    let mut mark = picture::eight_bits(decoded.picture);
    if mark.width() < 16 || mark.height() < 16 {
        return Err("the picture is smaller than 16 by 16 pixels".into());
    }
    if mark.width() > BOX.0 || mark.height() > BOX.1 {
        mark = mark.resize(BOX.0, BOX.1, image::imageops::FilterType::CatmullRom);
    }
    Ok(Made { png: picture::png(&mark)?, width: mark.width(), height: mark.height() })
}
