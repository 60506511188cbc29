//! The throw-away PostgreSQL server of the tests, from the command line.

#![expect(clippy::print_stdout, reason = "this is how a command answers")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let answer = match std::env::args().nth(1).as_deref() {
        Some("url") => testkit::postgres::url().ok_or_else(|| "there is no server".to_owned()),
        Some("fresh") => fresh(),
        Some("stop") => testkit::postgres::stop().map(|()| "stopped".to_owned()),
        _ => Err("throwaway-postgres url: start it if need be and say where it is; fresh: make an empty database and say where; stop"
            .to_owned()),
    };
    match answer {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(line) => {
            eprintln!("{line}");
            ExitCode::FAILURE
        }
    }
}

/// An empty database that outlives this command: the name says that no test run sweeps it away.
fn fresh() -> Result<String, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    runtime.block_on(testkit::postgres::kept_database())?.ok_or_else(|| "there is no server".to_owned())
}
