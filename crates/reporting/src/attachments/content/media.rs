//! Sound and film: what they are, and the parts of them that name people and places.
//!
//! A film is a tree of boxes. Players find the pictures by their distance from the start of the file, so boxes are
//! never taken out: one that must go becomes a `free` box of zeros.

use super::Kind;

/// What the first brand of an `ftyp` box says.
///
/// # Errors
/// A sentence for brands that are not taken.
pub(super) fn brand(brand: &[u8]) -> Result<Kind, String> {
    match brand {
        b"qt  " => Ok(Kind::Mov),
        b"M4A " | b"M4B " => Ok(Kind::M4a),
        b"mp41" | b"mp42" | b"avc1" | b"dash" | b"mmp4" | b"MSNV" | b"M4V " | b"M4VH" | b"M4VP" => {
            Ok(Kind::Mp4)
        }
        [b'i', b's', b'o', b'm' | b'2'..=b'9'] | [b'3', b'g', ..] => Ok(Kind::Mp4),
        b"heic" | b"heix" | b"heif" | b"hevc" | b"mif1" | b"msf1" => {
            Err("HEIC pictures cannot be read here; set the camera to \"Most compatible\", or send a JPEG"
                .into())
        }
        _ => Err("this film or sound is of a type that is not taken; send MP4, MOV, M4A or MP3".into()),
    }
}

/// Begins with a frame of MPEG audio, layer III?
pub(super) fn is_mp3_frame(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, second, third, ..] => {
            let sync = second & 0xE0 == 0xE0;
            let version = second >> 3 & 3;
            let layer = second >> 1 & 3;
            let (rate, sampling) = (third >> 4, third >> 2 & 3);
            sync && version != 1 && layer == 1 && rate != 0 && rate != 15 && sampling != 3
        }
        _ => false,
    }
}

/// The same film with everything blanked that is neither picture nor sound. One whose structure cannot be read stays
/// what it is; see [`leaves_nothing`].
pub(super) fn scrub_boxes(bytes: &[u8]) -> Vec<u8> {
    let mut clean = bytes.to_vec();
    let mut all = Vec::new();
    if walk(bytes, Space { from: 0, until: bytes.len(), within: None }, &mut |found| all.push(found))
        .is_none()
    {
        return clean;
    }
    for found in all {
        let Found { start, body, end, .. } = found;
        match found.fate(bytes) {
            Fate::Stays => continue,
            Fate::Blank => {}
            Fate::Track => {
                // Its samples stand among those of the others. Where they cannot be found the track stays, and with
                // it the film.
                let Some(samples) = samples(bytes, body, end) else { continue };
                for (from, until) in samples {
                    if let Some(sample) = clean.get_mut(from..until) {
                        sample.fill(0);
                    }
                }
            }
        }
        if let Some(name) = clean.get_mut(start + 4..start + 8) {
            name.copy_from_slice(b"free");
        }
        if let Some(content) = clean.get_mut(body..end) {
            content.fill(0);
        }
    }
    clean
}

/// Does this cleaned film leave nothing but picture and sound?
///
/// # Errors
/// The reason, as a sentence.
pub(super) fn leaves_nothing(clean: &[u8]) -> Result<(), String> {
    let mut rest = false;
    let whole = walk(clean, Space { from: 0, until: clean.len(), within: None }, &mut |found| {
        let blank = found.kind == *b"free" && clean.get(found.body..found.end).is_some_and(is_zero);
        rest |= !blank && !matches!(found.fate(clean), Fate::Stays);
    });
    match whole {
        Some(()) if !rest => Ok(()),
        _ => {
            Err("this film cannot be read well enough to clean it of names and positions, so it stays inside"
                .into())
        }
    }
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&b| b == 0)
}

/// A stretch of the file to look for boxes in.
#[derive(Clone, Copy)]
struct Space {
    from: usize,
    until: usize,
    within: Option<[u8; 4]>,
}

/// A box that was found.
#[derive(Clone, Copy)]
struct Found {
    within: Option<[u8; 4]>,
    kind: [u8; 4],
    start: usize,
    body: usize,
    end: usize,
}

/// What becomes of a box.
enum Fate {
    Stays,
    Blank,
    /// A track that is neither picture nor sound: positions, timed remarks.
    Track,
}

impl Found {
    /// What is not known to be needed goes: dashboard cameras hide positions in boxes of their own and in `free`.
    fn fate(&self, bytes: &[u8]) -> Fate {
        let kind = &self.kind;
        let needed = match self.within.as_ref() {
            None => {
                matches!(kind, b"ftyp" | b"styp" | b"moov" | b"mdat" | b"moof" | b"mfra" | b"sidx" | b"pdin")
            }
            Some(b"moov") => matches!(kind, b"mvhd" | b"trak" | b"mvex" | b"iods"),
            Some(b"trak") => matches!(kind, b"tkhd" | b"edts" | b"mdia" | b"tref" | b"tapt"),
            Some(b"mdia") => matches!(kind, b"mdhd" | b"hdlr" | b"minf" | b"elng"),
            Some(_) => true,
        };
        if !needed {
            Fate::Blank
        } else if kind == b"trak" && !matches!(handler(bytes, self.body, self.end), Some(b"vide" | b"soun")) {
            Fate::Track
        } else {
            Fate::Stays
        }
    }
}

/// What a track holds, in the word of its handler box.
fn handler(bytes: &[u8], from: usize, until: usize) -> Option<&[u8; 4]> {
    let media = child(bytes, (from, until), b"mdia")?;
    let (body, end) = child(bytes, media, b"hdlr")?;
    bytes.get(body + 8..end)?.first_chunk()
}

/// The first box of a kind between two places.
fn child(bytes: &[u8], (from, until): (usize, usize), kind: &[u8; 4]) -> Option<(usize, usize)> {
    let mut at = from;
    while at < until {
        let (found, body, end) = header(bytes, at, until)?;
        if found == *kind {
            return Some((body, end));
        }
        at = end;
    }
    None
}

/// Where the samples of a track are: its chunks, each with the sizes of the samples in it.
fn samples(bytes: &[u8], from: usize, until: usize) -> Option<Vec<(usize, usize)>> {
    let mut table = (from, until);
    for kind in [b"mdia", b"minf", b"stbl"] {
        table = child(bytes, table, kind)?;
    }
    let entries = |kind, width: usize, skip: usize| {
        let (body, end) = child(bytes, table, kind)?;
        let count = usize::try_from(number(bytes, body + skip)?).ok()?;
        let first = body + skip + 4;
        (first.checked_add(count.checked_mul(width)?)? <= end).then_some((first, count))
    };
    let (wide, (offsets, chunks)) = match entries(b"stco", 4, 4) {
        Some(found) => (false, found),
        None => (true, entries(b"co64", 8, 4)?),
    };
    let (runs, run_count) = entries(b"stsc", 12, 4)?;
    let (sizes, _) = child(bytes, table, b"stsz")?;
    let same = number(bytes, sizes + 4)?;
    let own = if same == 0 { Some(entries(b"stsz", 4, 8)?) } else { None };
    let (mut found, mut sample, mut run, mut total) = (Vec::new(), 0_usize, 0_usize, 0_u64);
    for chunk in 0..chunks {
        let from = if wide {
            let at = offsets + chunk * 8;
            u64::from(number(bytes, at)?) << 32 | u64::from(number(bytes, at + 4)?)
        } else {
            u64::from(number(bytes, offsets + chunk * 4)?)
        };
        // Runs say from which chunk on, counted from one, so many samples are in each.
        while run + 1 < run_count && usize::try_from(number(bytes, runs + (run + 1) * 12)?).ok()? <= chunk + 1
        {
            run += 1;
        }
        let many = usize::try_from(number(bytes, runs + run * 12 + 4)?).ok()?;
        let mut length = u64::from(same) * u64::try_from(many).ok()?;
        if let Some((first, count)) = own {
            for place in sample..sample.checked_add(many)?.min(count) {
                length += u64::from(number(bytes, first + place * 4)?);
            }
        }
        sample = sample.checked_add(many)?;
        // A table that names the same stretch again and again would keep us busy for hours.
        total += length;
        if total > bytes.len() as u64 {
            return None;
        }
        let from = usize::try_from(from).ok()?;
        let until = from.checked_add(usize::try_from(length).ok()?).filter(|until| *until <= bytes.len())?;
        found.push((from, until));
    }
    Some(found)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The kind, body and end of the box that starts here.
fn header(bytes: &[u8], at: usize, until: usize) -> Option<([u8; 4], usize, usize)> {
    let kind = *bytes.get(at.checked_add(4)?..)?.first_chunk()?;
    let (body, size) = match number(bytes, at)? {
        0 => (at + 8, until - at),
        1 => {
            let long = u64::from(number(bytes, at + 8)?) << 32 | u64::from(number(bytes, at + 12)?);
            (at + 16, usize::try_from(long).ok()?)
        }
        size => (at + 8, usize::try_from(size).ok()?),
    };
    let end = at.checked_add(size).filter(|end| *end >= body && *end <= until)?;
    Some((kind, body, end))
}

/// Tells `visit` of every box in a space, and of those inside tracks. `None` when boxes do not fill it exactly.
fn walk(bytes: &[u8], space: Space, visit: &mut impl FnMut(Found)) -> Option<()> {
    let mut at = space.from;
    while at < space.until {
        let (kind, body, end) = header(bytes, at, space.until)?;
        visit(Found { within: space.within, kind, start: at, body, end });
        if matches!(
            (space.within.as_ref(), &kind),
            (None, b"moov") | (Some(b"moov"), b"trak") | (Some(b"trak"), b"mdia")
        ) {
            walk(bytes, Space { from: body, until: end, within: Some(kind) }, visit)?;
        }
        at = end;
    }
    Some(())
}

/// The same sound without its ID3 labels, in front and at the end.
pub(super) fn scrub_mp3(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes;
    // Labels can stand one behind the other.
    while let [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] = rest {
        let size = [a, b, c, d].into_iter().fold(0_usize, |sum, &part| sum << 7 | usize::from(part & 0x7F));
        let footer = if flags & 0x10 == 0 { 0 } else { 10 };
        rest = rest.get(10 + size + footer..).unwrap_or_default();
    }
    if let Some(front) = rest.len().checked_sub(128)
        && rest.get(front..).is_some_and(|label| label.starts_with(b"TAG"))
    {
        rest = rest.get(..front).unwrap_or_default();
    }
    rest.to_vec()
}

/// The same sound with nothing but its format and its samples.
pub(super) fn scrub_wav(bytes: &[u8]) -> Vec<u8> {
    let mut clean = b"RIFF\0\0\0\0WAVE".to_vec();
    let mut at = 12;
    while let Some([a, b, c, d, e, f, g, h]) = bytes.get(at..at + 8).and_then(|h| <[u8; 8]>::try_from(h).ok())
    {
        let size = usize::try_from(u32::from_le_bytes([e, f, g, h])).unwrap_or(usize::MAX);
        // Chunks stand on even places; recorders that were cut off leave a size too large.
        let end = at.saturating_add(8).saturating_add(size).saturating_add(size % 2).min(bytes.len());
        if matches!(&[a, b, c, d], b"fmt " | b"fact" | b"data") {
            clean.extend_from_slice(bytes.get(at..end).unwrap_or_default());
        }
        at = end;
    }
    let size = u32::try_from(clean.len() - 8).unwrap_or(u32::MAX);
    if let Some(place) = clean.get_mut(4..8) {
        place.copy_from_slice(&size.to_le_bytes());
    }
    clean
}
