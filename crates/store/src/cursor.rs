//! Cursors: where a page ended, sealed so that it serves only the person, the plan and the question it was made
//! for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use kernel::{Error, Result};
use sha2::Sha256;
use uuid::Uuid;

use crate::Value;

/// The last row of a page: its place in the order, and its id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) sort: Value,
    pub(crate) id: Uuid,
}

const TAG: usize = 16;

fn tag(secret: &[u8; 32], binding: &str, body: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so making one cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return Vec::new() };
    mac.update(b"cursor|");
    mac.update(binding.as_bytes());
    mac.update(b"|");
    mac.update(body);
    mac.finalize().into_bytes().into_iter().take(TAG).collect()
}

/// Writes a position as an opaque word.
pub(crate) fn seal(secret: &[u8; 32], binding: &str, position: &Position) -> String {
    let mut body = position.id.as_bytes().to_vec();
    match &position.sort {
        Value::Int(n) => {
            body.push(b'n');
            body.extend(n.to_be_bytes());
        }
        Value::Text(text) => {
            body.push(b't');
            body.extend(text.as_bytes());
        }
        _ => body.push(b'0'),
    }
    body.extend(tag(secret, binding, &body));
    URL_SAFE_NO_PAD.encode(body)
}

/// Reads it back.
pub(crate) fn open(secret: &[u8; 32], binding: &str, text: &str) -> Result<Position> {
    let wrong = || {
        Error::BadRequest("this page link does not fit this list any more; start from the first page".into())
    };
    let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_undecodable| wrong())?;
    let (body, seal) = sealed.split_at_checked(sealed.len().saturating_sub(TAG)).ok_or_else(wrong)?;
    let genuine = tag(secret, binding, body);
    // Constant time: the comparison must not tell how much of a guess was right.
    if genuine.len() != seal.len() || genuine.iter().zip(seal).fold(0, |d, (a, b)| d | (a ^ b)) != 0 {
        return Err(wrong());
    }
    let (id, rest) = body.split_at_checked(16).ok_or_else(wrong)?;
    let id = Uuid::from_slice(id).map_err(|_short| wrong())?;
    let (kind, value) = rest.split_first().ok_or_else(wrong)?;
    let sort = match kind {
        b'n' => Value::Int(i64::from_be_bytes(value.try_into().map_err(|_short| wrong())?)),
        b't' => Value::Text(String::from_utf8(value.to_vec()).map_err(|_bytes| wrong())?),
        _ => return Err(wrong()),
    };
    Ok(Position { sort, id })
}
