//! Serving: ready, watched, stopped.

use crate::support::{home, homes};

#[test]
fn a_server_is_ready_answers_and_stops_when_told() {
    for home in homes() {
        for signal in ["-TERM", "-INT"] {
            let server = home.start(&["serve"]);
            let alive = server.get("/healthz", &[]);
            assert_eq!((alive.status, alive.body.as_str()), (200, "alive\n"));
            assert_eq!(alive.header("x-content-type-options"), Some("nosniff"));
            assert!(alive.header("x-request-id").is_some_and(|id| id.len() == 26));
            let page = server.get("/office/incidents?q=secret-word", &[]);
            assert_eq!(page.status, 303);
            assert!(page.header("location").unwrap().starts_with("/sign-in?next="));
            assert_eq!(server.get("/api/v1/incidents", &[]).status, 401);
            home.run(&["health", "--listen", &server.address]).good();
            server.signal(signal);
            let (code, log) = server.wait();
            assert_eq!(code, Some(0), "{log}");
            assert!(log.contains("stopped"), "{log}");
            assert!(!log.contains("secret-word"), "queries are not logged: {log}");
        }
        home.run(&["health", "--listen", "127.0.0.1:1"]).refused("127.0.0.1:1");
    }
}

#[test]
fn metrics_answer_this_machine_and_nobody_behind_a_proxy() {
    let home = home();
    let server = home.start(&["serve"]);
    server.get("/office/incidents", &[]);
    server.get("/no/such/place/1", &[]);
    server.get("/no/such/place/2", &[]);
    let metrics = server.get("/metrics", &[]).body;
    for line in [
        r#"bailiwick_requests_total{method="GET",route="/office/incidents",status="303"} 1"#,
        r#"bailiwick_requests_total{method="GET",route="nowhere",status="404"} 2"#,
        "bailiwick_requests_in_flight 1",
        "bailiwick_commits_waiting 0",
        r#"bailiwick_mails{state="waiting"} 0"#,
    ] {
        assert!(metrics.lines().any(|l| l.trim() == line), "{line}\n{metrics}");
    }
    assert_eq!(server.get("/metrics", &[("x-forwarded-for", "203.0.113.9")]).status, 404);
    drop(server);
    let apart = "127.0.0.1:0";
    let server = home.start(&["serve", "--behind-proxy", "--metrics-listen", apart]);
    assert_eq!(server.get("/metrics", &[]).status, 404, "a proxy on this machine speaks for the whole world");
}

#[test]
fn the_log_is_json_when_asked_and_names_ids_only() {
    let home = home();
    home.run(&["demo", "--incidents", "20"]).good();
    let server = home.start(&["serve", "--log-format", "json"]);
    let cookie = server.sign_in("supervisor@demo.example");
    // Two memberships: which one to be is asked first, so what matters here is that it is answered at all.
    server.get("/office", &[("cookie", &cookie)]);
    let cookie = server.sign_in("customer-admin@demo.example");
    assert_eq!(server.get("/office/incidents", &[("cookie", &cookie)]).status, 200);
    let (_, log) = server.stop();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines
        .iter()
        .find(|line| line["span"]["route"] == "/office/incidents" && line["status"] == 200)
        .unwrap_or_else(|| panic!("{log}"));
    assert_eq!(line["span"]["method"], "GET");
    assert!(line["duration_ms"].is_number() && line["span"]["id"].is_string());
    assert!(line["organization"].as_str().unwrap().starts_with("org_"));
    assert!(line["membership"].as_str().unwrap().starts_with("mem_"));
    for word in ["supervisor@", "Okafor", "bailiwick demo", "session="] {
        assert!(!log.contains(word), "{word} is in the log");
    }
}

#[test]
fn migrating_twice_changes_nothing_and_a_newer_database_is_refused() {
    for home in homes() {
        let first = home.run(&["migrate"]).good();
        assert!(first.out.contains("applied 0001_create_instance"), "{}", first.out);
        let again = home.run(&["migrate"]).good();
        assert_eq!(again.out.trim(), "the database is up to date");
        home.tamper("insert into migrations (name, checksum, applied_at) values ('9999_add_wings', 'x', 0)");
        home.run(&["serve"]).refused("made by a newer version");
    }
}

#[test]
fn an_address_in_use_is_said_so() {
    let home = home();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.run(&["serve", "--listen", &address]).refused(&format!("cannot listen on {address}"));
}
