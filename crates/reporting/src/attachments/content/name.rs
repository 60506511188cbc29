//! Names of files: what people typed, made harmless.

use super::Kind;

/// The most characters of a name.
const MOST: usize = 120;

/// A name that cannot leave its folder, break a header, or read as something it is not. Its ending is the content's.
pub(in super::super) fn clean(name: &str, kind: Kind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut text = String::with_capacity(last.len());
    for c in last.chars() {
        match c {
            // Marks that turn the reading direction, or that nobody sees: "gpj.exe" behind one reads "exe.jpg".
            c if c.is_control() || is_mark(c) => {}
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' => text.push('_'),
            c if c.is_whitespace() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
    }
    let text = text.trim_matches(|c: char| c == '.' || c == ' ');
    let (stem, ending) = match text.rsplit_once('.') {
        Some((stem, ending)) if kind.has_ending(ending) => (stem, ending),
        // The ending of another type that is taken is replaced; any other belongs to the name.
        Some((stem, ending)) if Kind::ALL.iter().any(|k| k.has_ending(ending)) => {
            (stem, kind.endings().first().copied().unwrap_or("bin"))
        }
        _ => (text, kind.endings().first().copied().unwrap_or("bin")),
    };
    let stem: String = stem.chars().take(MOST - 1 - ending.len()).collect();
    let stem = stem.trim_matches(|c: char| c == '.' || c == ' ');
    let stem = if stem.is_empty() { kind.noun() } else { stem };
    // Names that Windows keeps for its devices.
    let device = matches!(
        stem.to_ascii_uppercase().as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "COM1" | "COM2" | "COM3" | "COM4" | "LPT1" | "LPT2" | "LPT3"
    );
    format!("{}{stem}.{}", if device { "_" } else { "" }, ending.to_ascii_lowercase())
}

/// A character without width or with the power to turn the line.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// What outsiders read: the sort of thing and its place among those they see.
pub(in super::super) fn neutral(kind: Kind, place: usize) -> String {
    format!("{}-{place}.{}", kind.noun(), kind.endings().first().copied().unwrap_or("bin"))
}
