//! Pictures from strangers: measured before they are decoded, turned upright, written anew. What comes out holds
//! pixels and nothing else. Slow; never called where requests wait ([`turn`] takes it away from them).

use std::io::Cursor;
use std::sync::LazyLock;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use kernel::{Error, Result as Outcome};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Decoding takes memory and a whole core: two at a time, whoever asks.
static WORKERS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Waits for a turn to decode. Hold what it gives until the work is done.
///
/// # Errors
/// When the program is ending.
pub async fn turn() -> Outcome<SemaphorePermit<'static>> {
    WORKERS.acquire().await.map_err(Error::internal)
}

/// A picture that was read, held upright.
#[derive(Debug)]
pub struct Decoded {
    /// Its pixels.
    pub picture: DynamicImage,
    /// The EXIF block as it came, if there is one.
    pub exif: Option<Vec<u8>>,
}

/// Reads a picture of at most so many pixels. Its header alone says how large it will be, so that a bomb is refused
/// before a pixel of it is made.
///
/// # Errors
/// A sentence about the picture: too large, unreadable, of a variety that is not taken.
pub fn decode(format: ImageFormat, bytes: &[u8], most_pixels: u64) -> Result<Decoded, String> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // Every pixel at 16 bits in four channels.
    limits.max_alloc = Some(most_pixels * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| said(&e, most_pixels))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most_pixels {
        return Err(too_many_pixels(most_pixels));
    }
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = decoder.orientation().map_err(|e| said(&e, most_pixels))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| said(&e, most_pixels))?;
    picture.apply_orientation(orientation);
    Ok(Decoded { picture, exif })
}

/// Writes a JPEG.
///
/// # Errors
/// The encoder's, as a sentence.
pub fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).map_err(|e| said(&e, 0))?;
    Ok(out)
}

/// Writes a PNG.
///
/// # Errors
/// The encoder's, as a sentence.
pub fn png(picture: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut out)).map_err(|e| said(&e, 0))?;
    Ok(out)
}

/// The same picture at eight bits a channel, grey or coloured, with or without alpha.
#[must_use]
pub fn eight_bits(picture: DynamicImage) -> DynamicImage {
    use image::ColorType;
    match picture.color() {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => picture,
        ColorType::L16 => picture.into_luma8().into(),
        ColorType::La16 => picture.into_luma_alpha8().into(),
        other if other.has_alpha() => picture.into_rgba8().into(),
        _ => picture.into_rgb8().into(),
    }
}

/// The sentence for a picture beyond the limit.
#[must_use]
pub fn too_many_pixels(most: u64) -> String {
    format!("the picture has more than {} million pixels", most / 1_000_000)
}

/// What a decoder or encoder says, as a sentence.
#[must_use]
pub fn said(error: &ImageError, most_pixels: u64) -> String {
    match error {
        ImageError::Limits(_) => too_many_pixels(most_pixels),
        ImageError::Unsupported(_) => {
            "the picture is of a variety that cannot be read; save it as JPEG or PNG".into()
        }
        _ => "the picture is damaged and cannot be read".into(),
    }
}
