//! Backup and restore: whole, while the program works, and back on another machine.

use sha2::{Digest, Sha256};

use crate::support::{Home, homes};

/// Puts a content where attachments are kept, as the program does.
fn keep(home: &Home, content: &[u8]) -> String {
    let name: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = home.path().join("bailiwick-data/files").join(&name[..2]);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(&name), content).unwrap();
    std::fs::write(folder.join(".half-written"), "x").unwrap();
    format!("bailiwick-data/files/{}/{name}", &name[..2])
}

#[test]
fn a_backup_under_writes_is_whole_and_restores_elsewhere() {
    for home in homes() {
        home.run(&["demo", "--incidents", "200"]).good();
        let file = keep(&home, b"a photograph");
        let server = home.start(&["serve"]);
        // Somebody writes all the while.
        let mut writer = home
            .command(&["demo", "--incidents", "9000"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while home.count("select count(*) from incidents") < 1200 {
            assert!(writer.try_wait().unwrap().is_none(), "the writer ended too early");
        }
        let out = home.run(&["backup", "copy.tar"]).good().out;
        assert!(out.contains("the database and 1 files"), "{out}");
        assert!(writer.wait().unwrap().success());
        assert_eq!(server.stop().0, Some(0));
        home.run(&["backup", "copy.tar"]).refused("there already");
        let left: Vec<String> = std::fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("copy.tar") && name != "copy.tar")
            .collect();
        assert!(left.is_empty(), "{left:?}");

        let other = home.like();
        let copy = home.path().join("copy.tar");
        let copy = copy.to_str().unwrap();
        other.run(&["restore", copy]).good();
        let there = other.count("select count(*) from incidents");
        assert!((1200..=9000).contains(&there), "{there}");
        let counted = other.count("select cast(sum(value) as bigint) from counters where name = 'incident'");
        assert_eq!(there, counted, "rows and their counter are of one moment");
        assert_eq!(other.count("select count(*) from accounts"), home.count("select count(*) from accounts"));
        assert_eq!(std::fs::read(other.path().join(&file)).unwrap(), b"a photograph");
        other.run(&["audit", "verify"]).good();
        let server = other.start(&["serve"]);
        assert!(server.sign_in("customer-admin@demo.example").starts_with("session="));
        assert_eq!(server.stop().0, Some(0));

        other.run(&["restore", copy]).refused("not empty");
        other.run(&["restore", "--force", copy]).good();
        assert_eq!(other.count("select count(*) from incidents"), there);
    }
}

#[test]
fn what_is_no_backup_is_refused_and_changes_nothing() {
    for home in homes() {
        home.run(&["demo", "--incidents", "20"]).good();
        home.run(&["backup", "copy.tar"]).good();
        let bytes = std::fs::read(home.path().join("copy.tar")).unwrap();
        let other = home.like();
        let cut = other.write("cut.tar", &bytes[..bytes.len() / 3]);
        other.run(&["restore", cut.to_str().unwrap()]).refused("");
        let noise = other.write("noise.tar", b"this is not a tar file".repeat(100));
        other.run(&["restore", noise.to_str().unwrap()]).refused("is not a whole backup");
        other.run(&["restore", "nowhere.tar"]).refused("nowhere.tar");
        // After all that the whole one still goes in.
        let whole = other.write("whole.tar", &bytes);
        other.run(&["restore", whole.to_str().unwrap()]).good();
        assert_eq!(other.count("select count(*) from incidents"), 20);
    }
}

#[test]
fn a_backup_of_the_other_engine_is_refused() {
    let all = homes();
    let [sqlite, postgres] = all.as_slice() else { return };
    sqlite.run(&["migrate"]).good();
    sqlite.run(&["backup", "copy.tar"]).good();
    let copy = sqlite.path().join("copy.tar");
    postgres.run(&["restore", copy.to_str().unwrap()]).refused("of a sqlite database");
}
