//! The small commands.

use std::collections::BTreeSet;

use crate::support::{home, homes};

#[test]
fn an_organization_begins_with_an_administrator_who_is_invited_by_a_link() {
    for home in homes() {
        let create = [
            "organization",
            "create",
            "--name",
            "Northwatch",
            "--zone",
            "Europe/Berlin",
            "--features",
            "guarding,service",
            "--administrator-email",
            "Ada@Example.com",
            "--administrator-name",
            "Ada Lovelace",
            "--public-url",
            "https://work.example.com/",
        ];
        let out = home.run(&create).good().out;
        let link = out.lines().find_map(|line| line.strip_prefix("invitation    ")).unwrap();
        let path = link.strip_prefix("https://work.example.com").unwrap();
        let server = home.start(&["serve"]);
        let page = server.get(path, &[]);
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("password"), "{}", page.body);
        assert_eq!(server.get("/reset/no-such-link", &[]).status, 404);
        let (code, log) = server.stop();
        assert_eq!(code, Some(0));
        assert!(!log.contains(path), "links are not logged");

        home.run(&[
            "organization",
            "create",
            "--name",
            "X",
            "--zone",
            "Moon/Base",
            "--administrator-email",
            "a@b.cd",
            "--administrator-name",
            "A",
        ])
        .refused("no time zone Moon/Base");
        let wrong = home.run(&[
            "organization",
            "create",
            "--name",
            "X",
            "--administrator-email",
            "nobody",
            "--administrator-name",
            "A",
        ]);
        assert_eq!(wrong.code, Some(2));
        assert!(wrong.err.contains("e-mail address"), "{}", wrong.err);
        let wrong = home.run(&[
            "organization",
            "create",
            "--name",
            "X",
            "--features",
            "flying",
            "--administrator-email",
            "a@b.cd",
            "--administrator-name",
            "A",
        ]);
        assert!(wrong.err.contains("guarding"), "{}", wrong.err);
    }
}

#[test]
fn the_journal_is_verified_and_a_change_is_found() {
    for home in homes() {
        home.run(&["demo", "--incidents", "10"]).good();
        let out = home.run(&["audit", "verify"]).good().out;
        assert!(out.contains("Northwatch Security: ") && out.contains("lines, unbroken"), "{out}");
        home.tamper("update journal set label = 'Somebody else' where sequence = 3");
        let broken = home.run(&["audit", "verify"]).refused("do not hold");
        assert!(broken.out.contains("BROKEN: line 3"), "{}", broken.out);
    }
}

#[test]
fn what_is_explained_is_what_the_pages_do() {
    for home in homes() {
        home.run(&["demo", "--incidents", "60", "--now", "2026-11-23T08:00:00Z"]).good();
        let server = home.start(&["serve"]);
        let rows: Vec<(i64, uuid::Uuid)> = home.rows(
            "select i.number, i.id from incidents i join organizations o on o.id = i.organization_id \
             where o.name = 'Northwatch Security' order by i.number",
        );
        let mut verdicts = BTreeSet::new();
        for (email, door) in [
            ("client-user@demo.example", "/client"),
            ("client-account@demo.example", "/client"),
            ("guard@demo.example", "/field"),
            ("area-administrator@demo.example", "/office"),
        ] {
            let cookie = server.sign_in(email);
            for (number, id) in rows.iter().step_by(3) {
                let id = kernel::id::IncidentId::from_uuid(*id);
                let page = server.get(&format!("{door}/incidents/{id}"), &[("cookie", &cookie)]);
                let out = home
                    .run(&[
                        "explain",
                        "--organization",
                        "northwatch security",
                        "--account",
                        email,
                        "--incident",
                        &number.to_string(),
                    ])
                    .good()
                    .out;
                let said = if out.starts_with("YES") { 200 } else { 404 };
                assert_eq!(page.status, said, "{email} #{number}: {out}");
                assert!(out.lines().count() >= 2, "a verdict has reasons: {out}");
                verdicts.insert((email, said));
            }
        }
        assert!(verdicts.len() >= 7, "both answers were seen: {verdicts:?}");
        let ask = |account: &str, incident: &str| {
            home.run(&[
                "explain",
                "--organization",
                "Northwatch Security",
                "--account",
                account,
                "--incident",
                incident,
            ])
        };
        // Page, JSON and command line say the same sentences.
        let admin = server.sign_in("customer-admin@demo.example");
        for (email, name, person) in home.rows::<(String, String, uuid::Uuid)>(
            "select a.email, m.name, m.id from memberships m join accounts a on a.id = m.account_id \
             join organizations o on o.id = m.organization_id \
             where o.name = 'Northwatch Security' and m.active = 1 and a.email in \
               ('client-account@demo.example', 'area-administrator@demo.example', 'guard@demo.example')",
        ) {
            for (number, id) in rows.iter().step_by(11) {
                let id = kernel::id::IncidentId::from_uuid(*id);
                let person = kernel::id::MembershipId::from_uuid(person);
                let older = format!("/office/incidents/{id}/access?person={person}");
                let moved = server.get(&older, &[("cookie", &admin)]);
                let place = format!("/office/access/{id}?person={person}");
                assert_eq!((moved.status, moved.header("location")), (303, Some(place.as_str())));
                let page = server.get(&place, &[("cookie", &admin)]).body;
                let page = page.replace("&#39;", "'").replace("&amp;", "&");
                let out = ask(&email, &number.to_string()).good().out;
                let said: Vec<&str> = out
                    .lines()
                    .filter_map(|line| line.strip_prefix("  + ").or_else(|| line.strip_prefix("  - ")))
                    .collect();
                assert!(!said.is_empty(), "{out}");
                for sentence in said {
                    assert!(page.contains(sentence), "{sentence} is not on the page: {page}");
                }
                assert_eq!(out.starts_with("YES"), page.contains(&format!("{name} can see it")), "{out}");
            }
        }
        // As it was: a membership that was taken away since could see what it could see; before the world there was
        // nothing to see.
        let at = |email: &str, incident: i64, at: &str| {
            let incident = incident.to_string();
            home.run(&[
                "explain",
                "--organization",
                "Northwatch Security",
                "--account",
                email,
                "--incident",
                &incident,
                "--at",
                at,
            ])
        };
        let email = "client-account@demo.example";
        let told = |incident: i64| ask(email, &incident.to_string()).good().out;
        let seen = rows.iter().map(|(number, _)| *number).find(|number| told(*number).starts_with("YES"));
        let seen = seen.expect("one that the client's account sees");
        let before = jiff::Timestamp::now().to_string();
        home.tamper(
            "update memberships set active = 0 where id in (select m.id from memberships m \
             join accounts a on a.id = m.account_id where a.email = 'client-account@demo.example')",
        );
        assert!(told(seen).starts_with("NO:") && told(seen).contains("may not view"), "{}", told(seen));
        let then = at(email, seen, &before).good().out;
        assert!(then.starts_with("YES:") && then.contains("could view"), "{then}");
        let never = at(email, seen, "2001-01-01").good().out;
        for words in ["NO:", "could not view", "was not there yet", "no member then", "is not known"] {
            assert!(never.contains(words), "{words}: {never}");
        }
        at(email, seen, "2999-01-01").refused("a day of the past");
        at(email, seen, "yesterday").refused("a day of the past");
        ask("nobody@demo.example", "1").refused("no member");
        ask("guard@demo.example", "99999").refused("no incident 99999");
        ask("work-manager@demo.example", "1").good();
        home.run(&["explain", "--organization", "Nowhere", "--account", "a@b.cd", "--incident", "1"])
            .refused("there are: Harbour Facility Services, Northwatch Security");
    }
}

#[test]
fn roles_and_the_api_describe_themselves_without_a_database() {
    let home = home();
    let text = home.run(&["roles"]).good().out;
    // ROLES.md: the role keys are stable.
    for key in
        ["customer_admin", "site_user", "basic_user", "team_work_manager", "sales_person_monitor_manager"]
    {
        assert!(text.contains(&format!("({key})")), "{key}");
    }
    let json: serde_json::Value = serde_json::from_str(&home.run(&["roles", "--json"]).good().out).unwrap();
    let role =
        |key: &str| json["roles"].as_array().unwrap().iter().find(|role| role["key"] == key).unwrap().clone();
    // ROLES.md: Site User: exactly one site; Guards submit incidents and cannot change or publish them.
    assert_eq!(role("site_user")["most_targets"], 1);
    let guard: Vec<String> = role("guard")["grants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| grant["permission"].as_str().unwrap().to_owned())
        .filter(|permission| permission.starts_with("incident."))
        .collect();
    assert_eq!(guard, ["incident.create", "incident.view"]);
    let routes = home.run(&["routes"]).good().out;
    for (method, door, path, answers) in [
        ("GET", "open", "/sign-in", "page"),
        ("POST", "client", "/client/account/password", "form"),
        ("GET", "api", "/api/v1/incidents/{id}", "json"),
        ("GET", "open", "/metrics", "text/plain"),
    ] {
        let found =
            routes.lines().any(|line| line.split_whitespace().take(4).eq([method, door, path, answers]));
        assert!(found, "{method} {path}: {routes}");
    }
    let pages = home.run(&["routes", "--pages"]).good().out;
    assert!(pages.contains("/office/incidents/{id}") && !pages.contains("POST") && !pages.contains("/api/"));
    let json: serde_json::Value = serde_json::from_str(&home.run(&["routes", "--json"]).good().out).unwrap();
    assert_eq!(json["routes"].as_array().unwrap().len(), routes.lines().count());
    let api: serde_json::Value = serde_json::from_str(&home.run(&["openapi"]).good().out).unwrap();
    assert_eq!(api["openapi"], "3.1.0");
    assert!(api["paths"]["/incidents"]["get"].is_object());
    assert!(!home.path().join("bailiwick-data").exists(), "nothing was made");
}
