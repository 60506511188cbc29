//! Mail about incidents: who gets it, what it says, and what it never says. The tables are written by hand from the
//! roles page.

use std::collections::BTreeSet;

use access::{Event, Target};
use jobs::mail::MailState;
use kernel::id::{ClientId, OrganizationId, SiteId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::mail::{Mail, MailServer};
use testkit::{Actor, TestApp};

use super::{file, report, verb};

/// One of everybody: each guarding role at the dock, an account that shares all, and people of another client.
struct Crowd {
    org: OrganizationId,
    dock: SiteId,
    harbour: ClientId,
    people: Vec<Actor>,
}

impl Crowd {
    async fn new(app: &TestApp) -> Self {
        let org = app.organization("Northwatch").await;
        let (harbour, plaza) = (app.client(org, "Harbour").await, app.client(org, "Plaza").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let mall = app.site(org, plaza, None, "Mall").await;
        let here = [Target::Site(dock)];
        let all = [Target::Organization];
        let theirs = [Target::Client(harbour)];
        let rows: &[(&str, &str, &[Target], Option<ClientId>)] = &[
            ("customer_admin", "customer_admin", &all, None),
            ("supervisor", "supervisor", &here, None),
            ("officer", "officer", &here, None),
            ("client_user", "client_user", &theirs, Some(harbour)),
            ("site_user", "site_user", &here, Some(harbour)),
            ("call_center", "call_center", &all, None),
            ("owner", "owner", &all, None),
            ("admin", "admin", &all, None),
            ("guard", "guard", &here, None),
            ("client", "client", &here, Some(harbour)),
            ("client_account", "client_account", &here, Some(harbour)),
            ("sharing site_user", "site_user", &here, Some(harbour)),
            ("supervisor elsewhere", "supervisor", &[Target::Site(mall)], None),
            ("site_user elsewhere", "site_user", &[Target::Site(mall)], Some(plaza)),
        ];
        let mut people = Vec::new();
        for (name, role, targets, client) in rows {
            people.push(app.member(org, name, role, targets, *client).await);
        }
        let crowd = Self { org, dock, harbour, people };
        let mut batch = Batch::new();
        batch.run(
            "update memberships set share_all = 1 where id = $1",
            params![crowd.who("sharing site_user").membership],
        );
        app.put(batch).await;
        crowd
    }

    fn who(&self, name: &str) -> &Actor {
        self.people.iter().find(|actor| actor.name == name).unwrap()
    }

    async fn wants(&self, app: &TestApp, name: &str, event: Event, cadence: i64) {
        let mut batch = Batch::new();
        batch.run(
            "insert into subscriptions (organization_id, membership_id, event, cadence, set_at) values ($1, $2, $3, $4, 0) \
             on conflict (organization_id, membership_id, event) do update set cadence = excluded.cadence",
            params![self.org, self.who(name).membership, event.number(), cadence],
        );
        app.put(batch).await;
    }

    async fn approval(&self, app: &TestApp, asked: bool) {
        let mut batch = Batch::new();
        batch.run(
            "update sites set approval_required = $1 where id = $2",
            params![i64::from(asked), self.dock],
        );
        app.put(batch).await;
    }

    async fn mail_on_publish(&self, app: &TestApp, on: bool) {
        let mut batch = Batch::new();
        batch.run(
            "update organizations set mail_on_publish = $1 where id = $2",
            params![i64::from(on), self.org],
        );
        app.put(batch).await;
    }

    async fn filed(&self, app: &TestApp) -> String {
        file(app, self.who("guard"), report(self.dock)).await["id"].as_str().unwrap().to_owned()
    }

    async fn does(&self, app: &TestApp, who: &str, id: &str, noun: &str, body: Value) {
        verb(app, self.who(who), id, noun, body).await.expect(200);
    }

    /// Who got mail that was written since the last time, by name.
    async fn mailed(&self, app: &TestApp) -> BTreeSet<String> {
        app.deliver().await;
        let names = app
            .outbox()
            .await
            .into_iter()
            .filter(|mail| mail.state == MailState::Sent)
            .map(|mail| self.people.iter().find(|p| p.email == mail.to).unwrap().name.clone());
        let all: Vec<String> = names.collect();
        let unique: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(all.len(), unique.len(), "somebody got two: {all:?}");
        let mut batch = Batch::new();
        batch.run("delete from mails", vec![]);
        app.put(batch).await;
        unique
    }

    async fn mail_to(&self, app: &TestApp, name: &str) -> Vec<Mail> {
        let address = &self.who(name).email;
        app.outbox().await.into_iter().filter(|mail| mail.to == *address).collect()
    }

    /// What administrators read about somebody's mail, newest event first.
    async fn told(&self, app: &TestApp, id: &str, name: &str) -> Vec<(String, String)> {
        let path = format!("/api/v1/incidents/{id}/mails");
        let out = app.get(self.who("admin"), &path).await.expect(200).json();
        out["events"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|event| {
                event["decisions"].as_array().unwrap().iter().filter(|d| d["name"] == name).map(|d| {
                    let word = |v: &Value| v.as_str().unwrap().to_owned();
                    (word(&event["topic"]), word(&d["outcome"]))
                })
            })
            .collect()
    }
}

fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn each_happening_mails_exactly_those_of_the_table() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        let version = |n: i64| json!({ "version": n });

        // A site that asks for no approval. Publishing sends nothing (MyProtektor).
        let id = crowd.filed(&app).await;
        assert_eq!(crowd.mailed(&app).await, names(&["supervisor", "sharing site_user"]), "filed");
        crowd.does(&app, "admin", &id, "publication", version(1)).await;
        assert_eq!(crowd.mailed(&app).await, names(&[]), "published");
        assert_eq!(
            crowd.told(&app, &id, "site_user").await,
            [
                ("incident.published".into(), "not_for_them".into()),
                ("incident.filed".into(), "may_not_see".into())
            ]
        );

        // The organization wants publishing to send. Whoever was told before is not told again.
        crowd.mail_on_publish(&app, true).await;
        let id = crowd.filed(&app).await;
        assert_eq!(crowd.mailed(&app).await, names(&["supervisor", "sharing site_user"]), "filed");
        crowd.does(&app, "admin", &id, "publication", version(1)).await;
        assert_eq!(crowd.mailed(&app).await, names(&["site_user"]), "published, with the setting");
        assert_eq!(crowd.told(&app, &id, "sharing site_user").await[0].1, "already_told");
        assert_eq!(crowd.told(&app, &id, "client_user").await[0].1, "not_subscribed");
        // Taken back and published again: told once.
        crowd.does(&app, "admin", &id, "unpublication", json!({})).await;
        crowd.does(&app, "admin", &id, "publication", version(3)).await;
        assert_eq!(crowd.mailed(&app).await, names(&[]), "published again");
        crowd.mail_on_publish(&app, false).await;

        // A site that asks for approval (Officer Apps): nothing before it; approving is what sends, to each as soon as
        // they may see it.
        crowd.approval(&app, true).await;
        let id = crowd.filed(&app).await;
        assert_eq!(crowd.mailed(&app).await, names(&["supervisor"]), "filed, approval asked for");
        crowd.does(&app, "supervisor", &id, "approval", version(1)).await;
        assert_eq!(crowd.mailed(&app).await, names(&["sharing site_user"]), "approved");
        crowd.does(&app, "admin", &id, "publication", version(2)).await;
        assert_eq!(crowd.mailed(&app).await, names(&["site_user"]), "approved and published");
        assert_eq!(crowd.told(&app, &id, "client").await[0].1, "not_subscribed");

        // Inside. The supervisor who escalates is not told of it.
        crowd.does(&app, "admin", &id, "escalation", json!({})).await;
        assert_eq!(crowd.mailed(&app).await, names(&["supervisor"]), "escalated");
        let to = json!({ "assignee": crowd.who("officer").membership });
        crowd.does(&app, "supervisor", &id, "assignment", to).await;
        assert_eq!(crowd.mailed(&app).await, names(&["officer"]), "assigned by the supervisor");
        assert_eq!(
            crowd.told(&app, &id, "supervisor").await[0],
            ("incident.assigned".into(), "own_doing".into())
        );
        crowd.does(&app, "admin", &id, "status", json!({ "status": "active" })).await;
        crowd.does(&app, "admin", &id, "escalation", json!({})).await;
        assert_eq!(crowd.mailed(&app).await, names(&["officer", "supervisor"]), "escalated, somebody has it");

        // Nobody of another client or site is even named.
        for stranger in ["supervisor elsewhere", "site_user elsewhere"] {
            assert_eq!(crowd.told(&app, &id, stranger).await, [], "{stranger}");
        }
    }
}

#[tokio::test]
async fn own_choices_go_before_what_roles_bring() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        crowd.mail_on_publish(&app, true).await;
        for (name, cadence) in [
            ("client_user", 1),
            ("client", 1),
            ("client_account", 2),
            ("customer_admin", 1),
            ("supervisor", 0),
        ] {
            crowd.wants(&app, name, Event::Incident, cadence).await;
        }
        crowd.wants(&app, "supervisor elsewhere", Event::Incident, 1).await;
        let id = crowd.filed(&app).await;
        assert_eq!(crowd.mailed(&app).await, names(&["customer_admin", "sharing site_user"]));
        crowd.does(&app, "admin", &id, "publication", json!({ "version": 1 })).await;
        assert_eq!(crowd.mailed(&app).await, names(&["client", "client_user", "site_user"]));
        // The daily one leaves at seven on the organization's clock: noon in UTC, four hours from now.
        assert_eq!(crowd.told(&app, &id, "client_account").await[0].1, "digest");
        app.clock.advance(std::time::Duration::from_secs(3 * 3600 + 3599));
        assert_eq!(crowd.mailed(&app).await, names(&[]));
        app.clock.advance(std::time::Duration::from_secs(1));
        app.expand().await;
        web::notices::send_digests(&app.app).await.unwrap();
        let daily = crowd.mail_to(&app, "client_account").await;
        assert_eq!(daily.len(), 1);
        assert_eq!(daily[0].subject, "Northwatch: one thing since yesterday");
        assert!(daily[0].plain.contains("* Theft at Dock 4"), "{}", daily[0].plain);
        assert!(daily[0].why.contains("once a day"), "{}", daily[0].why);
        assert_eq!(crowd.mailed(&app).await, names(&["client_account"]));
        assert_eq!(crowd.mailed(&app).await, names(&[]), "once");
    }
}

/// What is decided is decided when it leaves.
#[tokio::test]
async fn what_is_taken_back_before_it_leaves_is_not_told() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        crowd.mail_on_publish(&app, true).await;
        let nobody = names(&[]);
        let publish = json!({ "version": 1 });

        // Before anybody worked it out.
        let id = crowd.filed(&app).await;
        crowd.mailed(&app).await;
        crowd.does(&app, "admin", &id, "publication", publish.clone()).await;
        crowd.does(&app, "admin", &id, "unpublication", json!({})).await;
        assert_eq!(crowd.mailed(&app).await, nobody, "unpublished");
        assert_eq!(
            crowd.told(&app, &id, "site_user").await[0],
            ("incident.published".into(), "may_not_see".into())
        );
        // Published after all: now they hear of it.
        crowd.does(&app, "admin", &id, "publication", json!({ "version": 3 })).await;
        assert_eq!(crowd.mailed(&app).await, names(&["site_user"]));

        // Written already, and waiting for the mail server.
        let id = crowd.filed(&app).await;
        crowd.mailed(&app).await;
        crowd.does(&app, "admin", &id, "publication", publish.clone()).await;
        app.expand().await;
        assert_eq!(crowd.mail_to(&app, "site_user").await[0].state, MailState::Waiting);
        crowd.does(&app, "admin", &id, "unpublication", json!({})).await;
        app.deliver().await;
        assert_eq!(crowd.mail_to(&app, "site_user").await[0].state, MailState::Withdrawn);
        assert_eq!(crowd.mailed(&app).await, nobody, "withdrawn");
        assert_eq!(crowd.told(&app, &id, "site_user").await[0].1, "may_not_see");
        crowd.does(&app, "admin", &id, "publication", json!({ "version": 3 })).await;
        assert_eq!(crowd.mailed(&app).await, names(&["site_user"]), "what was withdrawn was not told");

        // Saved, or invited, but nobody has come: single incidents are not for them (GuardHouse: scheduled reports are).
        for entry in [0i64, 1] {
            let join = async |entry: i64| {
                let mut batch = Batch::new();
                let who = crowd.who("sharing site_user").membership;
                batch.run("update memberships set entry = $1 where id = $2", params![entry, who]);
                app.put(batch).await;
            };
            join(entry).await;
            let id = crowd.filed(&app).await;
            assert_eq!(crowd.mailed(&app).await, names(&["supervisor"]), "entry {entry}");
            assert_eq!(crowd.told(&app, &id, "sharing site_user").await[0].1, "not_joined");
            join(2).await;
        }

        // Archived: staff are not told either.
        let id = crowd.filed(&app).await;
        crowd.does(&app, "admin", &id, "archive", json!({})).await;
        assert_eq!(crowd.mailed(&app).await, nobody, "archived");
        assert_eq!(crowd.told(&app, &id, "supervisor").await[0].1, "put_away");

        // The right is taken, the membership deactivated, the subscription ended: between writing and leaving.
        let id = crowd.filed(&app).await;
        app.expand().await;
        app.take_all(crowd.who("supervisor")).await;
        app.deactivate(crowd.who("sharing site_user")).await;
        assert_eq!(crowd.mailed(&app).await, nobody, "revoked and deactivated");
        assert_eq!(crowd.told(&app, &id, "sharing site_user").await[0].1, "inactive");
        app.give(crowd.who("supervisor"), "supervisor", &[Target::Site(crowd.dock)]).await;
        crowd.filed(&app).await;
        app.expand().await;
        crowd.wants(&app, "supervisor", Event::Incident, 0).await;
        assert_eq!(crowd.mailed(&app).await, nobody, "unsubscribed meanwhile");
        // The switch of the whole organization.
        let id = crowd.filed(&app).await;
        crowd.does(&app, "admin", &id, "publication", publish).await;
        app.switch(crowd.org, access::Switch::IncidentReports, false).await;
        assert_eq!(crowd.mailed(&app).await, nobody, "switched off");
    }
}

/// A report that is full of what clients must not read.
fn hidden(dock: SiteId) -> Value {
    let mut body = report(dock);
    body["title"] = json!("canary-title");
    body["narrative"] = json!("canary-narrative");
    body["internal_notes"] = json!("canary-notes");
    body["place"] = json!("canary-place");
    body["latitude"] = json!("41.123456");
    body["longitude"] = json!("-73.654321");
    body["people"] = json!([{ "name": "canary-person", "part": "witness", "contact": "canary-contact", "note": "canary-note" }]);
    body
}

#[tokio::test]
async fn a_clients_mail_holds_the_public_part_and_a_supervisors_no_notes_and_no_people() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        file(&app, crowd.who("admin"), hidden(crowd.dock)).await;
        app.expand().await;
        let whole = |mail: &Mail| format!("{}\n{}\n{}\n{}", mail.subject, mail.html, mail.plain, mail.why);
        let mails = crowd.mail_to(&app, "sharing site_user").await;
        let client = whole(&mails[0]);
        for canary in ["canary", "41.12", "73.65", "admin", "#1", "Harbour"] {
            assert!(!client.contains(canary), "{canary} in {client}");
        }
        for wanted in [
            "Theft at Dock 4",
            "Attempted theft at gate B, nothing taken.",
            "Mon 23 Nov 2026, 02:10 EST",
            "http://bailiwick.test/client/incidents/inc_",
            "because you are Site User of Dock 4 and subscribe to incident reports.",
            "http://bailiwick.test/client/notifications",
            "http://bailiwick.test/unsubscribe/",
        ] {
            assert!(client.contains(wanted), "{wanted} not in {client}");
        }
        let staff = whole(&crowd.mail_to(&app, "supervisor").await[0]);
        for canary in ["canary-notes", "canary-person", "canary-contact", "canary-note\"", "41.12", "73.65"] {
            assert!(!staff.contains(canary), "{canary} in {staff}");
        }
        for wanted in ["canary-title", "canary-narrative", "Reported by", "#1", "/office/incidents/inc_"] {
            assert!(staff.contains(wanted), "{wanted} not in {staff}");
        }
    }
}

/// Two worlds that differ only in what a client may not see: the very same bytes, the same reason, the same link.
#[tokio::test]
async fn hidden_differences_change_no_byte_of_a_clients_mail() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        file(&app, crowd.who("admin"), hidden(crowd.dock)).await;
        app.expand().await;
        let before = crowd.mail_to(&app, "sharing site_user").await;
        let staff = crowd.mail_to(&app, "supervisor").await;
        assert_eq!((before.len(), staff.len()), (1, 1));
        // The same event once more, in the other world.
        let mut batch = Batch::new();
        batch.run("delete from mails", vec![]);
        batch.run("delete from notices", vec![]);
        batch.run("update events set state = 0", vec![]);
        batch.run(
            "update incidents set number = 77, title = 'zebra', narrative = 'zebra', internal_notes = 'zebra', \
               place = 'zebra', latitude = 1.5, longitude = 2.5, author_name = 'zebra', author_role = 'zebra', \
               filed_by = 'zebra', assignee_name = 'zebra', client_name = 'zebra', source = 2, escalated = 1, \
               approved_by = 'zebra', approval_required = 1, approved_at = 1, team_id = $1, area_id = $1",
            params![uuid::Uuid::new_v4()],
        );
        batch.run("update incident_people set name = 'zebra', contact = 'zebra'", vec![]);
        batch.run("update memberships set name = 'zebra' where audience = 0", vec![]);
        app.put(batch).await;
        app.expand().await;
        assert_eq!(crowd.mail_to(&app, "sharing site_user").await, before);
        assert_ne!(crowd.mail_to(&app, "supervisor").await, staff, "the other world is another one");
    }
}

#[tokio::test]
async fn over_the_wire_a_message_says_how_to_stop_it() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        let server = MailServer::start().await;
        crowd.filed(&app).await;
        app.expand().await;
        assert_eq!(app.send_mail(&server.transport()).await, 2);
        let letters = server.letters();
        let address = &crowd.who("sharing site_user").email;
        let letter = letters.iter().find(|letter| letter.contains(&format!("To: {address}"))).unwrap();
        let unfolded = letter.replace("\n ", " ");
        for wanted in [
            "Subject: Theft at Dock 4",
            "List-Unsubscribe: <http://bailiwick.test/unsubscribe/",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(unfolded.contains(wanted), "{wanted} not in {letter}");
        }
        assert!(!letter.contains("Bolt cutters"), "{letter}");
        assert_eq!(app.send_mail(&server.transport()).await, 0, "once");
    }
}

#[tokio::test]
async fn several_nodes_tell_everybody_once() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        let other = app.another_node();
        for _ in 0..6 {
            crowd.filed(&app).await;
        }
        tokio::join!(app.expand(), other.expand());
        app.expand().await;
        assert_eq!(app.outbox().await.len(), 12, "six incidents, two readers");
    }
}

#[tokio::test]
async fn those_who_may_ask_read_why_somebody_was_mailed_or_not() {
    for app in testkit::apps(crate::features()).await {
        let crowd = Crowd::new(&app).await;
        let id = crowd.filed(&app).await;
        app.deliver().await;
        let path = format!("/api/v1/incidents/{id}/mails");
        // Not the supervisor, whose right is to their own notifications; not the client, to whom it is not there.
        let refused = app.get(crowd.who("supervisor"), &path).await.expect(403);
        assert!(refused.text().contains("who was mailed"), "{}", refused.text());
        app.get(crowd.who("site_user"), &path).await.expect(404);
        let ask = |name: &str| format!("{path}?person={}", crowd.who(name).membership);
        for (name, told, words) in [
            ("supervisor", true, "Supervisor of Dock 4 and subscribe to incident reports"),
            ("site_user", false, "only when it was published"),
            ("site_user elsewhere", false, "may not see it"),
            ("customer_admin", false, "do not subscribe to incident reports"),
            ("guard", false, "do not subscribe"),
        ] {
            let out = app.get(crowd.who("admin"), &ask(name)).await.expect(200).json();
            let answer = &out["person"]["answers"][0];
            assert_eq!(answer["told"], told, "{name}: {answer}");
            assert!(answer["reason"].as_str().unwrap().contains(words), "{name}: {answer}");
        }
        let page =
            app.get(crowd.who("admin"), &format!("/office/incidents/{id}/mails")).await.expect(200).text();
        assert!(page.contains("Incident filed") && page.contains("Not subscribed"), "{page}");
        let shown = app.get(crowd.who("admin"), &format!("/office/incidents/{id}")).await.expect(200).text();
        assert!(shown.contains("Who was mailed about this"));
        let kept =
            app.get(crowd.who("supervisor"), &format!("/office/incidents/{id}")).await.expect(200).text();
        assert!(!kept.contains("Who was mailed about this"));
        // The preview before publishing says whom it mails.
        let publication = format!("/api/v1/incidents/{id}/publication");
        let mailed = |out: Value| -> Vec<String> {
            let viewers = out["viewers"].as_array().unwrap().clone();
            viewers
                .iter()
                .filter(|v| v["mailed"] == true)
                .map(|v| v["name"].as_str().unwrap().into())
                .collect()
        };
        assert_eq!(mailed(app.get(crowd.who("admin"), &publication).await.expect(200).json()), [""; 0]);
        crowd.mail_on_publish(&app, true).await;
        assert_eq!(mailed(app.get(crowd.who("admin"), &publication).await.expect(200).json()), ["site_user"]);

        // What somebody would be mailed, without mailing it.
        let record = id.parse::<kernel::id::IncidentId>().unwrap().uuid();
        let would = async |name: &str| {
            let plan = web::identity::plan(&app.app, crowd.org, crowd.who(name).membership).await.unwrap();
            web::notices::would_mail(&app.app, &plan, "incident.filed", record).await.unwrap().unwrap()
        };
        let before = app.outbox().await;
        let web::notices::Would::Mail { subject, plain, .. } = would("supervisor").await else {
            panic!("a mail")
        };
        assert!(before.iter().any(|mail| mail.subject == subject && mail.plain == plain));
        assert!(matches!(
            would("site_user elsewhere").await,
            web::notices::Would::Nothing { outcome: web::notices::Outcome::MayNotSee, .. }
        ));
        assert_eq!(app.outbox().await, before);
        let _ = crowd.harbour;
    }
}
