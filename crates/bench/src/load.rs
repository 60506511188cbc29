//! A load generator: so many connections, each asking again as soon as it was answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `127.0.0.1:8080`.
    pub address: String,
    /// The method.
    pub method: &'static str,
    /// Paths, taken in turn; different people's questions. `{blanks}` becomes a run of blanks not used before,
    /// `{number}` a number not used before.
    pub asks: Vec<(String, Vec<(String, String)>)>,
    /// The body.
    pub body: String,
}

impl Ask {
    /// A read.
    pub fn get(address: &str, asks: Vec<(String, Vec<(String, String)>)>) -> Self {
        Self { address: address.to_owned(), method: "GET", asks, body: String::new() }
    }
}

/// The path with its marks filled in. Blanks are written `+` or `%20`, a bit of the number each.
fn filled(path: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    if !path.contains('{') {
        return path.to_owned();
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let blanks: String = (0..24).map(|bit| if number >> bit & 1 == 1 { "%20" } else { "+" }).collect();
    path.replace("{blanks}", &blanks).replace("{number}", &number.to_string())
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Requests answered as expected.
    pub answered: u64,
    /// Others.
    pub failed: u64,
    /// What the first of the others was told.
    pub refusal: Option<String>,
    /// Bytes of one answer.
    pub bytes: usize,
    /// How long each took, sorted, in microseconds.
    pub latencies: Vec<u64>,
    /// How long it went on.
    pub took: Duration,
}

impl Outcome {
    /// A percentile in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = self.latencies.len() * percent / 100;
        self.latencies
            .get(at.min(self.latencies.len().saturating_sub(1)))
            .map_or(0.0, |us| *us as f64 / 1000.0)
    }
}

/// Runs the load for a while. `expect` is the status that counts.
pub async fn run(ask: &Ask, connections: usize, length: Duration, expect: u16) -> Outcome {
    let started = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|worker| {
            let ask = ask.clone();
            tokio::spawn(async move { one(&ask, worker, started + length, expect).await })
        })
        .collect();
    let mut all = Outcome::default();
    for worker in workers {
        let Ok(part) = worker.await else { continue };
        all.answered += part.answered;
        all.failed += part.failed;
        all.refusal = all.refusal.or(part.refusal);
        all.bytes = all.bytes.max(part.bytes);
        all.latencies.extend(part.latencies);
    }
    all.latencies.sort_unstable();
    all.took = started.elapsed();
    all
}

async fn one(ask: &Ask, worker: usize, until: Instant, expect: u16) -> Outcome {
    let mut outcome = Outcome::default();
    let mut turn = worker;
    'connect: while Instant::now() < until {
        let Ok(stream) = TcpStream::connect(&ask.address).await else {
            outcome.failed += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else { continue };
        tokio::spawn(connection);
        while Instant::now() < until {
            let Some((path, headers)) = ask.asks.get(turn % ask.asks.len().max(1)) else { return outcome };
            turn += 1;
            let mut request =
                Request::builder().method(ask.method).uri(filled(path)).header("host", &ask.address);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let Ok(request) = request.body(Full::new(Bytes::from(ask.body.clone()))) else { return outcome };
            let asked = Instant::now();
            let Ok(answer) = sender.send_request(request).await else {
                outcome.failed += 1;
                continue 'connect;
            };
            let status = answer.status().as_u16();
            let Ok(body) = answer.into_body().collect().await else {
                outcome.failed += 1;
                continue 'connect;
            };
            let body = body.to_bytes();
            outcome.bytes = outcome.bytes.max(body.len());
            outcome.latencies.push(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX));
            if status == expect {
                outcome.answered += 1;
            } else {
                outcome.failed += 1;
                outcome.refusal.get_or_insert_with(|| {
                    let said: String = String::from_utf8_lossy(&body).chars().take(400).collect();
                    format!("{status} {said}")
                });
            }
        }
    }
    outcome
}
