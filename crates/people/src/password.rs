//! Passwords: which ones are good enough, and how they are kept.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP's recommendation). Hashing runs beside the requests, a few
//! at a time, so that a flood of sign-ins costs memory for a few and not for all. Text is brought to one Unicode form
//! first: the same word typed on two systems is the same password.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, Result};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// The fewest characters of a password.
pub(crate) const LEAST: usize = 10;
/// The most characters of a password.
pub(crate) const MOST: usize = 256;

/// What the form says of the rule.
pub(crate) const HINT: &str = "At least 10 characters; three or four words that have nothing to do with each other are good. Paste one from a password manager if you like.";

/// At most so many hashes at once; each takes 19 MiB.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Compared with where there is no password, so that an unknown address takes as long as a wrong password.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_password("nobody signs in with this").ok());

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn one_form(password: &str) -> String {
    password.nfkc().collect()
}

/// The hash that is stored for a password, as a PHC string. Takes some 20 to 50 milliseconds of a processor.
///
/// # Errors
/// An internal error if the hash cannot be computed.
pub fn hash_password(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(Error::internal)?;
    let hash = hasher()?.hash_password(one_form(password).as_bytes(), &salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// As [`hash_password`], beside the requests.
pub(crate) async fn hash(password: String) -> Result<String> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || hash_password(&password)).await.map_err(Error::internal)?
}

/// Is this the password behind the hash? Without a hash the same work is done and the answer is no.
pub(crate) async fn verify(password: String, stored: Option<String>) -> Result<bool> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || {
        let nobody = LazyLock::force(&NOBODY).clone();
        let known = stored.is_some();
        let Some(text) = stored.or(nobody) else { return Err(Error::internal("no hash to compare with")) };
        let parsed = PasswordHash::new(&text).map_err(Error::internal)?;
        // Longer than any password that could have been set: no need to read all of it.
        let typed: String = one_form(&password).chars().take(MOST * 4).collect();
        let same = hasher()?.verify_password(typed.as_bytes(), &parsed).is_ok();
        Ok(known && same)
    })
    .await
    .map_err(Error::internal)?
}

/// Is it good enough to be set? `around` are words an attacker would try first: the address, the person's name, the
/// organization's. There are no rules about kinds of characters (ASVS 5: 6.2).
pub(crate) fn good_enough(password: &str, around: &[&str]) -> Result<(), String> {
    let text = one_form(password);
    let length = text.chars().count();
    if length < LEAST {
        return Err(format!("use at least {LEAST} characters; this has {length}"));
    }
    if length > MOST {
        return Err(format!("use at most {MOST} characters; this has {length}"));
    }
    let folded = store::fold(&text);
    let letters: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let mut different: Vec<char> = letters.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 5 || in_order(&letters) || common(&letters) {
        return Err("this is one of the first passwords that anybody would try; choose another".into());
    }
    for word in around.iter().flat_map(|words| told_apart(words)) {
        // What is left when the word is taken out has to be long enough by itself.
        if letters.contains(&word) && letters.replace(&word, "").chars().count() < LEAST {
            return Err("leave out your address and the organization's name; they are tried first".into());
        }
    }
    Ok(())
}

/// The words of an address or a name that are long enough to matter.
fn told_apart(words: &str) -> Vec<String> {
    store::fold(words)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4)
        .map(str::to_owned)
        .collect()
}

/// Does it run along the alphabet, the digits or a row of keys?
fn in_order(text: &str) -> bool {
    const ROWS: [&str; 9] = [
        "12345678901234567890",
        "09876543210987654321",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",
        "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "q1w2e3r4t5y6u7i8o9p0",
        "1q2w3e4r5t6y7u8i9o0p",
        "qazwsxedcrfvtgbyhnujm",
    ];
    ROWS.iter().any(|row| row.contains(text))
}

/// One of the passwords that leaks and lists begin with, perhaps with the usual digits and marks at its end.
fn common(text: &str) -> bool {
    static LIST: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        include_str!("common_passwords.txt").lines().map(str::trim).filter(|l| !l.is_empty()).collect()
    });
    let undo = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                '0' => 'o',
                '1' | '!' => 'i',
                '3' => 'e',
                '4' | '@' => 'a',
                '5' | '$' => 's',
                '7' => 't',
                other => other,
            })
            .collect()
    };
    let bare = text.trim_end_matches(|c: char| !c.is_alphabetic());
    let candidates = [text.to_owned(), bare.to_owned(), undo(text), undo(bare)];
    LIST.iter().any(|listed| {
        candidates.iter().any(|c| {
            c == listed
                // "passwordpassword", "password12password12"
                || (c.len() > listed.len() && !listed.is_empty() && c.replace(listed, "").chars().count() < 4)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaa",
            "1234567890",
            "Password123!",
            "P@ssw0rd2024",
            "passwordpassword",
            "qwertyuiop",
            "1q2w3e4r5t6y",
            "Welcome2026!",
            "letmein12345",
            "iloveyou1234",
        ] {
            assert!(good_enough(bad, &[]).is_err(), "{bad}");
        }
        for good in ["copper kettle on ice", "vT8#kq02Lm!x", "Regenschirm-über-Köln", "пароль-из-трёх-слов"]
        {
            assert!(good_enough(good, &[]).is_ok(), "{good}");
        }
        assert!(good_enough(&"castle moat ".repeat(20), &[]).is_ok(), "long ones are taken");
        assert!(good_enough(&"castle moat ".repeat(22), &[]).is_err(), "but not without end");
    }

    #[test]
    fn the_address_and_the_organization_do_not_make_a_password() {
        let around = ["ada.lovelace@example.com", "Northwatch Security"];
        assert!(good_enough("lovelace2026!", &around).is_err());
        assert!(good_enough("Northwatch#1", &around).is_err());
        assert!(good_enough("Northwatch copper kettle", &around).is_ok());
    }

    #[test]
    fn a_hash_knows_its_password_in_any_unicode_form() {
        let hash = hash_password("caf\u{e9} am Rhein").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let parsed = PasswordHash::new(&hash).unwrap();
        let same = one_form("cafe\u{301} am Rhein");
        assert!(hasher().unwrap().verify_password(same.as_bytes(), &parsed).is_ok());
        assert!(hasher().unwrap().verify_password(b"cafe am Rhein", &parsed).is_err());
    }
}
