//! Mail leaves through a real SMTP conversation: the program as client, a small server here as receiver.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use base64::Engine as _;

use crate::support::{Home, homes};

/// A message as it was handed over.
#[derive(Debug)]
struct Received {
    sign_in: String,
    from: String,
    to: Vec<String>,
    data: String,
}

/// A server that takes what RFC 5321 and AUTH PLAIN (RFC 4954) let a client say. The first `refusals` messages are
/// put off with 451, as greylisting servers do.
fn receiver(refusals: usize) -> (String, Receiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, received) = channel();
    let left = Arc::new(AtomicUsize::new(refusals));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (sender, left) = (sender.clone(), left.clone());
            std::thread::spawn(move || talk(stream, &sender, &left));
        }
    });
    (address, received)
}

fn talk(stream: TcpStream, sender: &Sender<Received>, refusals: &AtomicUsize) -> Option<()> {
    let mut say = stream.try_clone().ok()?;
    let mut answer = move |line: &str| say.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).lines();
    answer("220 mail.test ready").ok()?;
    let (mut sign_in, mut from, mut to) = (String::new(), String::new(), Vec::new());
    while let Some(Ok(line)) = lines.next() {
        let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => {
                answer("250-mail.test").ok()?;
                answer("250-8BITMIME").ok()?;
                answer("250 AUTH PLAIN").ok()?;
            }
            "AUTH" => {
                let code = line.rsplit(' ').next().unwrap_or_default();
                let bytes = base64::engine::general_purpose::STANDARD.decode(code).unwrap_or_default();
                sign_in = String::from_utf8_lossy(&bytes).replace('\0', "|");
                answer(if sign_in == "|mailer|s3cret" { "235 welcome" } else { "535 who are you" }).ok()?;
            }
            "MAIL" => {
                (from, to) = (line, Vec::new());
                if refusals
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    .is_ok()
                {
                    answer("451 come back later").ok()?;
                } else {
                    answer("250 fine").ok()?;
                }
            }
            "RCPT" => {
                to.push(line);
                answer("250 fine").ok()?;
            }
            "DATA" => {
                answer("354 go on").ok()?;
                let body: Vec<String> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let message = Received {
                    sign_in: sign_in.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    data: body.join("\n"),
                };
                answer("250 taken").ok()?;
                sender.send(message).ok()?;
            }
            "QUIT" => {
                answer("221 bye").ok()?;
                break;
            }
            "RSET" | "NOOP" => answer("250 fine").ok()?,
            _ => answer("500 what").ok()?,
        }
    }
    Some(())
}

fn organization(home: &Home) {
    let made = home.run(&[
        "organization",
        "create",
        "--name",
        "Northwatch",
        "--zone",
        "America/New_York",
        "--features",
        "guarding",
        "--administrator-name",
        "Ada Admin",
        "--administrator-email",
        "ada@example.com",
    ]);
    made.good();
}

#[test]
fn mail_leaves_through_smtp_and_is_tried_again() {
    for home in homes() {
        organization(&home);
        let (address, received) = receiver(1);
        let smtp = format!("smtp://mailer:s3cret@{address}");
        let server =
            home.start(&["serve", "--smtp-url", &smtp, "--mail-from", "Northwatch <no-reply@example.com>"]);
        server.post("/forgot", "email=ada%40example.com");
        // The server says 451 first. The message is not lost, and the outbox knows why it waits.
        let begun = Instant::now();
        let (attempts, error) = loop {
            let rows: Vec<(i64, Option<String>)> =
                home.rows("select attempts, error from mails where state = 0");
            match rows.as_slice() {
                [(attempts, Some(error))] => break (*attempts, error.clone()),
                _ => assert!(begun.elapsed() < Duration::from_secs(30), "the refusal is noted: {rows:?}"),
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        assert_eq!(attempts, 1);
        assert!(error.contains("come back later"), "{error}");
        home.tamper("update mails set next_at = 0");
        let mail = received.recv_timeout(Duration::from_secs(30)).expect("the message arrives");
        assert_eq!(mail.sign_in, "|mailer|s3cret");
        assert!(mail.from.contains("<no-reply@example.com>") && mail.to.len() == 1, "{mail:?}");
        assert!(mail.to[0].contains("<ada@example.com>"), "{mail:?}");
        for part in [
            "To: ada@example.com",
            "Subject: Set a new password",
            "multipart/alternative",
            "Message-ID:",
            "/reset/",
        ] {
            assert!(mail.data.contains(part), "{part} is not in {}", mail.data);
        }
        let begun = Instant::now();
        while home.count("select count(*) from mails where state = 1 and error is null") == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "the outbox knows that it left");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(received.try_recv().is_err(), "it was sent once");
        let (code, log) = server.stop();
        assert_eq!(code, Some(0), "{log}");
        assert!(!log.contains("s3cret") && !log.contains("ada@example.com"), "{log}");
    }
}
