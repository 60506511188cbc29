//! Imports: everything or nothing, every refusal named, text byte for byte, no row twice.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Home, homes, kill_when};

/// A home with an organization, a client and one site.
fn peopled(home: &Home) {
    home.run(&[
        "organization",
        "create",
        "--name",
        "Northwatch",
        "--administrator-email",
        "a@b.cd",
        "--administrator-name",
        "A",
    ])
    .good();
    home.tamper(
        "insert into clients (id, organization_id, name, name_key, search, created_at) \
         select id, id, 'Harbour', 'Harbour', 'harbour', 0 from organizations",
    );
    home.write(
        "sites.geojson",
        json!({ "type": "FeatureCollection", "features": [
            { "type": "Feature", "properties": { "name": "Dock 4", "address": "4 Quay" }, "geometry": { "type": "Point", "coordinates": [-74.0, 40.7] } }
        ] })
        .to_string(),
    );
    home.run(&sites(&["sites.geojson"])).good();
}

fn sites<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec![
        "import",
        "sites",
        "--organization",
        "Northwatch",
        "--client",
        "harbour",
        "--zone",
        "America/New_York",
    ];
    all.extend(more);
    all
}

fn incidents<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["import", "incidents", "--organization", "Northwatch"];
    all.extend(more);
    all
}

const MAPPING: &str = r#"
zone = "America/New_York"
[fields]
key = "ref"
site = "where"
kind = { column = "what", values = { STEAL = "Theft" }, otherwise = "Other" }
severity = { column = "grade", default = "low" }
title = { column = "story", first_line = true, cut = true }
narrative = "story"
occurred_at = { column = "when", format = ["%m/%d/%Y %H:%M"], zone_column = "tz" }
latitude = "lat"
longitude = "lon"
published = { column = "public", default = "no" }
"#;

#[test]
fn nothing_is_stored_when_a_row_is_refused_and_each_refusal_is_named() {
    for home in homes() {
        peopled(&home);
        home.write("map.toml", MAPPING);
        let csv = "ref,where,what,grade,story,when,tz,lat,lon,public\n\
            1,Dock 4,STEAL,high,\"A crate\nwas gone\",01/02/2026 10:00,EST,40.7,-74,yes\n\
            2,Dock 9,STEAL,high,x,01/02/2026 10:00,EST,,,\n\
            3,Dock 4,STEAL,awful,x,13/45/2026 10:00,EST,91,0,\n\
            1,dock 4,STEAL,low,x,01/02/2026 10:00,EST,,,\n\
            5,Dock 4,NOISE,,x,01/02/2026 10:00,XYZ,,,perhaps\n\
            6,Dock 4,NOISE,,,01/02/2126 10:00,EST,,,\n";
        home.write("rows.csv", csv);
        let arguments = incidents(&["--mapping", "map.toml", "--report", "report.json", "rows.csv"]);
        let answer = home.run(&arguments).refused("5 rows are refused; nothing was stored");
        for line in [
            "line 4, row 2, where: \"Dock 9\" there is no site of this name",
            "line 5, row 3, grade: \"awful\" choose one of",
            "line 5, row 3, when: \"13/45/2026 10:00\" this is no time written as %m/%d/%Y %H:%M",
            "line 5, row 3, lat: \"91\" write degrees",
            "line 6, row 4, key: \"1\" row 1 has the same key",
            "line 7, row 5, tz: \"XYZ\" there is no time zone XYZ",
            "line 7, row 5, public: \"perhaps\" write yes or no",
            "line 8, row 6, story: this is empty",
        ] {
            assert!(answer.out.contains(line), "{line}\n{}", answer.out);
        }
        let report: Value =
            serde_json::from_slice(&std::fs::read(home.path().join("report.json")).unwrap()).unwrap();
        assert_eq!(
            (report["rows"].as_u64(), report["good"].as_u64(), report["stored"].as_u64()),
            (Some(6), Some(1), Some(0))
        );
        assert_eq!(
            report["refused"][0],
            json!({ "row": 2, "line": 4, "problems": [
            { "column": "where", "value": "Dock 9", "reason": report["refused"][0]["problems"][0]["reason"] }
        ] })
        );
        assert_eq!(home.count("select count(*) from incidents"), 0);
        assert_eq!(home.count("select count(*) from imports"), 0);

        let skip = incidents(&["--mapping", "map.toml", "--skip-refused", "rows.csv"]);
        let out = home.run(&skip).good().out;
        assert!(out.ends_with("6 rows: 1 stored, 5 refused\n"), "{out}");
        let rows: Vec<(String, String, String, i64, i64, i64, f64)> = home.rows(
            "select kind, title, narrative, occurred_at, visibility, severity, latitude from incidents",
        );
        // 10:00 EST is 15:00 UTC; published is visibility 3; high is severity 2.
        let at = "2026-01-02T15:00:00Z".parse::<kernel::Timestamp>().unwrap().as_microsecond();
        assert_eq!(rows, [("Theft".into(), "A crate".into(), "A crate\nwas gone".into(), at, 3, 2, 40.7)]);
        home.run(&skip).refused("this file was imported with this mapping on");
        // The same rows under another mapping are known by their key.
        home.write("map.toml", format!("{MAPPING}\nplace = \"what\"\n"));
        let out = home.run(&skip).good().out;
        assert!(out.ends_with("6 rows: 0 stored, 5 refused, 1 were there already\n"), "{out}");
        home.run(&["audit", "verify"]).good();
    }
}

#[test]
fn a_dry_run_stores_nothing_and_says_what_would_be() {
    for home in homes() {
        peopled(&home);
        let rows = json!([
            { "site": "Dock 4", "kind": "Theft", "title": "A", "narrative": "a", "occurred_at": "2026-01-01T10:00" },
            { "site": "Dock 5", "kind": "Theft", "title": "B", "narrative": "b", "occurred_at": "2026-01-01T10:00:00+02:00" },
        ]);
        home.write("rows.json", rows.to_string());
        let dry = incidents(&[
            "--dry-run",
            "--client",
            "Harbour",
            "--create-sites",
            "--zone",
            "America/New_York",
            "rows.json",
        ]);
        let out = home.run(&dry).good().out;
        assert!(
            out.contains("1 new sites would be made")
                && out.ends_with("2 rows: 2 could be stored, 0 refused\n"),
            "{out}"
        );
        assert_eq!(home.count("select count(*) from incidents"), 0);
        assert_eq!(home.count("select count(*) from sites"), 1);
        let wet: Vec<&str> = dry.into_iter().filter(|word| *word != "--dry-run").collect();
        let out = home.run(&wet).good().out;
        assert!(out.contains("1 new sites made") && out.ends_with("2 rows: 2 stored, 0 refused\n"), "{out}");
        let times: Vec<(String, i64)> = home.rows("select title, occurred_at from incidents order by number");
        let at = |text: &str| text.parse::<kernel::Timestamp>().unwrap().as_microsecond();
        // New York is five hours behind in January; the other time says its own offset.
        assert_eq!(
            times,
            [("A".into(), at("2026-01-01T15:00:00Z")), ("B".into(), at("2026-01-01T08:00:00Z"))]
        );
        assert_eq!(
            home.count("select count(*) from sites where name = 'Dock 5' and zone = 'America/New_York'"),
            1
        );
    }
}

#[test]
fn text_comes_back_byte_for_byte() {
    // What the big lists of naughty strings try, and then some; written by hand here.
    let texts = [
        "  leading and trailing  \n",
        "line one\r\nline two\rline three\tTab",
        "<script>alert(1)</script> & \"quotes\" 'single' `ticks`",
        "'; drop table incidents; --",
        "=HYPERLINK(\"http://x\")",
        "Zażółć gęślą jaźń, 東京, مرحبا, 👩‍👩‍👧, e\u{301}, \u{202e}right to left",
        "\u{feff}mark \u{200b}zero width \u{1}control \u{7f}",
        "null",
        "\\ \\n \\u0041 ${x} {{y}} %s %00",
    ];
    for home in homes() {
        peopled(&home);
        let mut lines = String::new();
        for (at, text) in texts.iter().enumerate() {
            let row = json!({ "site": "Dock 4", "kind": "Other", "title": format!("T{at}"), "narrative": text,
                "public_details": text, "internal_notes": text, "occurred_at": "2026-01-01T10:00" });
            writeln!(lines, "{row}").unwrap();
        }
        home.write("rows.jsonl", &lines);
        home.run(&incidents(&["rows.jsonl"])).good();
        let stored: Vec<(String, String, String)> =
            home.rows("select narrative, public_details, internal_notes from incidents order by number");
        for (text, (narrative, public, notes)) in texts.iter().zip(&stored) {
            assert_eq!((narrative.as_str(), public.as_str(), notes.as_str()), (*text, *text, *text));
        }
        assert_eq!(stored.len(), texts.len());
        let zero = json!({ "site": "Dock 4", "kind": "O", "title": "T", "narrative": "a\u{0}b", "occurred_at": "2026-01-01T10:00" });
        home.write("zero.jsonl", zero.to_string());
        let answer = home.run(&incidents(&["zero.jsonl"])).refused("1 rows are refused");
        assert!(answer.out.contains("character zero"), "{}", answer.out);
    }
}

#[test]
fn an_import_that_was_killed_goes_on_without_a_row_twice() {
    const ROWS: usize = 6000;
    for home in homes() {
        peopled(&home);
        let mut csv = String::from("site,kind,title,narrative,occurred_at\n");
        for row in 0..ROWS {
            writeln!(csv, "Dock 4,Theft,Row {row},Crate {row} was gone,2026-01-01T10:00").unwrap();
        }
        home.write("rows.csv", &csv);
        let arguments = incidents(&["rows.csv"]);
        let stored = || home.count("select count(*) from incidents");
        let killed = kill_when(home.command(&arguments), || {
            std::thread::sleep(Duration::from_millis(2));
            stored() >= 500
        });
        let before = stored();
        assert!(killed && (500..6000).contains(&before), "it was killed on the way: {before}");
        assert_eq!(before % 500, 0, "a step is whole or not there");
        let out = home.run(&arguments).good().out;
        assert!(
            out.ends_with(&format!("6000 rows: 6000 stored, {before} of them before, 0 refused\n")),
            "{out}"
        );
        assert_eq!(stored(), 6000);
        assert_eq!(home.count("select count(distinct title) from incidents"), 6000);
        assert_eq!(home.count("select max(number) from incidents"), 6000);
        assert_eq!(home.count("select count(*) from incident_changes"), 6000);
        home.run(&arguments).refused("imported with this mapping");
        assert_eq!(stored(), 6000);
    }
}

#[test]
fn a_file_or_mapping_that_makes_no_sense_is_refused_whole() {
    let home = crate::support::home();
    peopled(&home);
    home.write("rows.csv", "site,kind,title,narrative,when\n");
    home.run(&incidents(&["rows.csv"])).good();
    home.write("map.toml", MAPPING);
    home.run(&incidents(&["--mapping", "map.toml", "rows.csv"]))
        .refused("has no column grade; it has: site, kind");
    home.write("bad.toml", "[fields]\ncolour = \"x\"\n");
    home.run(&incidents(&["--mapping", "bad.toml", "rows.csv"])).refused("there is no field colour");
    home.write("few.toml", "[fields]\nsite = \"site\"\n");
    home.run(&incidents(&["--mapping", "few.toml", "rows.csv"]))
        .refused("what feeds: kind, title, narrative, occurred_at");
    home.write("half.json", "[{\"site\": \"Dock 4\"},\n{\"site\": ");
    home.run(&incidents(&["half.json"])).refused("line 2");
    home.write("rows.txt", "");
    home.run(&incidents(&["rows.txt"])).refused("how");
    home.run(&incidents(&["nowhere.csv"])).refused("nowhere.csv");
    home.run(&incidents(&["--client", "Nobody", "rows.csv"])).refused("no client Nobody");
    home.run(&incidents(&["--client", "Harbour", "--create-sites", "rows.csv"]))
        .refused("time zone of new sites");
}

#[test]
fn sites_come_with_their_fences_and_come_once() {
    for home in homes() {
        peopled(&home);
        let square = json!([[[-71.0, 42.0], [-70.99, 42.0], [-70.99, 42.01], [-71.0, 42.01], [-71.0, 42.0]]]);
        let file = json!({ "type": "FeatureCollection", "features": [
            { "type": "Feature", "properties": { "SITE_NAME": "Park" }, "geometry": { "type": "Polygon", "coordinates": square } },
            { "type": "Feature", "properties": { "SITE_NAME": "Pump" }, "geometry": { "type": "Point", "coordinates": [-71.0, 42.0] } },
            { "type": "Feature", "properties": {}, "geometry": { "type": "Point", "coordinates": [-71.0, 42.0] } },
        ] });
        let text = serde_json::to_string_pretty(&file).unwrap();
        home.write("city.geojson", &text);
        let line = text.lines().position(|line| line.contains("\"properties\": {}")).unwrap();
        let answer = home
            .run(&sites(&["--radius", "50", "city.geojson"]))
            .refused("1 rows are refused; nothing was stored");
        let named: usize =
            answer.out.strip_prefix("line ").unwrap().split(',').next().unwrap().parse().unwrap();
        assert!(named <= line + 1 && line < named + 12, "{named} is where the third feature begins: {line}");
        assert_eq!(home.count("select count(*) from sites"), 1);
        let out = home.run(&sites(&["--radius", "50", "--skip-refused", "city.geojson"])).good().out;
        assert!(out.ends_with("3 rows: 2 stored, 1 refused\n"), "{out}");
        assert_eq!(home.count("select count(*) from sites where fence is not null"), 2);
        let again = home.run(&sites(&["--radius", "50", "--skip-refused", "city.geojson"])).good().out;
        assert!(again.ends_with("3 rows: 0 stored, 1 refused, 2 were there already\n"), "{again}");
    }
}

/// The real files that the mappings are examples for, where this machine has them.
fn data(name: &str) -> Option<std::path::PathBuf> {
    let folder = std::env::var("BAILIWICK_DATA").map_or_else(
        |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return path.canonicalize().ok();
    }
    eprintln!("skipped: there is no {} (set BAILIWICK_DATA)", path.display());
    None
}

fn mapping(name: &str) -> String {
    format!("{}/../../docs/mappings/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_mappings_of_the_documentation_bring_in_what_they_are_for() {
    let Some(police) = data("incidents/seattle_police_2015-12.json") else { return };
    let Some(events) = data("incidents/nrc_events_1999_sample.jsonl") else { return };
    for home in homes() {
        peopled(&home);
        let create = ["--client", "Harbour", "--create-sites"];
        let (seattle, nrc) = (mapping("seattle-police"), mapping("nrc-events"));
        let arguments = incidents(&[
            "--mapping",
            &seattle,
            create[0],
            create[1],
            create[2],
            "--skip-refused",
            police.to_str().unwrap(),
        ]);
        let out = home.run(&arguments).good().out;
        // Counted in the file: one report without a beat, four that end before they begin.
        assert!(out.ends_with("1000 rows: 995 stored, 5 refused\n"), "{out}");
        let named =
            |line: &&str| line.starts_with("line ") && line.ends_with("cannot have ended before it began");
        assert_eq!(out.lines().filter(named).count(), 4, "{out}");
        assert_eq!(home.count("select count(*) from sites"), 1 + 51);
        let (at,) = home
            .rows::<(i64,)>("select occurred_at from incidents where narrative like '%Report 20161187,%'")[0];
        // 2016-01-02T01:13 in Seattle.
        assert_eq!(kernel::Timestamp::from_microsecond(at).unwrap().to_string(), "2016-01-02T09:13:00Z");

        let arguments =
            incidents(&["--mapping", &nrc, create[0], create[1], create[2], events.to_str().unwrap()]);
        let out = home.run(&arguments).good().out;
        assert!(out.ends_with("600 rows: 600 stored, 0 refused\n"), "{out}");
        let stored: Vec<(String,)> =
            home.rows("select narrative from incidents where number > 995 order by number");
        let rows: Vec<Value> = std::fs::read_to_string(&events)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        for (row, (narrative,)) in rows.iter().zip(&stored) {
            assert_eq!(row["event_text"].as_str(), Some(narrative.as_str()));
        }
        let (at,) = home
            .rows::<(i64,)>("select occurred_at from incidents where internal_notes like 'Event 35211,%'")[0];
        // 15:45 MST is seven hours behind UTC.
        assert_eq!(kernel::Timestamp::from_microsecond(at).unwrap().to_string(), "1999-01-01T22:45:00Z");
        let Some(parks) = data("sites-geo/cambridge_open_space.geojson") else { return };
        let out = home.run(&sites(&["--skip-refused", parks.to_str().unwrap()])).good().out;
        assert!(out.contains("276 rows: "), "{out}");
    }
}
