//! Packages: Office documents are taken, other archives are not. Only the directory at the end is read; nothing is
//! unpacked, so nothing can blow up.

use super::Kind;

/// Said of an archive.
pub(super) const UNPACK: &str = "this is an archive; send the files in it one by one";
const DAMAGED: &str = "the document is damaged and cannot be read";

/// A Word or Excel document without macros.
///
/// # Errors
/// A sentence: another archive, macros, damage.
pub(super) fn office(bytes: &[u8]) -> Result<Kind, String> {
    let names = names(bytes).ok_or(DAMAGED)?;
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted.as_bytes()));
    let kind = match () {
        () if !has("[Content_Types].xml") => return Err(UNPACK.into()),
        () if has("word/document.xml") => Kind::Docx,
        () if has("xl/workbook.xml") => Kind::Xlsx,
        () => return Err("of Office documents only .docx and .xlsx are taken; save it as PDF".into()),
    };
    let macros = names.iter().any(|name| {
        let name = name.to_ascii_lowercase();
        name.ends_with(b"vbaproject.bin")
            || name.windows(11).any(|part| part == b"/embeddings")
            || name.windows(8).any(|part| part == b"/activex")
    });
    if macros {
        return Err("the document holds macros or other files; save it without them, or as PDF".into());
    }
    Ok(kind)
}

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";

/// The names in the central directory. `None` when it is not where and what it must be: the directory has to end
/// right at the end record, and that right at the end of the file, so that nothing hides behind.
fn names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let end = bytes.len().checked_sub(22)?;
    let record = bytes.get(end..)?;
    if !record.starts_with(END) || short(record, 20)? != 0 {
        return None;
    }
    let count = short(record, 10)?;
    let (size, start) = (long(record, 12)?, long(record, 16)?);
    if start.checked_add(size)? != end {
        return None;
    }
    let mut names = Vec::new();
    let mut at = start;
    for _ in 0..count {
        let entry = bytes.get(at..end)?;
        if !entry.starts_with(ENTRY) {
            return None;
        }
        let length = short(entry, 28)?;
        names.push(entry.get(46..46 + length)?);
        at += 46 + length + short(entry, 30)? + short(entry, 32)?;
    }
    (at == end).then_some(names)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let raw: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(raw)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let raw: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(raw)).ok()
}
