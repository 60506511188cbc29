//! A throw-away PostgreSQL server for tests: one cluster that every test process of this checkout shares, and a
//! database per test that is cloned from a prepared one.
//!
//! The cluster lives in the temporary folder, listens on a socket only its owner can reach, does not sync, and
//! goes on running so that the next test starts at once. `cargo run -p testkit --bin throwaway-postgres -- stop`
//! ends it. Whatever an earlier run left behind (a dead server's pid file, half a cluster, databases of dead
//! tests) is cleared away.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

type Result<T> = std::result::Result<T, String>;

/// Where the shared server is reached (its maintenance database), started if it is not running. `None`, with the
/// reason printed, where there are no PostgreSQL programs or they do not start.
///
/// # Panics
/// If `REQUIRE_POSTGRES` is set in the environment and there is no server: a build that must test both engines
/// must not pass with one.
#[must_use]
pub fn url() -> Option<String> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| match shared() {
        Ok(cluster) => Some(cluster.url("postgres")),
        #[expect(clippy::panic, reason = "asked for by the environment, in tests")]
        Err(reason) if std::env::var_os("REQUIRE_POSTGRES").is_some() => panic!("no PostgreSQL: {reason}"),
        Err(reason) => {
            eprintln!("PostgreSQL is left out: {reason}");
            None
        }
    })
    .clone()
}

/// Stops the shared server; the next test starts it again.
///
/// # Errors
/// What went wrong, in words.
pub fn stop() -> Result<()> {
    let (mut cluster, _lock) = Cluster::of_this_checkout()?;
    if cluster.answers() { cluster.halt("fast") } else { Ok(()) }
}

/// A new database for one test: a clone of the template of that key, which `prepare` fills the first time anybody
/// asks for the key. `prepare` gets the URL of the template and must have closed its connections when it is done.
/// `None` where there is no server.
///
/// # Errors
/// What went wrong, in words.
pub async fn fresh_database<F, E>(key: &str, prepare: F) -> Result<Option<String>>
where
    F: AsyncFnOnce(String) -> std::result::Result<(), E>,
    E: std::fmt::Debug,
{
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static GATE: tokio::sync::Mutex<bool> = tokio::sync::Mutex::const_new(false);

    let Some(url) = url() else { return Ok(None) };
    let admin = connect(&url).await?;
    let template = format!("template_{key}");
    {
        // One maker at a time: the gate among this process's tests, the lock among processes.
        let mut swept = GATE.lock().await;
        if !std::mem::replace(&mut swept, true) {
            sweep(&admin).await?;
        }
        if !exists(&admin, &template).await? {
            let _lock = lock(&folder_of_this_checkout()?.join("template.lock"))?;
            if !exists(&admin, &template).await? {
                make_template(&admin, &template, &url, prepare).await?;
            }
        }
    }
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    say(&admin, &format!("drop database if exists {name} with (force)")).await?;
    say(&admin, &format!("create database {name} template {template}")).await?;
    Ok(Some(with_database(&url, &name)))
}

/// An empty database that no sweep takes away, for a program that outlives the process which asks. It goes with the
/// server's folder.
///
/// # Errors
/// What went wrong, in words.
pub async fn kept_database() -> Result<Option<String>> {
    let Some(url) = url() else { return Ok(None) };
    let name = format!("kept_{}_{}", std::process::id(), rand_suffix());
    say(
        &connect(&url).await?,
        &format!("create database {name} template template0 locale 'C' encoding 'UTF8'"),
    )
    .await?;
    Ok(Some(with_database(&url, &name)))
}

/// Enough to tell two databases of one process id apart.
fn rand_suffix() -> u32 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos())
}

async fn make_template<F, E>(admin: &Client, template: &str, url: &str, prepare: F) -> Result<()>
where
    F: AsyncFnOnce(String) -> std::result::Result<(), E>,
    E: std::fmt::Debug,
{
    let draft = format!("draft_{template}");
    say(admin, &format!("drop database if exists {draft} with (force)")).await?;
    say(admin, &format!("create database {draft} template template0 locale 'C' encoding 'UTF8'")).await?;
    prepare(with_database(url, &draft)).await.map_err(|error| format!("preparing {template}: {error:?}"))?;
    // Connections that were closed a moment ago may still be on their way out.
    let ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
    admin.query(ended, &[&draft]).await.map_err(text)?;
    while let Err(error) = say(admin, &format!("alter database {draft} rename to {template}")).await {
        if !error.contains("is being accessed") {
            return Err(error);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Drops the databases of test processes that are gone, and all but the newest few templates.
async fn sweep(admin: &Client) -> Result<()> {
    const TEMPLATES_KEPT: i64 = 12;
    let names = admin
        .query("select datname from pg_database where datname like 'test\\_%'", &[])
        .await
        .map_err(text)?;
    for name in names.iter().map(|row| row.get::<_, String>(0)) {
        let process = name.split('_').nth(1).unwrap_or_default();
        if Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists() {
            say(admin, &format!("drop database if exists {name} with (force)")).await?;
        }
    }
    let old = "select datname from pg_database where datname like 'template\\_%' order by oid desc offset $1";
    for row in admin.query(old, &[&TEMPLATES_KEPT]).await.map_err(text)? {
        say(admin, &format!("drop database if exists {}", row.get::<_, String>(0))).await?;
    }
    Ok(())
}

async fn exists(admin: &Client, name: &str) -> Result<bool> {
    let found = admin.query_opt("select 1 from pg_database where datname = $1", &[&name]).await;
    Ok(found.map_err(text)?.is_some())
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(text)?;
    tokio::spawn(connection);
    Ok(client)
}

async fn say(admin: &Client, sql: &str) -> Result<()> {
    admin.batch_execute(sql).await.map_err(text)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn text(error: tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

fn with_database(url: &str, name: &str) -> String {
    url.replacen(":///postgres?", &format!(":///{name}?"), 1)
}

/// A PostgreSQL server of one's own, for tests that stop and start it. It goes away with this value.
pub struct Own {
    cluster: Cluster,
    _folder: TempDir,
}

impl Own {
    /// Makes and starts a server. `None`, with the reason printed, where that cannot be done.
    ///
    /// # Panics
    /// As [`url`].
    #[must_use]
    pub fn start() -> Option<Self> {
        url()?;
        Self::made(None).inspect_err(|reason| eprintln!("a PostgreSQL server is left out: {reason}")).ok()
    }

    /// The same, but reached over TCP on `localhost` and encrypted with a certificate of a throw-away authority, whose
    /// file is answered too. `None` also where there is no `openssl` to make them.
    ///
    /// # Panics
    /// As [`url`].
    #[must_use]
    pub fn start_encrypted() -> Option<(Self, PathBuf)> {
        url()?;
        let port = TcpListener::bind(("localhost", 0)).and_then(|free| free.local_addr()).ok()?.port();
        let own = Self::made(Some(port))
            .inspect_err(|reason| eprintln!("an encrypted PostgreSQL server is left out: {reason}"))
            .ok()?;
        let authority = own.cluster.folder.join("postgres").join("ca.crt");
        Some((own, authority))
    }

    fn made(port: Option<u16>) -> Result<Self> {
        let folder = TempDir::with_prefix("bw-pg-").map_err(|error| error.to_string())?;
        let mut cluster = Cluster { encrypted: port, ..Cluster::at(folder.path())? };
        cluster.run()?;
        Ok(Self { cluster, _folder: folder })
    }

    /// Its maintenance database.
    #[must_use]
    pub fn url(&self) -> String {
        self.cluster.url("postgres")
    }

    /// Ends it as a crash would: connections break, nothing is tidied.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub fn crash(&mut self) -> Result<()> {
        self.cluster.halt("immediate")
    }

    /// Starts it again.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub fn revive(&mut self) -> Result<()> {
        self.cluster.run()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.cluster.halt("immediate");
    }
}

/// A cluster's folders and the programs that run it.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// The server refuses to run as root; then it runs as this user and group.
    runs_as: Option<(u32, u32)>,
    /// The port on localhost that takes encrypted connections, if any does.
    encrypted: Option<u16>,
}

fn shared() -> Result<Cluster> {
    let (mut cluster, _lock) = Cluster::of_this_checkout()?;
    cluster.run()?;
    Ok(cluster)
}

fn folder_of_this_checkout() -> Result<PathBuf> {
    let mut hash = DefaultHasher::new();
    env!("CARGO_MANIFEST_DIR").hash(&mut hash);
    let me = owner()?;
    let folder =
        std::env::temp_dir().join(format!("bailiwick-test-{:08x}-{me}", hash.finish() & 0xffff_ffff));
    match fs::DirBuilder::new().mode(0o755).create(&folder) {
        Ok(()) => Ok(folder),
        Err(_) if fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir() && found.uid() == me) => {
            Ok(folder)
        }
        Err(error) => Err(format!("{} cannot be used: {error}", folder.display())),
    }
}

/// The user this process creates files as.
fn owner() -> Result<u32> {
    let file = tempfile::tempfile().and_then(|file| file.metadata()).map_err(|error| error.to_string())?;
    Ok(file.uid())
}

/// Takes turns with other processes; the lock goes with the value.
pub(crate) fn lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
    file.lock().map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(file)
}

/// The folder that this checkout's test processes share, for other throw-away things.
pub(crate) fn shared_folder() -> Result<PathBuf> {
    folder_of_this_checkout()
}

impl Cluster {
    fn of_this_checkout() -> Result<(Self, File)> {
        let folder = folder_of_this_checkout()?;
        let lock = lock(&folder.join("server.lock"))?;
        Ok((Self::at(&folder)?, lock))
    }

    fn at(folder: &Path) -> Result<Self> {
        let programs =
            programs().ok_or("initdb and pg_ctl are not on the PATH nor in /usr/lib/postgresql")?;
        let runs_as = if owner()? == 0 {
            Some(unprivileged().ok_or("PostgreSQL does not run as root, and there is no user to run it as")?)
        } else {
            None
        };
        Ok(Self { programs, folder: folder.to_owned(), runs_as, encrypted: None })
    }

    fn data(&self) -> PathBuf {
        self.folder.join("postgres").join("data")
    }

    fn sockets(&self) -> PathBuf {
        self.folder.join("postgres").join("run")
    }

    fn url(&self, database: &str) -> String {
        match self.encrypted {
            Some(port) => format!("postgres://postgres@localhost:{port}/{database}"),
            None => format!("postgres:///{database}?user=postgres&host={}", self.sockets().display()),
        }
    }

    fn answers(&self) -> bool {
        let port = self.encrypted.unwrap_or(5432);
        UnixStream::connect(self.sockets().join(format!(".s.PGSQL.{port}"))).is_ok()
    }

    /// Makes sure the server runs, whatever state an earlier run left.
    fn run(&mut self) -> Result<()> {
        let made = fs::read_to_string(self.folder.join("postgres").join("made"));
        if made.is_ok_and(|settings| settings == self.settings()) {
            if self.answers() {
                return Ok(());
            }
            self.clear_stale_pid();
            if self.start().is_ok() {
                return Ok(());
            }
            // It does not sync, so a crash of the machine may have ruined it. Nothing in it is worth keeping.
        }
        if self.data().exists() {
            let _ = self.halt("immediate");
        }
        self.make()?;
        self.start()
    }

    fn make(&self) -> Result<()> {
        let home = self.folder.join("postgres");
        let here = |error: std::io::Error| format!("{}: {error}", home.display());
        if home.exists() {
            fs::remove_dir_all(&home).map_err(here)?;
        }
        if self.runs_as.is_some() {
            // The server's user must be able to walk here; the server's own folders stay closed.
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(&self.folder, open).map_err(here)?;
        }
        for folder in [home.clone(), self.sockets()] {
            fs::DirBuilder::new().mode(0o700).create(&folder).map_err(here)?;
            if let Some((user, group)) = self.runs_as {
                std::os::unix::fs::chown(&folder, Some(user), Some(group)).map_err(here)?;
            }
        }
        let data = self.data();
        self.call(
            "initdb",
            &["--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D"],
            &data,
        )?;
        let settings = self.settings();
        let file = data.join("postgresql.conf");
        let written = fs::read_to_string(&file).and_then(|text| fs::write(&file, text + "\n" + &settings));
        written.map_err(here)?;
        if self.encrypted.is_some() {
            self.certify()?;
        }
        // Written last: a cluster without it, or with other settings in it, is made anew.
        fs::write(home.join("made"), settings).map_err(here)
    }

    /// Makes an authority and a certificate for localhost.
    fn certify(&self) -> Result<()> {
        let openssl = |line: &str, file: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            self.execute(Path::new("openssl"), &words, Path::new(file))
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        openssl(&format!("req -x509 {key} -days 2 -subj /CN=throwaway -keyout ca.key -out"), "ca.crt")?;
        openssl(&format!("req {key} -subj /CN=localhost -keyout data/server.key -out"), "server.csr")?;
        let names = self.folder.join("postgres").join("names");
        fs::write(names, "subjectAltName=DNS:localhost\n").map_err(|error| error.to_string())?;
        let sign =
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out";
        openssl(sign, "data/server.crt")
    }

    fn settings(&self) -> String {
        let encrypted = self.encrypted.map_or_else(String::new, |port| {
            format!("listen_addresses = 'localhost'\nport = {port}\nssl = on\n")
        });
        let common = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nunix_socket_permissions = 0700\n\
             fsync = off\nfull_page_writes = off\nmax_connections = 300\ndeadlock_timeout = 100ms\n\
             shared_buffers = 128MB\nwal_level = minimal\nmax_wal_senders = 0\ncheckpoint_timeout = 30min\n\
             max_wal_size = 256MB\n",
            self.sockets().display()
        );
        common + &encrypted
    }

    fn start(&self) -> Result<()> {
        let log = self.folder.join("postgres").join("data").join("server.log");
        let log = log.to_string_lossy();
        self.call("pg_ctl", &["start", "-w", "-t", "60", "-s", "-l", &log, "-D"], &self.data())
    }

    fn halt(&mut self, mode: &str) -> Result<()> {
        self.call("pg_ctl", &["stop", "-w", "-s", "-m", mode, "-D"], &self.data())
    }

    /// A pid file whose process is gone, or is somebody else's by now, must not keep the server from starting.
    fn clear_stale_pid(&self) {
        let file = self.data().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&file) else { return };
        let process = text.lines().next().unwrap_or_default().trim();
        let words = fs::read(Path::new("/proc").join(process).join("cmdline")).unwrap_or_default();
        if !String::from_utf8_lossy(&words).contains(&*self.data().to_string_lossy()) {
            let _ = fs::remove_file(file);
        }
    }

    fn call(&self, program: &str, options: &[&str], data: &Path) -> Result<()> {
        self.execute(&self.programs.join(program), options, data)
    }

    fn execute(&self, program: &Path, options: &[&str], last: &Path) -> Result<()> {
        // The server stays when its starter is gone, so it must not keep what that had open: a build's lock, a
        // pipe somebody reads to its end. The shell closes them; it can name those up to nine.
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec \"$0\" \"$@\""]);
        command.arg(program).args(options).arg(last);
        command.current_dir(self.folder.join("postgres")).stdin(Stdio::null());
        command.env_remove("PGDATA").env("LC_ALL", "C");
        if let Some((user, group)) = self.runs_as {
            command.uid(user).gid(group);
        }
        // The server inherits what its starter writes to: files, so that nobody waits for an end that never comes.
        let out = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file.try_clone()?, file)));
        let (stdout, stderr, mut out) = out.map_err(|error| error.to_string())?;
        let status = command.stdout(stdout).stderr(stderr).status();
        if status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            return Ok(());
        }
        let mut words = String::new();
        let _ = std::io::Seek::rewind(&mut out);
        let _ = std::io::Read::read_to_string(&mut out, &mut words);
        Err(format!("{} failed ({status:?}): {}", program.display(), words.trim()))
    }
}

/// The folder of the newest `initdb` and `pg_ctl`.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort_by_key(|folder| {
        let version =
            folder.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    std::env::split_paths(&path)
        .chain(versions.into_iter().rev())
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// A user and group to run the server as when this runs as root.
fn unprivileged() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        let line = users.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}
