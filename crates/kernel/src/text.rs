//! Text that was read once and cannot be wrong afterwards.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

/// Declares a closed set of words: an enum with a stable number (database) and a stable word (JSON, URLs,
/// forms). `ALL`, `word`, `number`, `FromStr` and `TryFrom<i64>` come with it.
#[macro_export]
macro_rules! closed {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: i64 {
            $( $(#[$vmeta:meta])* $variant:ident = $number:literal => $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $( $(#[$vmeta])* #[serde(rename = $word)] $variant = $number, )+
        }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The stable word used in JSON, URLs and forms.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The stable number used in tables.
            #[must_use]
            pub const fn number(self) -> i64 {
                self as i64
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err(format!("choose one of: {}", [$( $word, )+].join(", "))),
                }
            }
        }

        impl TryFrom<i64> for $name {
            type Error = String;

            fn try_from(number: i64) -> Result<Self, String> {
                match number {
                    $( $number => Ok(Self::$variant), )+
                    _ => Err(format!("{} has no number {number}", stringify!($name))),
                }
            }
        }
    };
}
pub use closed;

/// Text without what no person types: control characters (line breaks and tabs are kept where `lines`).
fn clean(text: &str, lines: bool) -> Result<String, String> {
    let text = text.replace("\r\n", "\n");
    let trimmed = text.trim();
    if trimmed.chars().any(|c| c.is_control() && !(lines && (c == '\n' || c == '\t'))) {
        return Err("remove the control characters".into());
    }
    Ok(trimmed.to_owned())
}

/// A line of text: trimmed, 1 to `MOST` characters, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Line<const MOST: usize>(String);

impl<const MOST: usize> Line<MOST> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An empty box means "none".
    ///
    /// # Errors
    /// As parsing.
    pub fn optional(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() { Ok(None) } else { text.parse().map(Some) }
    }
}

impl<const MOST: usize> FromStr for Line<MOST> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = clean(text, false)?;
        match text.chars().count() {
            0 => Err("fill this in".into()),
            n if n > MOST => Err(format!("use at most {MOST} characters; this has {n}")),
            _ => Ok(Self(text)),
        }
    }
}

impl<const MOST: usize> fmt::Display for Line<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name of a person, a site, a company: up to 200 characters.
pub type Name = Line<200>;

/// Several lines of text: may be empty, at most `MOST` characters; line breaks are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Prose<const MOST: usize>(String);

impl<const MOST: usize> Prose<MOST> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing written?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MOST: usize> FromStr for Prose<MOST> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = clean(text, true)?;
        match text.chars().count() {
            n if n > MOST => Err(format!("use at most {MOST} characters; this has {n}")),
            _ => Ok(Self(text)),
        }
    }
}

/// An e-mail address, as people type them: one `@`, a domain with a dot (or localhost), no spaces. Compared and
/// stored in lower case; the display form keeps what was typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write an e-mail address, such as name@example.com".to_owned();
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err("fill this in".into());
        }
        if text.len() > 254
            || text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"\\()[]".contains(c))
        {
            return Err(wrong());
        }
        let (local, domain) = text.split_once('@').ok_or_else(wrong)?;
        let good_local = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let good_domain = domain.len() >= 3
            && !domain.contains('@')
            && domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            })
            && domain.rsplit('.').next().is_some_and(|top| !top.chars().all(|c| c.is_ascii_digit()));
        if good_local && good_domain { Ok(Self(text)) } else { Err(wrong()) }
    }
}

/// Upper-case letters and digits that cannot be mistaken for each other; for references people read aloud.
#[must_use]
pub fn spoken_reference(length: usize) -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..length)
        .map(|_| {
            let pick = usize::from(rand::random::<u16>()) % LETTERS.len();
            LETTERS.get(pick).copied().map_or('2', char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_counted_and_clean() {
        assert_eq!("  Dock 4 ".parse::<Line<6>>().unwrap().as_str(), "Dock 4");
        assert!("Dock 41".parse::<Line<6>>().is_err());
        assert!("   ".parse::<Name>().is_err());
        assert!("a\u{0}b".parse::<Name>().is_err());
        assert_eq!("one\r\ntwo".parse::<Prose<10>>().unwrap().as_str(), "one\ntwo");
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        assert_eq!(" Ana.B+x@Example.ORG ".parse::<EmailAddress>().unwrap().as_str(), "ana.b+x@example.org");
        for wrong in [
            "",
            "ana",
            "ana@",
            "@b.c",
            "a@b",
            "a b@c.de",
            "a@b..c",
            "a@@b.cd",
            "a@-b.cd",
            ".a@b.cd",
            "a@1.2.3.4",
        ] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong}");
        }
    }
}
