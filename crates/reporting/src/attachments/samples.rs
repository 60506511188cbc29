//! Contents that tests make themselves, so that nothing has to lie beside the program.

use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// What must never leave: an artist, and a place as EXIF keeps it (42° 36' 1" north).
pub(super) const ARTIST: &[u8] = b"Gina Guard";
pub(super) const DEGREES: &[u8] = &[0, 0, 0, 42, 0, 0, 0, 1, 0, 0, 0, 36, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];

pub(super) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// Wider than high; red on the left, blue on the right.
pub(super) fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(
        width,
        height,
        |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) },
    )
}

pub(super) fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(two_halves(width, height), ImageFormat::Jpeg)
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(two_halves(width, height), ImageFormat::Png)
}

/// Half of it can be seen through.
pub(super) fn glass(format: ImageFormat) -> Vec<u8> {
    let picture = RgbaImage::from_fn(40, 30, |x, _| Rgba([10, 200, 10, if x < 20 { 0 } else { 255 }]));
    encoded(picture, format)
}

/// A GIF of two frames with a comment that names somebody.
pub(super) fn moving_gif() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut out);
    for shade in [0, 200] {
        let picture = RgbaImage::from_pixel(20, 10, Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(picture)).unwrap();
    }
    drop(encoder);
    let comment = [&[0x21, 0xFE, 10], ARTIST, &[0]].concat();
    // After the header and the screen descriptor, which has no table of colours here.
    let flags = out[10];
    let table = if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    out.splice(13 + table..13 + table, comment);
    out
}

/// EXIF: held with the right side up, when it was taken, by whom, and where.
pub(super) fn exif() -> Vec<u8> {
    fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
    }
    let directory = |entries: &[Vec<u8>]| {
        let count = u16::try_from(entries.len()).unwrap();
        [&count.to_be_bytes()[..], &entries.concat(), &[0; 4]].concat()
    };
    // Directory one: 8 … 62, details: 62 … 92, GPS: 92 … 122, then the long values.
    let first = directory(&[
        entry(0x0112, 3, 1, 6 << 16),
        entry(0x013B, 2, 11, 122),
        entry(0x8769, 4, 1, 62),
        entry(0x8825, 4, 1, 92),
    ]);
    let details = directory(&[entry(0x9003, 2, 20, 133), entry(0x9011, 2, 7, 153)]);
    let gps = directory(&[entry(0x0001, 2, 2, u32::from(b'N') << 24), entry(0x0002, 5, 3, 160)]);
    let values = [ARTIST, b"\0", b"2026:11:22 21:30:05\0", b"-05:00\0", DEGREES];
    [&b"MM\0*\0\0\0\x08"[..], &first, &details, &gps, &values.concat()].concat()
}

/// A photo as phones take them: lying, with EXIF that turns it upright.
pub(super) fn photo(width: u32, height: u32) -> Vec<u8> {
    let block = [b"Exif\0\0", exif().as_slice()].concat();
    let length = u16::try_from(block.len() + 2).unwrap();
    let plain = jpeg(width, height);
    [&plain[..2], &[0xFF, 0xE1], &length.to_be_bytes(), &block, &plain[2..]].concat()
}

/// An archive of these names, nothing compressed.
pub(super) fn zip(names: &[&str]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let at = u32::try_from(body.len()).unwrap();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let fixed = [&[20, 0][..], &[0; 8], &[0; 12], &length, &[0; 2]].concat();
        body.extend([b"PK\x03\x04", fixed.as_slice(), name.as_bytes()].concat());
        let rest = [&[0; 10][..], &at.to_le_bytes()].concat();
        directory.extend([b"PK\x01\x02\x14\0", fixed.as_slice(), &rest, name.as_bytes()].concat());
    }
    let count = u16::try_from(names.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let start = u32::try_from(body.len()).unwrap().to_le_bytes();
    [
        body,
        directory,
        b"PK\x05\x06\0\0\0\0".to_vec(),
        count.to_vec(),
        count.to_vec(),
        size.to_vec(),
        start.to_vec(),
        vec![0; 2],
    ]
    .concat()
}

pub(super) const DOCX: &[&str] = &["[Content_Types].xml", "_rels/.rels", "word/document.xml"];
pub(super) const XLSX: &[&str] = &["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"];
pub(super) const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
pub(super) const POSITION: &[u8] = b"+42.3601-071.0942/";

fn boxed(kind: &[u8; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], kind, &body].concat()
}

/// A film with a picture track, a track of positions whose samples lie among the pictures, and a described place.
pub(super) fn film() -> Vec<u8> {
    let frame = b"picture picture picture ".to_vec();
    let start = boxed(b"ftyp", &[b"isom\0\0\0\0isom".to_vec()]);
    let samples = boxed(b"mdat", &[frame.clone(), POSITION.to_vec(), frame.clone()]);
    let first = u32::try_from(start.len() + 8).unwrap();
    let track = |handler: &[u8; 4], offsets: &[u32], sizes: &[u32]| {
        let list = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
        let many = |numbers: &[u32]| u32::try_from(numbers.len()).unwrap();
        let table = boxed(
            b"stbl",
            &[
                boxed(b"stco", &[list(&[0, many(offsets)]), list(offsets)]),
                boxed(b"stsc", &[list(&[0, 1, 1, 1, 1])]),
                boxed(b"stsz", &[list(&[0, 0, many(sizes)]), list(sizes)]),
            ],
        );
        let media = boxed(
            b"mdia",
            &[boxed(b"hdlr", &[vec![0; 8], handler.to_vec(), vec![0; 13]]), boxed(b"minf", &[table])],
        );
        boxed(b"trak", &[boxed(b"tkhd", &[vec![0; 84]]), media])
    };
    let (frame, place) = (u32::try_from(frame.len()).unwrap(), u32::try_from(POSITION.len()).unwrap());
    let description = boxed(b"udta", &[boxed(b"\xA9xyz", &[POSITION.to_vec()])]);
    let movie = boxed(
        b"moov",
        &[
            boxed(b"mvhd", &[vec![0; 100]]),
            track(b"vide", &[first, first + frame + place], &[frame, frame]),
            track(b"meta", &[first + frame], &[place]),
            description,
        ],
    );
    [start, samples, boxed(b"free", &[POSITION.to_vec()]), movie].concat()
}

/// A recording labelled in front and at the end.
pub(super) fn mp3() -> Vec<u8> {
    let label = [b"ID3\x04\0\0\0\0\0\x0A", ARTIST].concat();
    let frame = [&[0xFF, 0xFB, 0x90, 0x00][..], &[7; 413]].concat();
    let end = [&b"TAG"[..], ARTIST, &[0; 115]].concat();
    [label, frame.clone(), frame, end].concat()
}

/// A recording with a chunk that names somebody.
pub(super) fn wav() -> Vec<u8> {
    let chunk =
        |kind: &[u8], body: &[u8]| [kind, &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    let body = [chunk(b"fmt ", &[1; 16]), chunk(b"LIST", ARTIST), chunk(b"data", &[9; 32])].concat();
    chunk(b"RIFF", &[b"WAVE".as_slice(), &body].concat())
}

/// A PNG of a few bytes that says it is a hundred thousand pixels wide and high.
pub(super) fn bomb() -> Vec<u8> {
    let mut bytes = png(2, 2);
    for at in [16, 20] {
        bytes[at..at + 4].copy_from_slice(&100_000_u32.to_be_bytes());
    }
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The checksum of PNG chunks.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(
            sum ^ u32::from(byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    })
}

/// The scanners' test file, put together here so that no scanner finds it in the source.
pub(super) fn eicar() -> Vec<u8> {
    [&br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-"[..], b"ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// The folder of real uploads, where it is there.
pub(super) fn real() -> Option<PathBuf> {
    let data = std::env::var_os("BAILIWICK_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let uploads = data.join("uploads");
    if uploads.is_dir() {
        return Some(uploads);
    }
    println!("left out: there are no real uploads at {}", uploads.display());
    None
}
