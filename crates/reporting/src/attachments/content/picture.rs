//! Pictures: measured before they are decoded, turned upright, written anew, made small.

use std::io::Cursor;

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::{AnimationDecoder, DynamicImage, Frame, ImageFormat};
use web::picture::{self, eight_bits, jpeg, png};

use super::{Kind, Taking, exif};

/// The most pixels of a picture (of all frames of a moving one together).
const MOST_PIXELS: u64 = 50_000_000;
/// The longer side of a thumbnail, in pixels.
const THUMBNAIL: u32 = 512;
/// JPEG quality of what is served: no visible loss.
const QUALITY: u8 = 88;
/// JPEG quality of a thumbnail.
const QUALITY_SMALL: u8 = 78;

/// Decodes a picture and writes it anew.
///
/// # Errors
/// A sentence that follows the file's name.
pub(super) fn take(kind: Kind, bytes: &[u8]) -> Result<Taking, String> {
    let format = match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        _ => ImageFormat::Jpeg,
    };
    let picture::Decoded { picture, exif } = picture::decode(format, bytes, MOST_PIXELS)?;
    let taken = exif.and_then(|block| exif::taken(&block));
    let thumbnail = jpeg(&on_white(small(&picture)), QUALITY_SMALL)?;
    let size = Some((picture.width(), picture.height()));
    let moving = if kind == Kind::Gif { moving(bytes)? } else { None };
    let (kind, clean) = match moving {
        Some(clean) => (Kind::Gif, clean),
        None if kind == Kind::Jpeg || !picture.color().has_alpha() && kind == Kind::Webp => {
            (Kind::Jpeg, jpeg(&eight_bits(picture), QUALITY)?)
        }
        None => (Kind::Png, png(&eight_bits(picture))?),
    };
    Ok(Taking { clean, kind, size, thumbnail: Some(thumbnail), taken })
}

/// The picture within the thumbnail's bounds; a small one is not blown up.
fn small(picture: &DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= THUMBNAIL {
        picture.clone()
    } else {
        picture.thumbnail(THUMBNAIL, THUMBNAIL)
    }
}

/// All frames of a GIF that moves, written anew; `None` for one that stands still.
fn moving(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(|e| picture::said(&e, MOST_PIXELS))?;
    let mut frames: Vec<Frame> = Vec::new();
    let mut pixels = 0;
    for frame in decoder.into_frames() {
        let frame = frame.map_err(|e| picture::said(&e, MOST_PIXELS))?;
        pixels += u64::from(frame.buffer().width()) * u64::from(frame.buffer().height());
        if pixels > MOST_PIXELS {
            return Err(picture::too_many_pixels(MOST_PIXELS));
        }
        frames.push(frame);
    }
    if frames.len() < 2 {
        return Ok(None);
    }
    let mut clean = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut clean, 10);
    encoder
        .set_repeat(Repeat::Infinite)
        .and_then(|()| encoder.encode_frames(frames))
        .map_err(|e| picture::said(&e, MOST_PIXELS))?;
    drop(encoder);
    Ok(Some(clean))
}

/// JPEG knows no transparency: what was see-through becomes paper.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let mut picture = picture.into_rgba8();
    for pixel in picture.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            let blended = (u32::from(*channel) * alpha + 255 * (255 - alpha)) / 255;
            *channel = u8::try_from(blended).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::from(picture).into_rgb8().into()
}
