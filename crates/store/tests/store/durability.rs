//! What was acknowledged is there: after a kill, and after a disk that was full for a while. The test program starts
//! itself as the victim.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kernel::Error;
use kernel::id::SiteId;
use store::{Batch, Settings, Store, params};

use crate::fixture::{names, schema};

const PLACE: &str = "STORE_TEST_VICTIM";

/// Writes from sixteen tasks, and says each name once its commit was answered. Ends only by being killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs in a process of its own, started by the test below"]
async fn victim_of_a_kill() {
    let Some(path) = std::env::var_os(PLACE) else { return };
    let store = Store::open(&Settings::sqlite(path)).unwrap();
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0.. {
                    let name = format!("{writer}-{}-{number}", std::process::id());
                    let mut batch = Batch::new();
                    batch.run("insert into sites (id, name) values ($1, $2)", params![SiteId::new(), &name]);
                    store.commit(batch).await.unwrap();
                    say(&name);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = Store::open(&Settings::sqlite(&path)).unwrap();
    store.migrate_with(schema(store.engine())).await.unwrap();
    drop(store);
    let mut acknowledged = HashSet::new();
    for _ in 0..5 {
        let mut child = start("durability::victim_of_a_kill", &path, "exec \"$0\" \"$@\"");
        let mut lines = said(&mut child);
        acknowledged.extend(lines.by_ref().take(300));
        child.kill().unwrap();
        acknowledged.extend(lines);
        child.wait().unwrap();
        let store = Store::open(&Settings::sqlite(&path)).unwrap();
        let found: HashSet<String> = names(&store).await.into_iter().collect();
        assert!(acknowledged.is_subset(&found), "{} are gone", acknowledged.difference(&found).count());
    }
    assert!(acknowledged.len() >= 1500, "{}", acknowledged.len());
}

/// Writes until the disk is full (a limit on the size of files does as well), checks that reads go on and that what
/// was acknowledged is there, waits until there is room again, and writes on.
#[tokio::test]
#[ignore = "runs in a process of its own, started by the test below"]
async fn victim_of_a_full_disk() {
    let Some(path) = std::env::var_os(PLACE) else { return };
    let store = Store::open(&Settings::sqlite(path)).unwrap();
    let mut acknowledged = Vec::new();
    let mut number = 0_u32;
    let mut write = async |store: &Store| {
        number += 1;
        let name = format!("{number:05}{}", "x".repeat(20_000));
        let mut batch = Batch::new();
        batch.run("insert into sites (id, name) values ($1, $2)", params![SiteId::new(), &name]);
        store.commit(batch).await.map(|_| name)
    };
    // Folding the log makes room once or twice, so one refusal is not the end.
    let mut refused = 0;
    while refused < 10 {
        match write(&store).await {
            Ok(name) => acknowledged.push(name),
            Err(Error::Unavailable(_)) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
        assert!(acknowledged.len() < 10_000, "the limit does not limit");
    }
    assert_eq!(names(&store).await, acknowledged);
    say("full");
    std::io::stdin().read_exact(&mut [0]).unwrap();
    for _ in 0..3 {
        acknowledged.push(write(&store).await.unwrap());
    }
    assert_eq!(names(&store).await, acknowledged);
    store.health().await.unwrap();
    say("recovered");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_work_goes_on_when_there_is_room() {
    let Ok(found) = Command::new("prlimit").arg("--version").output() else {
        eprintln!("left out: there is no prlimit");
        return;
    };
    assert!(found.status.success());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = Store::open(&Settings::sqlite(&path)).unwrap();
    store.migrate_with(schema(store.engine())).await.unwrap();
    drop(store);
    // A write over the limit then fails instead of ending the process.
    let limited = "trap '' XFSZ; ulimit -S -f 8192; exec \"$0\" \"$@\"";
    let mut child = start("durability::victim_of_a_full_disk", &path, limited);
    let mut lines = said(&mut child);
    assert_eq!(lines.next().as_deref(), Some("full"));
    let pid = child.id().to_string();
    assert!(Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:"]).status().unwrap().success());
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert_eq!(lines.next().as_deref(), Some("recovered"));
    assert!(child.wait().unwrap().success());
}

fn say(word: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "said {word}").unwrap();
    out.flush().unwrap();
}

fn start(test: &str, path: &Path, shell: &str) -> Child {
    Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(PLACE, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the victim says, until it has nothing more to say.
fn said(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n');
    lines.map_while(Result::ok).filter_map(|line| {
        let line = String::from_utf8(line).ok()?;
        line.split_once("said ").map(|(_, word)| word.to_owned())
    })
}
