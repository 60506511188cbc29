//! A home for the program, and ways to run it there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take before a test gives up. Never what is measured.
const PATIENCE: Duration = Duration::from_secs(120);

/// A data directory with a database of its own.
pub(crate) struct Home {
    folder: TempDir,
    database: Option<String>,
}

/// An empty home on each engine that this machine has.
pub(crate) fn homes() -> Vec<Home> {
    let mut all = vec![home()];
    all.extend(empty_postgres().map(|url| Home { folder: folder(), database: Some(url) }));
    all
}

/// An empty home on SQLite.
pub(crate) fn home() -> Home {
    Home { folder: folder(), database: None }
}

fn folder() -> TempDir {
    TempDir::with_prefix("bw-home-").unwrap()
}

/// An empty PostgreSQL database, where there is a server.
pub(crate) fn empty_postgres() -> Option<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(testkit::postgres::fresh_database("empty", |_url| async { Ok::<(), String>(()) }))
        .unwrap()
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Insists on success.
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    /// Insists on a failure that says this.
    pub(crate) fn refused(self, word: &str) -> Self {
        assert_ne!(self.code, Some(0), "{}\n{}", self.out, self.err);
        assert!(self.err.contains(word), "{word:?} is not in: {}\n{}", self.err, self.out);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

impl Home {
    /// A home with the same files on another, empty database of the same engine.
    pub(crate) fn like(&self) -> Home {
        Home { folder: folder(), database: self.database.as_ref().map(|_| empty_postgres().unwrap()) }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the home.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        for (name, _) in std::env::vars() {
            if name.starts_with("BAILIWICK_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        if let Some(url) = &self.database {
            command.env("BAILIWICK_DATABASE_URL", url);
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(&self.command(arguments).output().unwrap())
    }

    /// Starts the program as a server and waits until it is ready.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let log = self.path().join(format!("log-{port}"));
        let child = self
            .command(arguments)
            .args(["--listen", &address])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut running = Running { child, address, log };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("the program ended: {status}\n{}", running.said());
            }
            if running.try_get("/readyz", &[]).is_some_and(|answer| answer.status == 200) {
                return running;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the program did not become ready\n{}", running.said());
    }

    /// The home's database, to look into.
    pub(crate) fn settings(&self) -> store::Settings {
        match &self.database {
            Some(url) => store::Settings::postgres(url.as_str()),
            None => store::Settings::sqlite(self.path().join("bailiwick-data/bailiwick.db")),
        }
    }

    /// Reads rows of the home's database.
    pub(crate) fn rows<T: store::FromRow + Send>(&self, sql: &str) -> Vec<T> {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let store = store::Store::open(&self.settings()).unwrap();
            let rows = store.all(sql, []).await.unwrap();
            store.close().await;
            rows
        })
    }

    /// One number of the home's database.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.rows::<(i64,)>(sql)[0].0
    }

    /// Changes the home's database behind the program's back.
    pub(crate) fn tamper(&self, sql: &'static str) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let store = store::Store::open(&self.settings()).unwrap();
            let mut batch = store::Batch::new();
            batch.run(sql, Vec::new());
            store.commit(batch).await.unwrap();
            store.close().await;
        });
    }
}

/// A server.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    log: PathBuf,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Running {
    /// What it wrote into its log.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.try_get(path, headers).expect("an answer")
    }

    fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Reply> {
        self.ask("GET", path, headers, "")
    }

    /// Sends a form from the same site.
    pub(crate) fn post(&self, path: &str, body: &str) -> Reply {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.ask("POST", path, &headers, body).expect("an answer")
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (key, value) in headers {
            text.push_str(&format!("{key}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        stream.write_all(text.as_bytes()).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers =
            lines.filter_map(|line| line.split_once(": ")).map(|(k, v)| (k.into(), v.into())).collect();
        Some(Reply { status, headers, body: body.to_owned() })
    }

    /// Signs in with the demo's password and answers the cookie.
    pub(crate) fn sign_in(&self, email: &str) -> String {
        let email = email.replace('@', "%40");
        let reply = self.post("/sign-in", &format!("email={email}&password=bailiwick+demo"));
        assert_eq!(reply.status, 303, "{}", reply.body);
        let cookie = reply.header("set-cookie").expect("a cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Waits for its end and answers its exit code.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        (status.code(), self.said())
    }

    /// Ends it as an operator would.
    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.signal("-TERM");
        self.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command until something is seen, then kills it as a power cut would. False if it ended before.
pub(crate) fn kill_when(mut command: Command, mut seen: impl FnMut() -> bool) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let killed = loop {
        if seen() {
            break child.try_wait().unwrap().is_none();
        }
        assert!(begun.elapsed() < PATIENCE, "nothing was seen");
        if child.try_wait().unwrap().is_some() {
            break false;
        }
    };
    let _ = child.kill();
    let _ = child.wait();
    killed
}
