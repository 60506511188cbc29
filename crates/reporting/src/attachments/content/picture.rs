//! Pictures: measured before they are decoded, turned upright, written anew, made small.

use std::io::Cursor;

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};

use super::{Kind, Taking, exif};

/// The most pixels of a picture (of all frames of a moving one together).
const MOST_PIXELS: u64 = 50_000_000;
/// The most memory that decoding one picture may take, in bytes: every pixel at 16 bits in four channels.
const MOST_MEMORY: u64 = MOST_PIXELS * 8;
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
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| said(&e))?;
    // The header alone says how large it will be; a bomb is refused before a pixel of it is made.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(too_many_pixels());
    }
    let taken = decoder.exif_metadata().ok().flatten().and_then(|block| exif::taken(&block));
    let orientation = decoder.orientation().map_err(|e| said(&e))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| said(&e))?;
    picture.apply_orientation(orientation);
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
    let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(|e| said(&e))?;
    let mut frames: Vec<Frame> = Vec::new();
    let mut pixels = 0;
    for frame in decoder.into_frames() {
        let frame = frame.map_err(|e| said(&e))?;
        pixels += u64::from(frame.buffer().width()) * u64::from(frame.buffer().height());
        if pixels > MOST_PIXELS {
            return Err(too_many_pixels());
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
        .map_err(|e| said(&e))?;
    drop(encoder);
    Ok(Some(clean))
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).map_err(|e| said(&e))?;
    Ok(out)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut out)).map_err(|e| said(&e))?;
    Ok(out)
}

/// The same picture at eight bits a channel, grey or coloured, with or without alpha.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    use image::ColorType;
    match picture.color() {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => picture,
        ColorType::L16 => picture.into_luma8().into(),
        ColorType::La16 => picture.into_luma_alpha8().into(),
        other if other.has_alpha() => picture.into_rgba8().into(),
        _ => picture.into_rgb8().into(),
    }
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

fn too_many_pixels() -> String {
    format!("the picture has more than {} million pixels", MOST_PIXELS / 1_000_000)
}

fn said(error: &ImageError) -> String {
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        ImageError::Unsupported(_) => {
            "the picture is of a variety that cannot be read; save it as JPEG or PNG".into()
        }
        _ => "the picture is damaged and cannot be read".into(),
    }
}
