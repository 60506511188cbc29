//! The servers that are measured.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, Settings, process, world};

/// A server that is measured.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
    started: Instant,
    /// The PostgreSQL database whose back ends count too.
    database: Option<String>,
}

impl Server {
    fn start(command: &mut Command, address: String, database: Option<String>) -> Result<Self, Failure> {
        let started = Instant::now();
        let child = command.stdout(Stdio::null()).spawn()?;
        Ok(Self { child, address, started, database })
    }

    /// CPU seconds so far: the program's, and those of its database's back ends.
    pub fn cpu(&self) -> (f64, f64) {
        let back_ends = self.database.as_deref().map_or(0.0, process::cpu_seconds_of_back_ends);
        (process::cpu_seconds(self.child.id()), back_ends)
    }

    /// Resident memory in MiB.
    pub fn resident(&self) -> f64 {
        process::resident_mib(self.child.id())
    }

    /// Waits until it answers, and says how long that took since its start.
    pub async fn ready(&mut self, path: &str) -> Result<Duration, Failure> {
        while self.started.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("a server ended at its start: {status}").into());
            }
            if world::fetch(&self.address, path, &[]).await.is_ok() {
                return Ok(self.started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err("a server did not become ready".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn free_address() -> Result<String, Failure> {
    let probe = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(probe.local_addr()?.to_string())
}

/// The program itself.
pub fn program(settings: &Settings, folder: &Path, database: Option<&str>) -> Result<Server, Failure> {
    let address = free_address()?;
    let mut command = Command::new(&settings.binary);
    command.args(["serve", "--listen", &address, "--log-level", "warn", "--data-dir"]).arg(folder);
    if let Some(database) = database {
        command.args(["--database-url", database]);
    }
    Server::start(&mut command, address, database.map(process::database_name))
}

/// Hard-coded bytes.
pub fn fixed(body: &Path) -> Result<Server, Failure> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--listen", &address, "--fixed"]).arg(body);
    Server::start(&mut command, address, None)
}

/// The peer in a virtual environment of its own, made the first time.
pub fn peer(settings: &Settings, folder: &Path, database: Option<&str>) -> Result<Server, Failure> {
    let environment = std::path::absolute(settings.folder.join("peer"))?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer");
    if !environment.join("made").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        run(Command::new(environment.join("bin/pip"))
            .args(["install", "--quiet", "-r"])
            .arg(source.join("requirements.txt")))?;
        std::fs::write(environment.join("made"), "")?;
    }
    let address = free_address()?;
    let place = match database {
        Some(url) => url.to_owned(),
        None => std::path::absolute(world::database_file(folder))?.to_string_lossy().into_owned(),
    };
    let mut command = Command::new(environment.join("bin/gunicorn"));
    command
        .args(["--workers", "2", "--threads", "4", "--keep-alive", "60", "--bind", &address])
        .args(["--log-level", "error", "peer:application"])
        .current_dir(source)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PEER_DATABASE", place);
    Server::start(&mut command, address, database.map(process::database_name))
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
