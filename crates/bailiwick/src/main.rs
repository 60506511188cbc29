//! See the library beside this file.

use std::process::ExitCode;

fn main() -> ExitCode {
    match bailiwick::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(bailiwick::cli::Refusal(why)) => {
            bailiwick::cli::complain(&why);
            ExitCode::FAILURE
        }
    }
}
