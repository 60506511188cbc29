//! Attachments through HTTP, on both engines. Who sees what is written by hand from ROLES.md: a client reads what
//! was released and marked for it, a guard follows the own report and changes nothing, positions are the
//! supervisor's and the administrator's.

use access::Target;
use axum::body::Body;
use axum::http::Request;
use kernel::id::{AttachmentId, ClientId, OrganizationId, SiteId};
use serde_json::{Value, json};
use testkit::{Actor, Answered, TestApp};

use super::samples::{self, ARTIST, DEGREES, holds, photo};

type Sent<'a> = (&'a str, &'a [u8]);

/// The body of a form with files.
fn body(line: &str, fields: &[(&str, &str)], files: &[Sent<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        out.extend(
            format!("--{line}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--{line}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             content-type: text/html\r\n\r\n"
        );
        out.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    out.extend(format!("--{line}--\r\n").bytes());
    out
}

fn post(path: &str, line: &str, key: Option<&str>, body: Vec<u8>) -> Request<Body> {
    let mut request =
        Request::post(path).header("content-type", format!("multipart/form-data; boundary={line}"));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    request.body(Body::from(body)).unwrap()
}

async fn send(
    app: &TestApp,
    who: &Actor,
    path: &str,
    fields: &[(&str, &str)],
    files: &[Sent<'_>],
) -> Answered {
    app.send(Some(who), post(path, "line", None, body("line", fields, files))).await
}

/// A site of a client, with those who meet its incidents.
struct World {
    org: OrganizationId,
    client: ClientId,
    site: SiteId,
    admin: Actor,
    supervisor: Actor,
    guard: Actor,
    reader: Actor,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let client = app.client(org, "Harbour").await;
    let site = app.site(org, client, None, "Pier 4").await;
    World {
        org,
        client,
        site,
        admin: app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await,
        supervisor: app.member(org, "Sam Super", "supervisor", &[Target::Site(site)], None).await,
        guard: app.member(org, "Gus Guard", "guard", &[Target::Site(site)], None).await,
        reader: app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await,
    }
}

const STORY: &[(&str, &str)] = &[
    ("kind", "Theft"),
    ("severity", "low"),
    ("title", "Fence cut"),
    ("narrative", "The fence was cut."),
    ("occurred_at", "2026-11-22T21:30"),
    ("public_details", "The fence was cut."),
];

/// Files an incident with photos; answers its id.
async fn file(app: &TestApp, who: &Actor, site: SiteId, files: &[Sent<'_>]) -> String {
    let site = site.to_string();
    let fields = [&[("site", site.as_str())], STORY].concat();
    let made = send(app, who, "/field/incidents", &fields, files).await.expect(303);
    made.header("location").unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn listed(app: &TestApp, who: &Actor, incident: &str) -> Vec<Value> {
    let path = format!("/api/v1/incidents/{incident}/attachments");
    app.get(who, &path).await.expect(200).json().as_array().unwrap().clone()
}

fn id(attachment: &Value) -> String {
    attachment["id"].as_str().unwrap().to_owned()
}

async fn release(app: &TestApp, who: &Actor, incident: &str, verb: &str) {
    let path = format!("/api/v1/incidents/{incident}");
    let version = app.get(who, &path).await.expect(200).json()["version"].clone();
    app.json(who, "POST", &format!("{path}/{verb}"), json!({ "version": version })).await.expect(200);
}

async fn mark(app: &TestApp, who: &Actor, attachment: &str, class: &str) -> Answered {
    app.json(who, "POST", &format!("/api/v1/attachments/{attachment}/class"), json!({ "class": class })).await
}

#[tokio::test]
async fn a_client_sees_a_photo_once_it_is_marked_and_the_incident_released_and_not_after() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(
            &app,
            &world.guard,
            world.site,
            &[("Gus Guard at gate.jpg", &photo(80, 60)), ("log.txt", b"03:10 noise")],
        )
        .await;
        // The guard follows the own report, with what was handed in.
        let own = listed(&app, &world.guard, &incident).await;
        assert_eq!(own.len(), 2);
        assert_eq!(own[0]["class"], "operational", "nothing leaks by default");
        let picture = own.iter().find(|a| a["thumbnail"] == true).map(id).unwrap();
        let text = own.iter().find(|a| a["thumbnail"] == false).map(id).unwrap();
        app.get(&world.guard, &format!("/field/attachments/{picture}/thumbnail")).await.expect(200);

        let small = format!("/client/attachments/{picture}/thumbnail");
        let path = format!("/api/v1/attachments/{picture}");
        let nothing =
            app.get(&world.reader, &format!("/api/v1/attachments/{}", AttachmentId::new())).await.expect(404);
        let hidden = async |when: &str| {
            let answer = app.get(&world.reader, &path).await.expect(404);
            assert_eq!((&answer.bytes, &answer.headers), (&nothing.bytes, &nothing.headers), "{when}");
            app.get(&world.reader, &small).await.expect(404);
        };
        hidden("neither marked nor released").await;
        mark(&app, &world.admin, &picture, "public").await.expect(200);
        hidden("marked, not released").await;
        release(&app, &world.admin, &incident, "publication").await;

        let seen = listed(&app, &world.reader, &incident).await;
        assert_eq!(seen.len(), 1, "the log stays inside");
        assert_eq!(seen[0]["name"], "photo-1.jpg", "a name can name a person");
        for hidden in ["class", "taken_at", "added_at", "added_by"] {
            assert!(seen[0].get(hidden).is_none(), "{hidden}");
        }
        assert_eq!(seen[0]["original"], false);
        let got = app.get(&world.reader, &path).await.expect(200);
        assert!(!holds(&got.bytes, ARTIST) && !holds(&got.bytes, DEGREES) && !holds(&got.bytes, b"Exif"));
        assert_eq!(got.header("content-disposition").unwrap().split(';').next(), Some("inline"));
        assert!(got.header("content-disposition").unwrap().contains("photo-1.jpg"));
        assert!(!got.header("content-disposition").unwrap().contains("Gus"));
        app.get(&world.reader, &small).await.expect(200);
        app.get(&world.reader, &format!("/api/v1/attachments/{text}")).await.expect(404);
        app.get(&world.reader, &format!("/api/v1/attachments/{picture}/original")).await.expect(404);
        let page = app.get(&world.reader, &format!("/client/incidents/{incident}")).await.expect(200).text();
        assert!(page.contains("photo-1.jpg") && !page.contains("Hand in") && !page.contains("log.txt"));

        // Another client's people never, whatever was released.
        let other = app.client(world.org, "Mill").await;
        let stranger =
            app.member(world.org, "Otto Other", "client_user", &[Target::Client(other)], Some(other)).await;
        app.get(&stranger, &path).await.expect(404);

        // Taken back: gone with the next request, by either decision.
        mark(&app, &world.admin, &picture, "operational").await.expect(200);
        hidden("unmarked").await;
        mark(&app, &world.admin, &picture, "public").await.expect(200);
        app.get(&world.reader, &path).await.expect(200);
        release(&app, &world.admin, &incident, "unpublication").await;
        hidden("unpublished").await;
        assert_ne!(world.client, other);
    }
}

#[tokio::test]
async fn the_original_is_for_staff_who_may_see_positions() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let bytes = photo(80, 60);
        let incident = file(&app, &world.guard, world.site, &[("gate.jpg", &bytes)]).await;
        let picture = id(&listed(&app, &world.guard, &incident).await[0]);
        let path = format!("/api/v1/attachments/{picture}/original");
        for who in [&world.supervisor, &world.admin] {
            let original = app.get(who, &path).await.expect(200);
            assert_eq!(original.bytes, bytes, "untouched");
            assert!(original.header("content-disposition").unwrap().starts_with("attachment"));
        }
        app.get(&world.guard, &path).await.expect(404);
        let clean = app.get(&world.admin, &format!("/api/v1/attachments/{picture}")).await.expect(200);
        assert!(!holds(&clean.bytes, ARTIST), "without asking, staff get the cleaned one too");
        // 21:30:05, five hours behind, as the camera wrote it.
        let told = &listed(&app, &world.admin, &incident).await[0];
        assert_eq!(told["taken_at"], "2026-11-23T02:30:05Z");
        assert_eq!((&told["width"], &told["height"]), (&json!(60), &json!(80)));
        assert_eq!(told["added_by"], "Gus Guard");
    }
}

#[tokio::test]
async fn a_guard_and_a_client_change_nothing_and_the_refusals_say_why() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(&app, &world.guard, world.site, &[("gate.jpg", &photo(80, 60))]).await;
        let picture = id(&listed(&app, &world.guard, &incident).await[0]);
        let more = format!("/api/v1/incidents/{incident}/attachments");
        let sent: &[Sent<'_>] = &[("more.txt", b"more")];
        // ROLES.md: guards submit incidents and cannot change or publish them afterwards.
        let refused = send(&app, &world.guard, &more, &[], sent).await.expect(403).json();
        assert!(refused["detail"].as_str().unwrap().contains("edit incidents"), "{refused}");
        mark(&app, &world.guard, &picture, "public").await.expect(403);
        app.json(&world.guard, "POST", &format!("/api/v1/attachments/{picture}/archive"), json!({}))
            .await
            .expect(403);
        send(&app, &world.reader, &more, &[], sent).await.expect(404);
        mark(&app, &world.reader, &picture, "public").await.expect(404);
        // A supervisor approves, so decides what the client sees; the class must be one there is.
        send(&app, &world.supervisor, &more, &[("class", "public")], sent).await.expect(201);
        let wrong =
            send(&app, &world.supervisor, &more, &[("class", "secret")], sent).await.expect(422).json();
        assert!(wrong["errors"]["class"].is_array(), "{wrong}");
        let empty = send(&app, &world.supervisor, &more, &[], &[]).await.expect(422).json();
        assert!(empty["errors"]["files"][0].as_str().unwrap().contains("at least one"), "{empty}");
        assert_eq!(listed(&app, &world.supervisor, &incident).await.len(), 2);

        // Put away: gone for the guard, kept for those who may change the record.
        let away = format!("/office/attachments/{picture}/archive");
        app.post_form(&world.supervisor, &away, &[]).await.expect(303);
        app.get(&world.guard, &format!("/api/v1/attachments/{picture}")).await.expect(404);
        assert_eq!(listed(&app, &world.supervisor, &incident).await.len(), 1);
        let page = app
            .get(&world.supervisor, &format!("/office/incidents/{incident}/attachments?archived=true"))
            .await;
        assert!(page.expect(200).text().contains("gate.jpg"));
        app.get(&world.guard, &format!("/field/incidents/{incident}/attachments?archived=true"))
            .await
            .expect(404);
        let back = format!("/office/attachments/{picture}/restore");
        app.post_form(&world.supervisor, &back, &[]).await.expect(303);
        app.get(&world.guard, &format!("/api/v1/attachments/{picture}")).await.expect(200);
        let history =
            app.get(&world.admin, &format!("/api/v1/incidents/{incident}/changes")).await.expect(200).text();
        for action in ["attach", "archive_file", "restore_file"] {
            assert!(history.contains(action), "{action}: {history}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_sentence_and_nothing_of_it_is_kept() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(&app, &world.guard, world.site, &[]).await;
        let path = format!("/office/incidents/{incident}/attachments");
        let large = vec![b'a'; web::input::MOST_FILE + 1];
        for (name, bytes, why) in [
            ("gate.png", b"<!doctype html><script>alert(1)</script>".as_slice(), "HTML"),
            ("gate.svg", b"<svg onload='alert(1)'/>", "SVG"),
            ("virus.txt", &samples::eicar(), "virus"),
            ("bomb.png", &samples::bomb(), "50 million pixels"),
            ("many.zip", &samples::zip(&["a.jpg"]), "archive"),
            ("empty.txt", b"", "empty"),
            ("large.txt", &large, "larger than"),
        ] {
            // A good file beside it does not slip in.
            let files: &[Sent<'_>] = &[("good.txt", b"good"), (name, bytes)];
            let page =
                send(&app, &world.admin, &path, &[("class", "public")], files).await.expect(422).text();
            assert!(page.contains(why) && page.contains(name), "{name}: {page}");
        }
        let many: Vec<Sent<'_>> = (0..21).map(|_| ("a.txt", b"a".as_slice())).collect();
        let page = send(&app, &world.admin, &path, &[], &many).await.expect(422).text();
        assert!(page.contains("at most 20 files"), "{page}");
        let film = samples::film();
        let page =
            send(&app, &world.admin, &path, &[("class", "public")], &[("a.mp4", &film[..film.len() - 5])])
                .await;
        assert!(page.expect(422).text().contains("stays inside"));
        // An upload that breaks off.
        let mut half = body("line", &[], &[("gate.jpg", &photo(80, 60))]);
        half.truncate(half.len() - 40);
        app.send(Some(&world.admin), post(&path, "line", None, half)).await.expect(400);
        assert!(listed(&app, &world.admin, &incident).await.is_empty());

        // With the report itself: the form comes back with what was typed, and no incident is made.
        let site = world.site.to_string();
        let fields = [&[("site", site.as_str())], STORY].concat();
        let page =
            send(&app, &world.guard, "/field/incidents", &fields, &[("a.svg", b"<svg/>")]).await.expect(422);
        assert!(page.text().contains("Fence cut") && page.text().contains("SVG"));
        let all = app.get(&world.admin, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_content_runs_nothing_wherever_it_is_opened() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let gif = samples::moving_gif();
        let sent: &[Sent<'_>] =
            &[("../../a\"b.html", b"plain words"), ("a.gif", &gif), ("a.pdf", samples::PDF)];
        let incident = file(&app, &world.guard, world.site, sent).await;
        for attachment in listed(&app, &world.admin, &incident).await {
            let got =
                app.get(&world.admin, &format!("/office/attachments/{}", id(&attachment))).await.expect(200);
            let kind = attachment["media_type"].as_str().unwrap();
            assert_eq!(got.header("content-type"), Some(kind));
            assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(got.header("cache-control"), Some("private, no-store"));
            assert_eq!(got.header("content-security-policy"), Some("default-src 'none'; sandbox"));
            assert_eq!(got.header("cross-origin-resource-policy"), Some("same-origin"));
            let place = got.header("content-disposition").unwrap();
            assert_eq!(place.starts_with("inline"), kind.starts_with("image/"), "{place}");
            assert!(!place.contains("..") && !place.contains("b.html\""), "{place}");
        }
    }
}

#[tokio::test]
async fn a_keyed_upload_that_is_sent_twice_is_made_once() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(&app, &world.guard, world.site, &[]).await;
        let path = format!("/api/v1/incidents/{incident}/attachments");
        let bytes = photo(80, 60);
        // Every sending makes up its own parting line.
        let one = body("first-line", &[], &[("gate.jpg", &bytes)]);
        let two = body("second-line", &[], &[("gate.jpg", &bytes)]);
        let first = app.send(Some(&world.admin), post(&path, "first-line", Some("k"), one)).await.expect(201);
        let again =
            app.send(Some(&world.admin), post(&path, "second-line", Some("k"), two)).await.expect(201);
        assert_eq!(first.bytes, again.bytes);
        let other = body("line", &[], &[("gate.jpg", b"other")]);
        app.send(Some(&world.admin), post(&path, "line", Some("k"), other)).await.expect(409);
        assert_eq!(listed(&app, &world.admin, &incident).await.len(), 1);
    }
}

#[tokio::test]
async fn another_organization_answers_like_none() {
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(&app, &world.guard, world.site, &[("gate.jpg", &photo(80, 60))]).await;
        let picture = id(&listed(&app, &world.guard, &incident).await[0]);
        let other = app.organization("Southwatch").await;
        let admin = app.member(other, "Eve Else", "customer_admin", &[Target::Organization], None).await;
        for rest in ["", "/thumbnail", "/original", "/details"] {
            app.get(&admin, &format!("/api/v1/attachments/{picture}{rest}")).await.expect(404);
        }
        mark(&app, &admin, &picture, "public").await.expect(404);
        app.get(&admin, &format!("/api/v1/incidents/{incident}/attachments")).await.expect(404);
    }
}

#[tokio::test]
async fn real_files_go_in_and_come_out_clean_or_are_refused() {
    use base64::Engine as _;
    let Some(folder) = samples::real() else { return };
    let read = |path: &str| std::fs::read(folder.join(path)).unwrap();
    for app in testkit::apps(crate::features()).await {
        let world = world(&app).await;
        let incident = file(&app, &world.guard, world.site, &[]).await;
        let path = format!("/api/v1/incidents/{incident}/attachments");
        for (name, media_type) in [
            ("fixture-isomv2.mp4", "video/mp4"),
            ("fixture-json.webp", "text/plain; charset=utf-8"),
            ("fixture-minimal.pdf", "application/pdf"),
            ("fixture-mp2l3.mp3", "audio/mpeg"),
            (
                "fixture-office365.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            ("fixture2.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("fixture.jpg", "image/jpeg"),
            ("fixture.png", "image/png"),
        ] {
            let bytes = read(&format!("real-types/{name}"));
            let made = send(&app, &world.admin, &path, &[], &[(name, &bytes)]).await.expect(201).json();
            assert_eq!(made[0]["media_type"], media_type, "{name}");
        }
        let gif = read("real-types/fixture.gif");
        let made = send(&app, &world.admin, &path, &[], &[("fixture.gif", &gif)]).await.expect(201).json();
        assert!(made[0]["media_type"].as_str().unwrap().starts_with("image/"), "{made}");
        let eicar = read("hostile/eicar.b64").trim_ascii().to_vec();
        let eicar = base64::engine::general_purpose::STANDARD.decode(eicar).unwrap();
        for (name, bytes) in [
            ("fixture.zip", read("real-types/fixture.zip")),
            ("fixture.xml", read("real-types/fixture.xml")),
            ("html_named.png", read("hostile/html_named.png")),
            ("svg_script.svg", read("hostile/svg_script.svg")),
            ("gif_js_polyglot.gif", read("hostile/gif_js_polyglot.gif")),
            ("eicar.com", eicar),
        ] {
            send(&app, &world.admin, &path, &[], &[(name, &bytes)]).await.expect(422);
        }

        let bytes = read("photo_exif_gps_orient6.jpg");
        let made = send(&app, &world.admin, &path, &[("class", "public")], &[("p.jpg", &bytes)])
            .await
            .expect(201)
            .json();
        assert_eq!((&made[0]["width"], &made[0]["height"]), (&json!(480), &json!(640)), "upright");
        release(&app, &world.admin, &incident, "publication").await;
        let photo = id(&made[0]);
        for rest in ["", "/thumbnail"] {
            let got = app.get(&world.reader, &format!("/client/attachments/{photo}{rest}")).await.expect(200);
            for mark in [b"Exif".as_slice(), b"TestCam", b"GPS", b"fence cut"] {
                assert!(!holds(&got.bytes, mark), "{rest} {mark:?}");
            }
        }
        let original =
            app.get(&world.supervisor, &format!("/api/v1/attachments/{photo}/original")).await.expect(200);
        assert_eq!(original.bytes, bytes);
    }
}
