//! The two things we read out of a picture's metadata before it is dropped: when it was taken, and which way is up
//! (the latter through `image`). Hostile input is expected: every read is checked, nothing is followed twice.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use kernel::Timestamp;

/// When the camera says a picture was taken: its local time, and its offset if it knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Taken {
    pub(super) local: DateTime,
    pub(super) offset: Option<Offset>,
}

impl Taken {
    /// The instant; a camera that knew no offset is taken to have shown the zone's time.
    pub(in super::super) fn at(self, zone: &TimeZone) -> Option<Timestamp> {
        match self.offset {
            Some(offset) => offset.to_timestamp(self.local).ok(),
            None => self.local.to_zoned(zone.clone()).ok().map(|at| at.timestamp()),
        }
    }
}

const DATE_TIME: u16 = 0x0132;
const DETAILS: u16 = 0x8769;
const TAKEN_AT: u16 = 0x9003;
const TAKEN_OFFSET: u16 = 0x9011;

/// Reads when a picture was taken from its EXIF block (a TIFF file in small).
pub(super) fn taken(block: &[u8]) -> Option<Taken> {
    let tiff = Tiff::open(block.strip_prefix(b"Exif\0\0").unwrap_or(block))?;
    let first = tiff.long(4)?;
    let details = tiff.entry(first, DETAILS).and_then(|at| tiff.long(at.checked_add(8)?));
    let text = |directory: Option<u32>, tag| tiff.text(tiff.entry(directory?, tag)?);
    let local = text(details, TAKEN_AT).or_else(|| text(Some(first), DATE_TIME))?;
    let local = DateTime::strptime("%Y:%m:%d %H:%M:%S", local.trim()).ok()?;
    let offset = text(details, TAKEN_OFFSET).and_then(|text| offset(text.trim()));
    Some(Taken { local, offset })
}

/// `+02:00`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let within = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    within.then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

struct Tiff<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let big = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Self { bytes, big })
    }

    fn short(&self, at: u32) -> Option<u16> {
        let at = usize::try_from(at).ok()?;
        let raw: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big { u16::from_be_bytes(raw) } else { u16::from_le_bytes(raw) })
    }

    fn long(&self, at: u32) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        let raw: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) })
    }

    /// Where a tag's twelve bytes begin.
    fn entry(&self, directory: u32, tag: u16) -> Option<u32> {
        let count = u32::from(self.short(directory)?);
        let first = directory.checked_add(2)?;
        (0..count).filter_map(|n| first.checked_add(n * 12)).find(|&at| self.short(at) == Some(tag))
    }

    fn text(&self, entry: u32) -> Option<&'a str> {
        const ASCII: u16 = 2;
        if self.short(entry.checked_add(2)?)? != ASCII {
            return None;
        }
        let length = usize::try_from(self.long(entry.checked_add(4)?)?).ok()?;
        let value = entry.checked_add(8)?;
        // Up to four bytes stand in the entry itself.
        let at = usize::try_from(if length <= 4 { value } else { self.long(value)? }).ok()?;
        let raw = self.bytes.get(at..at.checked_add(length)?)?;
        std::str::from_utf8(raw.split(|&b| b == 0).next()?).ok()
    }
}
