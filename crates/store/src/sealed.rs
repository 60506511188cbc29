//! Words that only this installation can have written: links in messages that act without a sign-in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::Store;

const TAG: usize = 16;

fn tag(secret: &[u8; 32], purpose: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(b"sealed|");
    mac.update(purpose.as_bytes());
    mac.update(b"|");
    mac.update(body);
    Some(mac.finalize().into_bytes().into_iter().take(TAG).collect())
}

impl Store {
    /// Seals some bytes for one purpose, as a word for URLs. It can be read by anybody and made by nobody else.
    #[must_use]
    pub fn seal(&self, purpose: &str, body: &[u8]) -> String {
        let mut sealed = body.to_vec();
        sealed.extend(tag(self.secret(), purpose, body).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Reads what [`Store::seal`] made for this purpose; `None` for anything else.
    #[must_use]
    pub fn unseal(&self, purpose: &str, word: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(word).ok()?;
        let (body, seal) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
        let genuine = tag(self.secret(), purpose, body)?;
        // Constant time: the comparison must not tell how much of a guess was right.
        let same =
            genuine.len() == seal.len() && genuine.iter().zip(seal).fold(0, |d, (a, b)| d | (a ^ b)) == 0;
        same.then(|| body.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, Store};

    #[test]
    fn only_what_was_sealed_for_this_purpose_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::sqlite(folder.path().join("a.db"))).unwrap();
        let word = store.seal("stop", b"all of it");
        assert_eq!(store.unseal("stop", &word).as_deref(), Some(&b"all of it"[..]));
        assert_eq!(store.unseal("start", &word), None);
        let mut bent = word.clone().into_bytes();
        bent[0] = if bent[0] == b'A' { b'B' } else { b'A' };
        assert_eq!(store.unseal("stop", &String::from_utf8(bent).unwrap()), None);
        for other in ["", "AAAA", "not base64 at all!", &word[..word.len() - 2]] {
            assert_eq!(store.unseal("stop", other), None, "{other}");
        }
    }
}
