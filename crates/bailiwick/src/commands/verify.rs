//! `bailiwick verify-access`: the leak test at the command line.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use store::Store;

use crate::cli::Refusal;
use crate::settings::Settings;
use crate::verify::{self, Depth, Likeness, Report};
use crate::{query, say};

/// How far to go, and where the report goes.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// Try the settings and roles of this organization, by name or id; without it, with everything turned on
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
    /// Let only holders of this role walk; may be given again
    #[arg(long = "role", value_name = "KEY")]
    roles: Vec<String>,
    /// Ask only some questions of each kind
    #[arg(long)]
    quick: bool,
    /// The folder for the reports, made if it is not there
    #[arg(long, value_name = "FOLDER", default_value = "access-reports")]
    out: PathBuf,
    /// Only check the signature of a report that was made earlier
    #[arg(long, value_name = "FILE", conflicts_with_all = ["organization", "quick"])]
    check: Option<PathBuf>,
}

pub(crate) async fn run(store: &Store, settings: &Settings, wish: Wish) -> Result<(), Refusal> {
    if let Some(file) = &wish.check {
        return check(file);
    }
    let mut likeness = match &wish.organization {
        Some(word) => {
            let (organization, name) = query::organization(store, word).await?;
            verify::likeness(store, organization, &name).await?
        }
        None => Likeness::everything(),
    };
    likeness.only = wish.roles;
    let depth = if wish.quick { Depth::Quick } else { Depth::Whole };
    let bar = indicatif::ProgressBar::new(0);
    bar.set_style(
        indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()),
    );
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let progress = |done: usize, all: usize, what: &str| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
    };
    let report = verify::run(&settings.database, &crate::features(), &likeness, depth, &progress).await?;
    bar.finish_and_clear();
    let signed = verify::signed(store, &report).await?;
    let (json, html) = write(&wish.out, &signed)?;
    tell(&report);
    say::line(format_args!("reports: {}, {}", json.display(), html.display()));
    if report.found > 0 {
        return Err(Refusal(format!("{} leaks were found", report.found)));
    }
    Ok(())
}

fn tell(report: &Report) {
    say::line(format_args!(
        "{}: {} readers asked {} questions in {:.1} s ({}); {} answers held something that was right to read",
        report.likeness,
        report.readers.len(),
        report.questions,
        report.seconds,
        report.engine,
        report.right
    ));
    for leak in &report.leaks {
        say::line(format_args!(
            "LEAK ({:?}) to {}: {} : {} {}",
            leak.check, leak.reader, leak.question, leak.what, leak.excerpt
        ));
    }
    if report.found == 0 {
        say::line("no leak was found");
    }
}

fn write(folder: &Path, signed: &verify::Signed) -> Result<(PathBuf, PathBuf), Refusal> {
    let failed =
        |why: std::io::Error| Refusal(format!("the report cannot be written to {}: {why}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let (json, html) = (folder.join("access-report.json"), folder.join("access-report.html"));
    let text = serde_json::to_string_pretty(signed).map_err(|why| why.to_string())?;
    std::fs::write(&json, text).map_err(failed)?;
    let page = verify::to_html(signed).ok_or_else(|| "the report cannot be read back".to_owned())?;
    std::fs::write(&html, page.into_string()).map_err(failed)?;
    Ok((json, html))
}

fn check(file: &Path) -> Result<(), Refusal> {
    let text =
        std::fs::read_to_string(file).map_err(|why| format!("{} cannot be read: {why}", file.display()))?;
    let signed: verify::Signed =
        serde_json::from_str(&text).map_err(|why| format!("{} is no report: {why}", file.display()))?;
    match signed.holds() {
        Some(key) => {
            say::line(format_args!("the signature holds; it was made with the key {key}"));
            Ok(())
        }
        None => Err(Refusal("the signature does not hold: the report was changed".into())),
    }
}
