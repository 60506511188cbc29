//! The demo world: the same from the same seed, whole after an interruption, never over somebody's own data.

use std::time::Duration;

use crate::support::{Home, home, homes, kill_when};

const WORLD: [&str; 6] = ["demo", "--seed", "7", "--now", "2026-11-23T08:00:00Z", "--incidents"];

fn world(incidents: &'static str) -> Vec<&'static str> {
    WORLD.into_iter().chain([incidents]).collect()
}

type Row = (String, i64, String, String, String, i64, i64, i64);

/// Everything of the incidents that does not hang on ids of places and people.
fn incidents(home: &Home) -> Vec<Row> {
    home.rows(
        "select o.name, i.number, i.reference, i.title, i.narrative || i.public_details || i.internal_notes || i.site_name || i.author_name, \
           i.occurred_at, i.visibility * 100 + i.status * 10 + i.severity, i.moved_at \
         from incidents i join organizations o on o.id = i.organization_id order by o.name, i.number",
    )
}

#[test]
fn the_same_seed_gives_the_same_world_and_a_second_run_adds_nothing() {
    let mut all: Vec<Vec<Row>> = Vec::new();
    for home in homes() {
        let out = home.run(&world("300")).good().out;
        assert!(out.contains("client-user@demo.example") && out.contains("Everybody's password"), "{out}");
        let first = incidents(&home);
        assert_eq!(first.len(), 300);
        let again = home.run(&world("300")).good().out;
        assert_eq!(out, again);
        assert_eq!(incidents(&home), first);
        all.push(first);
    }
    let other = home();
    other.run(&["demo", "--seed", "8", "--now", "2026-11-23T08:00:00Z", "--incidents", "300"]).good();
    let other = incidents(&other);
    assert!(all.iter().all(|rows| *rows == all[0]), "both engines hold the same world");
    assert_ne!(other, all[0], "another seed is another world");
}

#[test]
fn the_world_has_everything_there_is_to_see() {
    let home = home();
    home.run(&world("1500")).good();
    assert_eq!(
        home.count("select count(distinct role_key) from assignments"),
        i64::try_from(access::built_in().len()).unwrap() + 2,
        "the built-in ones and two of its own"
    );
    assert_eq!(home.count("select count(*) from sites where fence is null"), 0, "every site has a fence");
    assert!(home.count("select count(*) from sites") >= 25);
    assert!(home.count("select count(distinct zone) from sites") >= 5);
    assert!(home.count("select count(*) from workers") >= 40);
    assert_eq!(home.count("select count(*) from organizations"), 2);
    assert_eq!(home.count("select count(distinct status) from incidents"), 5);
    assert_eq!(home.count("select count(distinct severity) from incidents"), 4);
    assert_eq!(
        home.count("select count(distinct visibility) from incidents"),
        3,
        "held, submitted, released"
    );
    assert!(home.count("select count(distinct kind) from incidents") >= 18);
    assert!(home.count("select count(*) from incident_people") > 100);
    assert!(home.count("select count(distinct narrative) from incidents") > 1490, "stories differ");
    assert_eq!(home.count("select count(*) from incidents where visibility = 3 and released_at is null"), 0);
    assert_eq!(home.count("select count(*) from incidents where approval_required = 1 and approved_at is null and visibility > 1"), 0);
    assert_eq!(home.count("select count(*) from incidents where occurred_at > reported_at"), 0);
    let beyond = home.count("select count(*) from incidents where moved_at > 1795420800000000");
    assert_eq!(beyond, 0, "nothing happens after now");
}

#[test]
fn every_person_of_the_table_can_sign_in() {
    let home = home();
    let out = home.run(&world("50")).good().out;
    let emails: Vec<&str> =
        out.lines().flat_map(str::split_whitespace).filter(|word| word.ends_with("@demo.example")).collect();
    // One for each built-in role, two who hold roles of the organization's own, and five who show something else.
    assert_eq!(emails.len(), access::built_in().len() + 7);
    let server = home.start(&["serve"]);
    for email in emails {
        assert!(server.sign_in(email).starts_with("session="), "{email}");
    }
}

#[test]
fn a_world_that_was_killed_is_made_whole() {
    for interrupted in homes() {
        let whole = interrupted.like();
        whole.run(&world("4000")).good();
        let step = Duration::from_millis(5);
        let killed = kill_when(interrupted.command(&world("4000")), || {
            std::thread::sleep(step);
            let there =
                interrupted.path().join("bailiwick-data/bailiwick.db").exists() || interrupted.is_postgres();
            there && some(&interrupted) >= 1000
        });
        let before = some(&interrupted);
        assert!(killed && (1000..4000).contains(&before), "it was killed on the way: {before}");
        interrupted.run(&world("4000")).good();
        assert_eq!(incidents(&interrupted), incidents(&whole));
        // And it grows when more is asked for.
        interrupted.run(&world("4100")).good();
        assert_eq!(some(&interrupted), 4100);
    }
}

/// How many incidents there are by now; none before the tables are.
fn some(home: &Home) -> i64 {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let Ok(store) = store::Store::open(&home.settings()) else { return 0 };
        let found = store.one::<(i64,)>("select count(*) from incidents", []).await;
        store.close().await;
        found.map_or(0, |(count,)| count)
    })
}

#[test]
fn somebody_s_own_data_is_left_alone() {
    let home = home();
    home.run(&[
        "organization",
        "create",
        "--name",
        "Mine",
        "--administrator-email",
        "a@b.cd",
        "--administrator-name",
        "A",
    ])
    .good();
    home.run(&world("10")).refused("organizations of its own");
    assert_eq!(home.count("select count(*) from incidents"), 0);
}
