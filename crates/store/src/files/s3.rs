//! An S3-compatible object store. Signing is `rusty-s3`'s; requests are sent by `ureq` on the thread that blocks.

use std::time::Duration;

use kernel::{Error, Result};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use url::Url;

/// How long a signed request may be under way.
const SIGNED_FOR: Duration = Duration::from_secs(300);
/// How long one try may take, from connecting to the last byte.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a request that failed for no fault of ours is tried in all.
const TRIES: u32 = 3;

/// What an object store knows us by. Kept out of the URL, which is logged.
#[derive(Clone)]
pub struct Keys {
    /// The access key.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// The token of keys that were lent for a while.
    pub token: Option<String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({}, …)", self.id)
    }
}

impl Keys {
    /// The keys in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, if they are set.
    #[must_use]
    pub fn from_env() -> Option<Self> {
        let read = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        Some(Self {
            id: read("AWS_ACCESS_KEY_ID")?,
            secret: read("AWS_SECRET_ACCESS_KEY")?,
            token: read("AWS_SESSION_TOKEN"),
        })
    }
}

/// A bucket, and the way to it.
pub(super) struct S3 {
    bucket: Bucket,
    prefix: String,
    credentials: Credentials,
    agent: ureq::Agent,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3({})", self.bucket.base_url())
    }
}

impl S3 {
    pub(super) fn open(place: &str, keys: Option<Keys>) -> Result<Self> {
        let wrong = |what: &str| Error::BadRequest(format!("the place for files cannot be used: {what}"));
        let url = Url::parse(place).map_err(|_e| wrong("write s3://bucket?endpoint=https://…&region=…"))?;
        let name = url.host_str().ok_or_else(|| wrong("name the bucket after s3://"))?.to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
        }
        let prefix = url.path().trim_matches('/').to_owned();
        let (mut endpoint, mut region, mut style) = (None, "us-east-1".to_owned(), None);
        for (key, value) in url.query_pairs() {
            match &*key {
                "endpoint" => endpoint = Some(value.into_owned()),
                "region" => region = value.into_owned(),
                "style" if value == "path" => style = Some(UrlStyle::Path),
                "style" if value == "host" => style = Some(UrlStyle::VirtualHost),
                "style" => return Err(wrong("style is path or host")),
                other => return Err(wrong(&format!("it knows no {other}"))),
            }
        }
        let style = style.unwrap_or(match endpoint {
            Some(_) => UrlStyle::Path,
            None => UrlStyle::VirtualHost,
        });
        let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let endpoint = Url::parse(&endpoint).map_err(|_e| wrong("the endpoint is no address"))?;
        let bucket = Bucket::new(endpoint, style, name, region)
            .map_err(|_e| wrong("bucket and endpoint make no address"))?;
        let keys = keys.ok_or_else(|| wrong("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"))?;
        let credentials = match keys.token {
            Some(token) => Credentials::new_with_token(keys.id, keys.secret, token),
            None => Credentials::new(keys.id, keys.secret),
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(PATIENCE))
            .user_agent("bailiwick")
            .build()
            .new_agent();
        Ok(Self { bucket, prefix, credentials, agent })
    }

    fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let key = self.key(name);
        self.ask(|| {
            let url = self.bucket.put_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
            let response = self
                .agent
                .put(url.as_str())
                .header("content-type", "application/octet-stream")
                .send(bytes)?;
            Ok(answer(response.status().as_u16(), ()))
        })
        .map_err(|error| match error {
            Error::NotFound => Error::Unavailable("the object store has no such bucket".into()),
            other => other,
        })
    }

    pub(super) fn get(&self, name: &str, most: u64) -> Result<Vec<u8>> {
        let key = self.key(name);
        self.ask(|| {
            let url = self.bucket.get_object(Some(&self.credentials), &key).sign(SIGNED_FOR);
            let mut response = self.agent.get(url.as_str()).call()?;
            let status = response.status().as_u16();
            let body = response.body_mut().with_config().limit(most).read_to_vec()?;
            Ok(answer(status, body))
        })
    }

    /// Asks until there is an answer that another try would not change. Every request can be sent again: a name
    /// stands for one content.
    fn ask<T>(&self, send: impl Fn() -> std::result::Result<Answer<T>, ureq::Error>) -> Result<T> {
        let mut told = String::new();
        for turn in 0..TRIES {
            if turn > 0 {
                std::thread::sleep(Duration::from_millis(100) * 4_u32.pow(turn - 1));
            }
            match send() {
                Ok(Answer::Good(value)) => return Ok(value),
                Ok(Answer::Missing) => return Err(Error::NotFound),
                Ok(Answer::Refused(status)) => {
                    return Err(Error::Unavailable(format!("the object store refuses with {status}")));
                }
                Ok(Answer::Later(status)) => told = format!("it answers {status}"),
                Err(error) => told = error.to_string(),
            }
        }
        Err(Error::Unavailable(format!("the object store {} fails: {told}", self.bucket.base_url())))
    }
}

/// What an answer means for us.
enum Answer<T> {
    Good(T),
    Missing,
    /// Another try will not help.
    Refused(u16),
    /// Another try may.
    Later(u16),
}

fn answer<T>(status: u16, value: T) -> Answer<T> {
    match status {
        200..=299 => Answer::Good(value),
        404 => Answer::Missing,
        408 | 429 | 500..=599 => Answer::Later(status),
        _ => Answer::Refused(status),
    }
}
