//! The settings through HTTP, on both engines.

use std::io::Cursor;

use access::{Switch, Target};
use axum::body::Body;
use axum::http::Request;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::json;
use testkit::{Actor, Answered, TestApp};

#[tokio::test]
async fn an_administrator_changes_the_settings_and_a_client_reads_what_is_let_out() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let supervisor = app.member(org, "Sue Visor", "supervisor", &[], None).await;

        let fields = [
            ("name", "Northwatch Ltd"),
            ("zone", "Europe/Berlin"),
            ("hue", "150"),
            ("details", "Since 1990."),
            ("refuse_staff_email", "on"),
        ];
        app.post_form(&admin, "/office/organization", &fields).await.expect(303);
        let now = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        assert_eq!(
            (now["hue"].as_i64(), now["require_static_site"].as_bool(), now["refuse_staff_email"].as_bool()),
            (Some(150), Some(false), Some(true))
        );
        let wrong = [("name", ""), ("zone", "Mars/Base"), ("hue", "900")];
        let page = app.post_form(&admin, "/office/organization", &wrong).await.expect(422).text();
        assert!(
            page.contains("fill this in") && page.contains("write a time zone") && page.contains("0 to 359"),
            "{page}"
        );
        assert!(page.contains("Mars/Base"), "what was typed is kept");

        // The client side reads name and details only, and only while company details are on.
        let seen = app.get(&reader, "/api/v1/organization").await.expect(200).json();
        assert_eq!(seen["details"], "Since 1990.");
        assert!(
            seen.get("hue").is_none() && seen.get("switches").is_none() && seen.get("features").is_none()
        );
        let keep: Vec<&str> =
            Switch::ALL.iter().filter(|s| **s != Switch::CompanyDetails).map(|s| s.word()).collect();
        app.json(&admin, "POST", "/api/v1/organization/switches", json!({ "on": keep })).await.expect(200);
        app.get(&reader, "/api/v1/organization").await.expect(404);
        app.json(&reader, "POST", "/api/v1/organization/switches", json!({ "on": ["company_details"] }))
            .await
            .expect(404);
        app.get(&supervisor, "/office/organization").await.expect(404);
        app.json(&admin, "POST", "/api/v1/organization/switches", json!({ "on": ["everything"] }))
            .await
            .expect(422);
    }
}

/// What a program leaves out of a yes or no stays as it is; a page leaves out what is not ticked.
#[tokio::test]
async fn a_yes_or_no_that_is_left_out_stays_as_it_is() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let flags = async || {
            let now = app.get(&admin, "/api/v1/organization").await.expect(200).json();
            ["require_static_site", "refuse_staff_email", "mail_on_publish"].map(|flag| now[flag].as_bool())
        };
        let put = async |body: serde_json::Value| {
            app.json(&admin, "PUT", "/api/v1/organization", body).await.expect(200);
        };
        let base = json!({ "name": "Northwatch", "zone": "UTC", "hue": 150 });
        let with = |more: serde_json::Value| {
            let mut body = base.clone();
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        put(with(
            json!({ "require_static_site": true, "refuse_staff_email": true, "mail_on_publish": true }),
        ))
        .await;
        put(base.clone()).await;
        assert_eq!(flags().await, [Some(true); 3]);
        put(with(json!({ "refuse_staff_email": false }))).await;
        assert_eq!(flags().await, [Some(true), Some(false), Some(true)]);
        let typed = [("name", "Northwatch"), ("zone", "UTC"), ("hue", "150"), ("mail_on_publish", "true")];
        app.post_form(&admin, "/office/organization", &typed).await.expect(303);
        assert_eq!(flags().await, [Some(false), Some(false), Some(true)]);
        // A verb about one yes or no alone asks for it.
        let feature = "/api/v1/organization/features/monitor";
        let told = app.json(&admin, "PUT", feature, json!({})).await.expect(422).json();
        assert!(told["errors"]["on"][0].as_str().unwrap().contains("say whether"), "{told}");
    }
}

#[tokio::test]
async fn turning_a_pack_off_makes_its_roles_inert_and_back_on_deletes_nothing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        let center = app.member(org, "Cal Center", "call_center", &[Target::Organization], None).await;
        app.get(&center, "/office/members").await.expect(200);
        app.json(&admin, "POST", "/api/v1/organization/features", json!({ "on": ["service"] }))
            .await
            .expect(200);
        app.get(&center, "/office/members").await.expect(404);
        app.json(&admin, "POST", "/api/v1/organization/features", json!({ "on": ["service", "guarding"] }))
            .await
            .expect(200);
        app.get(&center, "/office/members").await.expect(200);
    }
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A wordmark of which half can be seen through.
fn mark(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| Rgba([10, 90, 120, if x < width / 2 { 0 } else { 255 }]))
}

async fn send(app: &TestApp, who: &Actor, path: &str, files: &[(&str, &[u8])]) -> Answered {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--line\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"{name}\"\r\n\
             content-type: image/png\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(b"--line--\r\n");
    let request = Request::post(path)
        .header("content-type", "multipart/form-data; boundary=line")
        .body(Body::from(body))
        .unwrap();
    app.send(Some(who), request).await
}

#[tokio::test]
async fn a_logo_is_written_anew_and_stands_on_every_page_until_it_is_removed() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let center = app.member(org, "Cal Center", "call_center", &[Target::Organization], None).await;

        // Wider than the box: made small, its proportions kept. A text chunk does not come through.
        let mut sent = encoded(mark(1600, 200), ImageFormat::Png);
        let text = b"tEXtAuthor\0Gina Guard";
        let chunk = [&17_u32.to_be_bytes()[..], text, &crc(text).to_be_bytes()].concat();
        sent.splice(33..33, chunk);
        send(&app, &admin, "/office/organization/logo", &[("../../logo.svg", &sent)]).await.expect(303);
        let seen = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        assert_eq!((seen["logo"]["width"].as_u64(), seen["logo"]["height"].as_u64()), (Some(640), Some(80)));
        let href = seen["logo"]["href"].as_str().unwrap().to_owned();
        let served = app.get_open(&href).await.expect(200);
        assert_eq!(served.header("content-type"), Some("image/png"));
        assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(served.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert!(!String::from_utf8_lossy(&served.bytes).contains("Gina"));
        let again =
            image::load_from_memory_with_format(&served.bytes, ImageFormat::Png).unwrap().into_rgba8();
        assert_eq!(
            (again.dimensions(), again.get_pixel(5, 5).0[3], again.get_pixel(600, 5).0[3]),
            ((640, 80), 0, 255)
        );

        for (who, path) in
            [(&admin, "/office/members"), (&reader, "/client/organization"), (&center, "/office/account")]
        {
            let page = app.get(who, path).await.expect(200).text();
            assert!(page.contains(&format!("src=\"{href}\"")), "{path}: {page}");
        }
        // A letter's page, for somebody who is not inside yet.
        let fields = [("role", "customer_admin"), ("email", "new@example.com"), ("name", "Nia New")];
        let _ = app.post_form(&admin, "/office/invitations", &fields).await;

        // JPEG and WebP through the API; the one before is not served any more.
        for format in [ImageFormat::Jpeg, ImageFormat::WebP] {
            let picture = RgbImage::from_pixel(
                64,
                64,
                Rgb([200, 20, if format == ImageFormat::Jpeg { 20 } else { 90 }]),
            );
            let out =
                send(&app, &admin, "/api/v1/organization/logo", &[("logo", &encoded(picture, format))]).await;
            assert_eq!(out.expect(200).json()["logo"]["width"], 64);
        }
        app.get_open(&href).await.expect(404);

        // Seeing the organization is not changing it.
        let picture = encoded(mark(64, 64), ImageFormat::Png);
        send(&app, &reader, "/api/v1/organization/logo", &[("logo.png", &picture)]).await.expect(403);
        send(&app, &center, "/office/organization/logo", &[("logo.png", &picture)]).await.expect(404);
        app.json(&reader, "DELETE", "/api/v1/organization/logo", json!({})).await.expect(403);

        let now = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        let href = now["logo"]["href"].as_str().unwrap().to_owned();
        app.get_open(&href).await.expect(200);
        app.post_form(&admin, "/office/organization/logo/removal", &[]).await.expect(303);
        app.get_open(&href).await.expect(404);
        let page = app.get(&reader, "/client/organization").await.expect(200).text();
        assert!(!page.contains("/logos/"), "{page}");
        app.json(&admin, "DELETE", "/api/v1/organization/logo", json!({})).await.expect(200);
        assert_eq!(
            crate::trial::actions(&app, org)
                .await
                .iter()
                .filter(|action| action.contains("logo"))
                .collect::<Vec<_>>(),
            ["set_logo", "set_logo", "set_logo", "remove_logo"]
        );
    }
}

/// The checksum of PNG chunks.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(
            sum ^ u32::from(byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    })
}

/// A PNG of a few bytes that says it is a hundred thousand pixels wide and high.
fn bomb() -> Vec<u8> {
    let mut bytes = encoded(mark(16, 16), ImageFormat::Png);
    for at in [16, 20] {
        bytes[at..at + 4].copy_from_slice(&100_000_u32.to_be_bytes());
    }
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[tokio::test]
async fn a_hostile_logo_is_refused_with_its_reason_and_changes_nothing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let good = encoded(mark(64, 32), ImageFormat::Png);
        let kept =
            send(&app, &admin, "/api/v1/organization/logo", &[("logo.png", &good)]).await.expect(200).json();

        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        let spaced = [b"\xEF\xBB\xBF \n<?xml version=\"1.0\"?>".as_slice(), &svg].concat();
        let cut = good[..good.len() / 2].to_vec();
        let mut larger = good.clone();
        larger.resize(super::logo::MOST_BYTES + 1, 0);
        let gif = encoded(mark(32, 32), ImageFormat::Gif);
        let tiny = encoded(mark(4, 4), ImageFormat::Png);
        let wide = encoded(RgbImage::new(17_000, 1_000), ImageFormat::Png);
        let hostile: [(&str, Vec<u8>, &str); 12] = [
            ("logo.svg", svg.clone(), "SVG"),
            ("logo.png", svg, "SVG"),
            ("logo.png", spaced, "SVG"),
            ("logo.svgz", vec![0x1F, 0x8B, 8, 0], "SVG"),
            ("logo.png", b"<html><body>".to_vec(), "SVG"),
            ("logo.png", b"MZ\x90\0 not a picture".to_vec(), "not a PNG, JPEG or WebP"),
            ("logo.gif", gif, "not a PNG, JPEG or WebP"),
            ("logo.png", cut, "damaged"),
            ("logo.png", bomb(), "million pixels"),
            ("logo.png", wide, "million pixels"),
            ("logo.png", larger, "larger than"),
            ("logo.png", tiny, "smaller than"),
        ];
        for (name, bytes, why) in hostile {
            let refused =
                send(&app, &admin, "/api/v1/organization/logo", &[(name, &bytes)]).await.expect(422);
            let said = refused.json()["errors"]["logo"][0].as_str().unwrap().to_owned();
            assert!(said.contains(why), "{name}: {said}");
            let page =
                send(&app, &admin, "/office/organization/logo", &[(name, &bytes)]).await.expect(422).text();
            assert!(page.contains(why), "{name}: {page}");
        }
        send(&app, &admin, "/api/v1/organization/logo", &[]).await.expect(422);
        send(&app, &admin, "/api/v1/organization/logo", &[("a.png", &good), ("b.png", &good)])
            .await
            .expect(422);
        app.json(&admin, "POST", "/api/v1/organization/logo", json!({})).await.expect(422);

        // Real files that are meant to do harm: taken as a picture of ours, or refused; never anything else.
        for path in real() {
            let bytes = std::fs::read(&path).unwrap();
            let out = send(&app, &admin, "/api/v1/organization/logo", &[("logo.png", &bytes)]).await;
            assert!([200, 413, 422].contains(&out.status), "{}: {}", path.display(), out.status);
            if out.status == 200 {
                let href = out.json()["logo"]["href"].as_str().unwrap().to_owned();
                let served = app.get_open(&href).await.expect(200);
                image::load_from_memory_with_format(&served.bytes, ImageFormat::Png).unwrap();
                send(&app, &admin, "/api/v1/organization/logo", &[("logo.png", &good)]).await.expect(200);
            }
        }
        let now = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        assert_eq!(now["logo"], kept["logo"]);
        // An address that is no digest, one of nothing, and one with other letters name nothing.
        let href = kept["logo"]["href"].as_str().unwrap();
        for path in [
            "/logos/x".to_owned(),
            format!("/logos/{}", "0".repeat(64)),
            href.to_uppercase().replace("/LOGOS", "/logos"),
        ] {
            app.get_open(&path).await.expect(404);
        }
    }
}

/// The real uploads, where they are there.
fn real() -> Vec<std::path::PathBuf> {
    let data = std::env::var_os("BAILIWICK_DATA").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let mut files = Vec::new();
    let mut folders = vec![data.join("uploads")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    if files.is_empty() {
        println!("left out: there are no real uploads at {}", data.join("uploads").display());
    }
    files
}

async fn put(
    app: &testkit::TestApp,
    who: &testkit::Actor,
    feature: &str,
    body: serde_json::Value,
) -> testkit::Answered {
    app.json(who, "PUT", &format!("/api/v1/organization/features/{feature}"), body).await
}

#[tokio::test]
async fn a_pack_begins_and_ends_by_itself_and_screens_say_so() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        let center = app.member(org, "Cal Center", "call_center", &[Target::Organization], None).await;
        let lesser = app.member(org, "Adam Admin", "admin", &[Target::Organization], None).await;
        let person = format!("/members/{}", center.membership);

        let now = app.get(&admin, "/api/v1/organization/features/guarding").await.expect(200).json();
        assert_eq!((now["state"].as_str(), now["people"].as_i64()), (Some("on"), Some(2)));
        assert_eq!(now["roles"][0]["name"], "Call Center Representative");
        let page = app.get(&admin, "/office/organization/features/guarding").await.expect(200).text();
        assert!(
            page.contains("roles of 2 people grant nothing") && page.contains("Call Center Representative"),
            "{page}"
        );

        // Until the 24th, which counts in full in New York.
        let until = json!({ "on": true, "until": "2026-11-24" });
        let set = put(&app, &admin, "guarding", until).await.expect(200).json();
        assert_eq!(
            (set["state"].as_str(), set["until"].as_str()),
            (Some("on"), Some("2026-11-25T05:00:00Z"))
        );
        let page = app.get(&admin, &format!("/office{person}")).await.expect(200).text();
        assert!(page.contains("Grants nothing from"), "{page}");
        app.get(&center, "/office/members").await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(45 * 3600 + 1));
        app.get(&center, "/office/members").await.expect(404);
        let page = app.get(&admin, &format!("/office{person}")).await.expect(200).text();
        assert!(page.contains("Grants nothing") && page.contains("The guarding pack is off."), "{page}");
        let offers = app.get(&admin, &format!("/office{person}/roles/new")).await.expect(200).text();
        assert!(offers.contains("The guarding pack is off."), "{offers}");
        assert!(!offers.contains("needs the feature"), "technician users are on: {offers}");
        let page = app.get(&admin, "/office/organization").await.expect(200).text();
        assert!(page.contains("Ended") && page.contains("They grant nothing at the moment"), "{page}");

        // From a day on.
        let from = json!({ "on": "on", "from": "2026-11-27", "until": "2026-12-31" });
        let set = put(&app, &admin, "guarding", from).await.expect(200).json();
        assert_eq!(set["state"], "later");
        app.get(&center, "/office/members").await.expect(404);
        app.clock.advance(std::time::Duration::from_secs(2 * 86_400 + 60));
        app.get(&center, "/office/members").await.expect(200);
        app.post_form(
            &admin,
            "/office/organization/features/guarding",
            &[("on", "off"), ("until", "2026-12-31")],
        )
        .await
        .expect(303);
        app.get(&center, "/office/members").await.expect(404);
        app.post_form(
            &admin,
            "/office/organization/features/guarding",
            &[("on", "on"), ("from", ""), ("until", "")],
        )
        .await
        .expect(303);
        app.get(&center, "/office/members").await.expect(200);
        assert!(crate::trial::actions(&app, org).await.iter().all(|action| action == "set_feature"));

        for (wrong, at) in [
            (json!({ "on": true, "until": "2026-11-01" }), "until"),
            (json!({ "on": true, "from": "2027-02-01", "until": "2027-01-01" }), "until"),
            (json!({ "on": true, "from": "soon" }), "from"),
        ] {
            let refused = put(&app, &admin, "guarding", wrong).await.expect(422).text();
            assert!(refused.contains(at), "{refused}");
        }
        let page = app
            .post_form(
                &admin,
                "/office/organization/features/guarding",
                &[("on", "on"), ("until", "2026-02-30")],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("2026-02-30") && page.contains("write a day"), "{page}");
        put(&app, &admin, "flying", json!({ "on": true })).await.expect(404);
        // Who may see the subscription but not set it; who may neither.
        app.get(&lesser, "/api/v1/organization/features").await.expect(200);
        put(&app, &lesser, "service", json!({})).await.expect(403);
        app.get(&center, "/api/v1/organization/features").await.expect(404);
        put(&app, &center, "service", json!({})).await.expect(404);
    }
}

#[tokio::test]
async fn a_pack_that_ends_by_itself_leaves_somebody_who_administers() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let olga = app.member(org, "Olga Owner", "owner", &[Target::Organization], None).await;
        let until = json!({ "on": true, "until": "2026-12-31" });
        let refused = put(&app, &ada, "guarding", until.clone()).await.expect(409).text();
        assert!(refused.contains("From 1 Jan 2027, 00:00 nobody would administer"), "{refused}");
        let refused = put(&app, &ada, "guarding", json!({ "on": false })).await.expect(409).text();
        assert!(refused.contains("Nobody would administer"), "{refused}");
        let later = json!({ "on": true, "from": "2026-12-01" });
        put(&app, &ada, "guarding", later).await.expect(409);

        let bea = app.member(org, "Bea Boss", "administrator", &[Target::Organization], None).await;
        put(&app, &ada, "guarding", until).await.expect(200);
        // Now she is the one who stays, and cannot be taken away although two others administer today.
        let member = app.get(&olga, &format!("/api/v1/members/{}", bea.membership)).await.expect(200).json();
        let role = member["roles"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/members/{}/roles/{role}", bea.membership);
        let refused = app.json(&olga, "DELETE", &path, json!({})).await.expect(409).text();
        assert!(refused.contains("From 1 Jan 2027"), "{refused}");
        app.json(&olga, "POST", &format!("/api/v1/members/{}/deactivation", bea.membership), json!({}))
            .await
            .expect(409);
        put(&app, &ada, "guarding", json!({ "on": true })).await.expect(200);
        app.json(&olga, "DELETE", &path, json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn turning_a_pack_off_leaves_somebody_who_administers_the_organization() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        // The asker's own role is of no pack, but ends; the other administrator's is of the guarding pack, for good.
        let asker = app.member(org, "Ada Admin", "administrator", &[], None).await;
        let until = app.now() + std::time::Duration::from_secs(86_400);
        app.give_until(&asker, "administrator", &[Target::Organization], until).await;
        let other = app.member(org, "Otto Owner", "customer_admin", &[Target::Organization], None).await;
        let off = json!({ "on": ["service"] });
        let told = app.json(&asker, "POST", "/api/v1/organization/features", off.clone()).await.expect(409);
        assert!(told.text().contains("Nobody would administer"), "{}", told.text());
        // Nothing was turned off, nor is it by somebody who would lock themselves out.
        app.get(&other, "/office/members").await.expect(200);
        let told = app.json(&other, "POST", "/api/v1/organization/features", off.clone()).await.expect(409);
        assert!(told.text().contains("your own administrator"), "{}", told.text());
        let page = app.post_form(&asker, "/office/organization/features", &[("on", "service")]).await;
        assert_eq!(page.status, 409);
        assert!(page.text().contains("Nobody would administer"), "{}", page.text());
        // With an administrator for good whose role is of no pack it goes through.
        app.member(org, "Perry Permanent", "administrator", &[Target::Organization], None).await;
        app.json(&asker, "POST", "/api/v1/organization/features", off).await.expect(200);
        app.get(&other, "/office/members").await.expect(404);
    }
}
