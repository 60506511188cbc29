//! Settings: what wins, what is hidden, what is refused; and that the documentation names them all.

use crate::support::home;

/// The printed line of a setting.
fn line(out: &str, name: &str) -> String {
    let found = out.lines().find(|line| line.split_whitespace().next() == Some(name));
    found
        .unwrap_or_else(|| panic!("{name} is not in: {out}"))
        .split_whitespace()
        .skip(1)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let home = home();
    home.write("bailiwick.toml", "listen = \"127.0.0.1:1001\"\nlog_level = \"warn\"\nbehind_proxy = true\nmail_from = \"F <f@x.example>\"\n");
    let mut command = home.command(&["config", "--listen", "127.0.0.1:1003"]);
    command
        .env("BAILIWICK_LISTEN", "127.0.0.1:1002")
        .env("BAILIWICK_LOG_LEVEL", "debug")
        .env("BAILIWICK_TILES_URL", " ");
    let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(line(&out, "listen"), "127.0.0.1:1003 (flag)");
    assert_eq!(line(&out, "public-url"), "http://127.0.0.1:1003 (default)");
    assert_eq!(line(&out, "log-level"), "debug (environment)");
    assert_eq!(line(&out, "behind-proxy"), "true (file)");
    assert_eq!(line(&out, "mail-from"), "F <f@x.example> (file)");
    assert_eq!(line(&out, "tiles-url"), "none (default)", "an empty variable is not set");
    let named = home.write("other.toml", "data_dir = \"elsewhere\"\ndatabase_connections = 4\n");
    let out = home.run(&["config", "--config", named.to_str().unwrap()]).good().out;
    assert_eq!(line(&out, "data-dir"), "elsewhere (file)");
    assert_eq!(line(&out, "database-url"), "elsewhere/bailiwick.db (default)");
    assert_eq!(line(&out, "database-connections"), "4 (file)");
    assert_eq!(line(&out, "listen"), "127.0.0.1:8080 (default)");
}

#[test]
fn secrets_are_never_shown() {
    let home = home();
    let out = home
        .run(&[
            "config",
            "--database-url",
            "postgres://ada:hunter2@db.example/work?sslmode=verify-full&sslpassword=hunter3",
            "--smtp-url",
            "smtps://mail:hunter4@smtp.example",
        ])
        .good()
        .out;
    assert_eq!(
        line(&out, "database-url"),
        "postgres://ada:***@db.example/work?sslmode=verify-full&sslpassword=*** (flag)"
    );
    assert!(!out.contains("hunter"), "{out}");
    let help = home.run(&["--help"]).good().out;
    assert!(help.contains("BAILIWICK_SMTP_URL") && !help.contains("hunter"));
    home.run(&["config", "--database-connections", "many", "--smtp-url", "smtps://m:hunter5@x"])
        .refused("--database-connections: many");
}

#[test]
fn what_cannot_be_used_is_named_with_where_it_was_said() {
    let home = home();
    home.run(&["config", "--listen", "here"]).refused("--listen: here");
    home.run(&["config", "--public-url", "ftp://x"]).refused("http:// or https://");
    home.run(&["config", "--log-format", "xml"]).refused("text or json");
    home.run(&["config", "--behind-proxy=perhaps"]).refused("--behind-proxy");
    home.run(&["config", "--config", "nowhere.toml"]).refused("nowhere.toml");
    let mut command = home.command(&["config"]);
    let output = command.env("BAILIWICK_METRICS_LISTEN", "9").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("BAILIWICK_METRICS_LISTEN: 9"));
    home.write("bailiwick.toml", "lisen = \"127.0.0.1:1\"\n");
    home.run(&["config"]).refused("lisen, which is no setting; there are: data_dir");
    home.write("bailiwick.toml", "listen = [1]\n");
    home.run(&["config"]).refused("listen must be text");
    for wrong in [
        &["serv"][..],
        &["serve", "--lissten", "x"],
        &["import", "incidents"],
        &[],
        &["demo", "--incidents", "many"],
    ] {
        let answer = home.run(wrong);
        assert_eq!(answer.code, Some(2), "{wrong:?}: {}", answer.err);
        assert!(answer.err.contains("Usage") || answer.err.contains("error:"), "{}", answer.err);
    }
}

#[test]
fn the_documentation_lists_every_setting_as_it_is() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md")).unwrap();
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `--")).collect();
    let wanted: Vec<String> = bailiwick::settings::table();
    assert_eq!(listed, wanted, "copy this into docs/operations.md:\n{}", wanted.join("\n"));
    for command in bailiwick::cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(page.contains(&format!("bailiwick {name}")), "docs/operations.md does not speak of {name}");
    }
}
