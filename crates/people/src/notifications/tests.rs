//! Notifications through HTTP, on both engines. What is told here is a comet: a kind of notice of the tests' own, with
//! a route, a rule and a renderer, and nothing else.

use access::{Action, Event, Facts, Plan, Resource, Target, permission};
use axum::body::Body;
use axum::http::Request;
use jobs::Later;
use jobs::events::NewEvent;
use jobs::mail::MailState;
use kernel::id::OrganizationId;
use kernel::{Audience, Result};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::TestApp;
use uuid::Uuid;
use web::notices::{Address, Letter, Notice, Occurrence, Reader};
use web::{Answer, App, Ctx, Feature, Route};

const VIEW: access::Permission = permission(Resource::Incident, Action::View);

static SEEN: Notice = Notice {
    topic: "comet.seen",
    label: "Comet seen",
    events: &[Event::Incident],
    sides: &[Audience::Staff, Audience::Client],
    view: VIEW,
    once: "",
    facts,
    address,
    write,
    path: |id| format!("/comets/{id}"),
};

static TOLD: [&Notice; 1] = [&SEEN];

/// A comet is where its id says: the site.
fn facts(_: &App, organization: OrganizationId, id: Uuid) -> Later<'_, Result<Option<Facts>>> {
    let facts = Facts {
        site: Some(id),
        visibility: Some(access::Visibility::Released.number()),
        ..Facts::of(organization.uuid())
    };
    Box::pin(async move { Ok(Some(facts)) })
}

fn address(_: &Occurrence, _: &Reader<'_>) -> Address {
    Address::Subscribers(&[Event::Incident])
}

fn write<'a>(_: &'a App, _: &'a Plan, _: &'a Occurrence) -> Later<'a, Result<Option<Letter>>> {
    let letter = Letter {
        subject: "A comet".into(),
        heading: "A comet".into(),
        action: "Look up",
        ..Letter::default()
    };
    Box::pin(async move { Ok(Some(letter)) })
}

async fn comet(ctx: Ctx) -> Answer {
    ctx.page_only(|| maud::html! { "A comet" })
}

fn features() -> Vec<Feature> {
    let mut all = crate::features();
    all.push(Feature {
        name: "comets",
        routes: || vec![Route::get("/comets/{id}", comet).tells(&TOLD)],
        open: None,
        nav: &[],
    });
    all
}

async fn happens(app: &TestApp, organization: OrganizationId, topic: &str, record: Uuid) {
    let mut batch = Batch::new();
    let event = NewEvent {
        organization,
        topic,
        resource: "incident",
        record,
        visibility: None,
        detail: "{}",
        caused_by: None,
        at: app.now(),
    };
    jobs::events::note(&mut batch, &event);
    app.put(batch).await;
}

fn incident(out: &Value) -> Value {
    out["events"].as_array().unwrap().iter().find(|e| e["event"] == "incident").cloned().unwrap_or_default()
}

#[tokio::test]
async fn everybody_chooses_for_themselves_in_their_own_portal() {
    for app in testkit::apps(features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let here = [Target::Site(dock)];
        // role, company, door, what the roles bring of incidents
        for (role, company, door, usual) in [
            ("supervisor", None, "/office", "at_once"),
            ("officer", None, "/field", "off"),
            ("site_user", Some(client), "/client", "at_once"),
            ("client", Some(client), "/client", "off"),
            ("call_center", None, "/office", "off"),
        ] {
            let all = [Target::Organization];
            let targets: &[Target] = if role == "call_center" { &all } else { &here };
            let person = app.member(org, role, role, targets, company).await;
            let page = app.get(&person, &format!("{door}/notifications")).await.expect(200).text();
            assert!(page.contains("Incident reports") && page.contains("Comet seen"), "{role}: {page}");
            let path = "/api/v1/notifications";
            let before = app.get(&person, path).await.expect(200).json();
            assert_eq!(before["events"].as_array().unwrap().len(), 1, "{role}: only what the program sends");
            let one = incident(&before);
            assert_eq!(
                (&one["by_default"], &one["cadence"], &one["chosen"]),
                (&json!(usual), &json!(usual), &json!(false))
            );

            let fields = [("incident", "daily"), ("hour", "18"), ("zone", "europe/berlin")];
            app.post_form(&person, &format!("{door}/notifications"), &fields).await.expect(303);
            let after = app.get(&person, path).await.expect(200).json();
            assert_eq!(incident(&after)["cadence"], "daily");
            assert_eq!((&after["hour"], &after["zone"]), (&json!(18), &json!("Europe/Berlin")));

            let wrong = [("incident", "hourly"), ("hour", "24"), ("zone", "Mars")];
            let page =
                app.post_form(&person, &format!("{door}/notifications"), &wrong).await.expect(422).text();
            for message in ["choose one of", "from 0 to 23", "America/New_York"] {
                assert!(page.contains(message), "{message}: {page}");
            }
            app.json(&person, "POST", path, json!({ "sos": "at_once" })).await.expect(422);
            app.json(&person, "POST", path, json!({ "comet": "at_once" })).await.expect(400);
            // What equals the roles' own is no choice of one's own.
            let same = app.json(&person, "POST", path, json!({ "incident": usual })).await.expect(200).json();
            assert_eq!(incident(&same)["chosen"], false);
            app.json(&person, "POST", path, json!({ "incident": "daily" })).await.expect(200);
            let reset =
                app.json(&person, "POST", &format!("{path}/reset"), json!({})).await.expect(200).json();
            assert_eq!((&incident(&reset)["cadence"], &reset["hour"]), (&json!(usual), &json!(7)));
        }
        // Somebody whose roles show nothing.
        let nobody = app.member(org, "Nobody", "supervisor", &[], None).await;
        let page = app.get(&nobody, "/office/notifications").await;
        assert!(page.status == 404 || page.text().contains("No mail yet"), "{}", page.text());
    }
}

#[tokio::test]
async fn whoever_manages_people_sees_and_sets_it_for_others_and_nobody_else_does() {
    for app in testkit::apps(features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let here = [Target::Site(dock)];
        let admin = app.member(org, "Ada Admin", "admin", &[Target::Organization], None).await;
        let boss = app.member(org, "Sue Visor", "supervisor", &here, None).await;
        let center = app.member(org, "Cal Center", "call_center", &[Target::Organization], None).await;
        let reader = app.member(org, "Cleo Client", "site_user", &here, Some(client)).await;
        let master = app
            .member(org, "Mia Master", "master_administrator", &[Target::Client(client)], Some(client))
            .await;
        let other = app.organization("Eastwatch").await;
        let stranger = app.member(other, "Stan Stranger", "admin", &[Target::Organization], None).await;
        let path = format!("/api/v1/members/{}/notifications", reader.membership);

        assert_eq!(incident(&app.get(&admin, &path).await.expect(200).json())["cadence"], "at_once");
        app.json(&admin, "POST", &path, json!({ "incident": "off" })).await.expect(200);
        let theirs = app.get(&reader, "/api/v1/notifications").await.expect(200).json();
        assert_eq!(incident(&theirs)["cadence"], "off");
        let office = format!("/office/members/{}", reader.membership);
        assert!(app.get(&admin, &office).await.expect(200).text().contains("/notifications"));
        app.get(&admin, &format!("{office}/notifications")).await.expect(200);
        app.post_form(&admin, &format!("{office}/notifications/reset"), &[]).await.expect(303);
        assert_eq!(incident(&app.get(&admin, &path).await.expect(200).json())["chosen"], false);
        for (name, actor) in
            [("supervisor", &boss), ("call center", &center), ("master", &master), ("stranger", &stranger)]
        {
            let asked = app.get(actor, &path).await;
            assert_eq!(asked.status, 404, "{name}");
            assert_eq!(
                app.json(actor, "POST", &path, json!({ "incident": "off" })).await.status,
                404,
                "{name}"
            );
        }
        let lines: Vec<(String,)> = app
            .app
            .store
            .all("select action from journal where resource = 'notification' order by sequence", [])
            .await
            .unwrap();
        assert_eq!(lines.iter().map(|(action,)| action.as_str()).collect::<Vec<_>>(), ["edit", "reset"]);
    }
}

#[tokio::test]
async fn one_press_in_a_message_turns_off_its_sort_and_nothing_else() {
    for app in testkit::apps(features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let boss = app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await;
        let mut batch = Batch::new();
        batch.run(
            "insert into subscriptions (organization_id, membership_id, event, cadence, set_at) values ($1, $2, $3, 1, 0)",
            params![org, boss.membership, Event::Sos.number()],
        );
        app.put(batch).await;
        happens(&app, org, "comet.seen", dock.uuid()).await;
        app.deliver().await;
        let mail = app.outbox().await;
        assert_eq!(mail.len(), 1);
        assert!(
            mail[0].plain.contains("Look up:\nhttp://bailiwick.test/office/comets/"),
            "{}",
            mail[0].plain
        );
        let url = mail[0].unsubscribe.clone().unwrap();
        assert!(mail[0].plain.contains(&url));
        let path = url.strip_prefix("http://bailiwick.test").unwrap().to_owned();

        // Looking changes nothing: mail programs follow links by themselves.
        let page = app.get_open(&path).await.expect(200).text();
        assert!(page.contains("Northwatch") && page.contains("incident reports"), "{page}");
        let cadence =
            async || incident(&app.get(&boss, "/api/v1/notifications").await.json())["cadence"].clone();
        assert_eq!(cadence().await, "at_once");
        // A mail program's post: no cookie, no origin.
        let post = |path: &str| {
            Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "none")
                .body(Body::from("List-Unsubscribe=One-Click"))
                .unwrap()
        };
        for forged in
            ["/unsubscribe/AAAA", &format!("{path}A"), &path.replace("/unsubscribe/", "/unsubscribe/B")]
        {
            app.get_open(forged).await.expect(404);
            assert_eq!(app.send(None, post(forged)).await.status, 404);
        }
        assert_eq!(cadence().await, "at_once");
        app.send(None, post(&path)).await.expect(200);
        app.send(None, post(&path)).await.expect(200);
        assert_eq!(cadence().await, "off");
        let kept: Vec<(i64, i64)> =
            app.app.store.all("select event, cadence from subscriptions order by event", []).await.unwrap();
        assert_eq!(kept, [(Event::Incident.number(), 0), (Event::Sos.number(), 1)]);
        happens(&app, org, "comet.seen", dock.uuid()).await;
        app.deliver().await;
        assert_eq!(app.outbox().await.len(), 1, "no more of it");
    }
}

#[tokio::test]
async fn what_could_not_be_told_is_seen_by_those_who_run_it_and_tried_again() {
    for app in testkit::apps(features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "admin", &[Target::Organization], None).await;
        let boss = app.member(org, "Sue Visor", "supervisor", &[], None).await;
        // A kind of notice that this program does not know.
        happens(&app, org, "meteor.fell", Uuid::new_v4()).await;
        let stuck = async || app.get(&admin, "/api/v1/outbox/events").await.expect(200).json();
        for _ in 0..9 {
            app.expand().await;
            app.clock.advance(std::time::Duration::from_secs(3 * 3600));
        }
        assert_eq!(stuck().await["items"], json!([]));
        app.expand().await;
        let dead = stuck().await;
        assert_eq!(dead["items"][0]["topic"], "meteor.fell", "{dead}");
        let page = app.get(&admin, "/office/outbox").await.expect(200).text();
        assert!(page.contains("Could not be worked out") && page.contains("meteor fell"), "{page}");
        let path = format!("/api/v1/outbox/events/{}/retry", dead["items"][0]["id"].as_str().unwrap());
        app.json(&boss, "POST", &path, json!({})).await.expect(404);
        app.json(&admin, "POST", &path, json!({})).await.expect(200);
        app.json(&admin, "POST", &path, json!({})).await.expect(409);
        assert_eq!(stuck().await["items"], json!([]));

        // A message that was given up.
        let to = "somebody@example.com".parse().unwrap();
        let mut batch = Batch::new();
        let mail = jobs::mail::NewMail {
            organization: Some(org),
            recipient: &to,
            subject: "Hello",
            html: "<p>Hello</p>",
            plain: "Hello",
            why: "because of this test.",
            at: app.now(),
            about: None,
            good_until: None,
        };
        let id = jobs::mail::enqueue(&mut batch, &mail);
        batch.run("update mails set state = 2, attempts = 12 where id = $1", params![id]);
        app.put(batch).await;
        app.deliver().await;
        assert_eq!(app.outbox().await[0].state, MailState::Dead);
        let path = format!("/api/v1/outbox/{id}/retry");
        app.json(&boss, "POST", &path, json!({})).await.expect(404);
        app.json(&admin, "POST", &path, json!({})).await.expect(200);
        app.json(&admin, "POST", &path, json!({})).await.expect(409);
        app.deliver().await;
        assert_eq!(app.outbox().await[0].state, MailState::Sent);
    }
}

/// What is over goes after half a year, with what was decided about it; what waits stays however old it is.
#[tokio::test]
async fn events_that_are_over_go_after_half_a_year() {
    const DAY: u64 = 86_400;
    for app in testkit::apps(features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await;
        let left = async || {
            let events: Vec<(String,)> =
                app.app.store.all("select topic from events order by topic", []).await.unwrap();
            let (notices,): (i64,) = app.app.store.one("select count(*) from notices", []).await.unwrap();
            (events.into_iter().map(|(topic,)| topic).collect::<Vec<_>>(), notices)
        };
        happens(&app, org, "comet.seen", dock.uuid()).await;
        app.expand().await;
        // A kind of notice that this program does not know is given up after ten tries.
        happens(&app, org, "meteor.fell", Uuid::new_v4()).await;
        for _ in 0..10 {
            app.expand().await;
            app.clock.advance(std::time::Duration::from_secs(3 * 3600));
        }
        let (all, told) = left().await;
        assert_eq!(all, ["comet.seen", "meteor.fell"]);
        assert!(told > 0, "Sue was decided about");
        app.clock.advance(std::time::Duration::from_secs(177 * DAY));
        happens(&app, org, "comet.waits", dock.uuid()).await;
        assert_eq!(web::notices::forget_old(&app.app).await.unwrap(), 0);
        // The comet was told of more than a day before the meteor was given up.
        app.clock.advance(std::time::Duration::from_secs(2 * DAY));
        assert_eq!(web::notices::forget_old(&app.app).await.unwrap(), 1);
        assert_eq!(left().await, (vec!["comet.waits".to_owned(), "meteor.fell".to_owned()], 0));
        app.clock.advance(std::time::Duration::from_secs(400 * DAY));
        assert_eq!(web::notices::forget_old(&app.app).await.unwrap(), 1);
        assert_eq!(left().await, (vec!["comet.waits".to_owned()], 0));
    }
}
