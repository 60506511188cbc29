//! Contents of attachments: the same promises from a directory and from an object store.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use hmac::{Hmac, Mac};
use kernel::Error;
use sha2::{Digest, Sha256};
use store::files::{Files, Keys};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn keys() -> Keys {
    Keys { id: ID.into(), secret: SECRET.into(), token: None }
}

/// An object store that listens on loopback, checks every signature and can be told to fail.
#[derive(Clone)]
struct Server(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    objects: HashMap<String, Vec<u8>>,
    /// Statuses to answer next instead of carrying out what is asked.
    next: Vec<u16>,
    /// Method and path of every request.
    asked: Vec<String>,
}

impl Server {
    fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = Self(Arc::default());
        let own = server.clone();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let (own, address) = (own.clone(), stream.local_addr().unwrap().to_string());
                std::thread::spawn(move || own.serve(&stream, &address));
            }
        });
        (server, address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn serve(&self, stream: &TcpStream, address: &str) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let mut words = line.split_whitespace().map(str::to_owned);
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            let mut length = 0;
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).unwrap();
                let header = header.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let (status, answer) = self.answer(&method, &target, address, body);
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", answer.len());
            let mut stream = stream;
            if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer)).is_err() {
                return;
            }
        }
    }

    fn answer(&self, method: &str, target: &str, address: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut state = self.state();
        state.asked.push(format!("{method} {path}"));
        if !state.next.is_empty() {
            return (state.next.remove(0), Vec::new());
        }
        if !signed(method, path, query, address) {
            return (403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>".to_vec());
        }
        match method {
            "PUT" if path.starts_with("/evidence/") => {
                state.objects.insert(path.to_owned(), body);
                (200, Vec::new())
            }
            "GET" => match state.objects.get(path) {
                Some(bytes) => (200, bytes.clone()),
                None => (404, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
            },
            _ => (404, b"<Error><Code>NoSuchBucket</Code></Error>".to_vec()),
        }
    }
}

/// Signature version 4 of a presigned request, worked out here once more from its published description.
fn signed(method: &str, path: &str, query: &str, host: &str) -> bool {
    let (rest, signature) = query.split_once("&X-Amz-Signature=").unwrap_or((query, ""));
    let mut pairs: Vec<&str> = rest.split('&').collect();
    pairs.sort_unstable();
    let find = |name: &str| pairs.iter().find_map(|p| p.strip_prefix(name)).unwrap_or_default();
    let at = find("X-Amz-Date=");
    let credential = find("X-Amz-Credential=").replace("%2F", "/");
    let Some(scope) = credential.strip_prefix(&format!("{ID}/")) else { return false };
    let canonical = format!("{method}\n{path}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD", pairs.join("&"));
    let text = format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = mac(&key, part);
    }
    hex(&mac(&key, &text)) == signature
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn place(address: &str) -> String {
    format!("s3://evidence/north?endpoint=http://{address}&region=eu-central-1")
}

#[tokio::test]
async fn what_is_kept_comes_back_from_a_directory_and_from_an_object_store() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = Server::start();
    for files in [
        Files::open(folder.path().to_str().unwrap(), None).unwrap(),
        Files::open(&place(&address), Some(keys())).unwrap(),
    ] {
        let long: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
        for bytes in [Vec::new(), b"a photo".to_vec(), long] {
            let digest = files.put(bytes.clone()).await.unwrap();
            assert_eq!(digest.as_slice(), Sha256::digest(&bytes).as_slice());
            assert_eq!(files.put(bytes.clone()).await.unwrap(), digest, "again is the same");
            assert_eq!(files.get(&digest).await.unwrap(), bytes);
        }
        assert!(matches!(files.get(&[7; 32]).await, Err(Error::NotFound)));
        files.health().await.unwrap();
    }
}

#[tokio::test]
async fn damage_is_noticed_and_a_cut_off_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::local(folder.path());
    let digest = files.put(*b"a photo").await.unwrap();
    let path = folder.path().join(&hex(&digest)[..2]).join(hex(&digest));
    std::fs::write(&path, b"a phot0").unwrap();
    assert!(matches!(files.get(&digest).await, Err(Error::Unavailable(_))));
    std::fs::write(&path, b"a ph").unwrap();
    files.put(*b"a photo").await.unwrap();
    assert_eq!(files.get(&digest).await.unwrap(), b"a photo");

    let (server, address) = Server::start();
    let files = Files::open(&place(&address), Some(keys())).unwrap();
    let digest = files.put(*b"a photo").await.unwrap();
    let name = format!("/evidence/north/{}/{}", &hex(&digest)[..2], hex(&digest));
    server.state().objects.insert(name, b"a phot0".to_vec());
    assert!(matches!(files.get(&digest).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn an_object_store_that_stumbles_is_asked_again_and_one_that_refuses_is_not() {
    let (server, address) = Server::start();
    let files = Files::open(&place(&address), Some(keys())).unwrap();
    server.state().next = vec![503, 500];
    let digest = files.put(*b"a photo").await.unwrap();
    assert_eq!(server.state().asked.len(), 3);
    server.state().next = vec![503, 503, 503];
    assert!(matches!(files.get(&digest).await, Err(Error::Unavailable(_))));
    assert_eq!(files.get(&digest).await.unwrap(), b"a photo");

    server.state().asked.clear();
    server.state().next = vec![403];
    assert!(matches!(files.put(*b"another").await, Err(Error::Unavailable(_))));
    assert_eq!(server.state().asked.len(), 1);
}

#[tokio::test]
async fn a_wrong_key_or_bucket_is_no_missing_file() {
    let (_server, address) = Server::start();
    let wrong = Keys { secret: "guessed".into(), ..keys() };
    let files = Files::open(&place(&address), Some(wrong)).unwrap();
    assert!(matches!(files.put(*b"a photo").await, Err(Error::Unavailable(_))));
    let nowhere = place(&address).replace("evidence", "elsewhere");
    let files = Files::open(&nowhere, Some(keys())).unwrap();
    assert!(matches!(files.put(*b"a photo").await, Err(Error::Unavailable(_))));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap().to_string();
    drop(listener);
    let files = Files::open(&place(&closed), Some(keys())).unwrap();
    assert!(matches!(files.health().await, Err(Error::Unavailable(_))));
}

#[test]
fn a_place_that_cannot_be_used_is_refused_with_a_sentence() {
    for (place, keys, why) in [
        ("s3://evidence", None, "AWS_ACCESS_KEY_ID"),
        ("s3://?endpoint=http://127.0.0.1", Some(keys()), "bucket"),
        ("s3://me:secret@evidence", Some(keys()), "AWS_SECRET_ACCESS_KEY"),
        ("s3://evidence?endpoint=ftp://127.0.0.1", Some(keys()), "no address"),
        ("s3://evidence?endpoint=here", Some(keys()), "no address"),
        ("s3://evidence?style=odd", Some(keys()), "path or host"),
        ("s3://evidence?colour=red", Some(keys()), "colour"),
    ] {
        match Files::open(place, keys) {
            Err(Error::BadRequest(text)) => assert!(text.contains(why), "{place}: {text}"),
            other => panic!("{place}: {other:?}"),
        }
    }
    let shown = format!("{:?}", Files::open("s3://evidence", Some(keys())).unwrap());
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(!format!("{:?}", keys()).contains(SECRET));
}
