//! What is embedded can be fetched, in the encoding that was asked for, within its budget.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::io::Read;

use ui::{assets, gallery};

#[test]
fn every_address_in_every_page_resolves() {
    for (name, page) in gallery::all() {
        for part in page.0.split("\"/assets/").skip(1) {
            let address = format!("/assets/{}", part.split('"').next().unwrap());
            let asset =
                assets::get(&address, "br").unwrap_or_else(|| panic!("{name}: {address} is not built"));
            assert!(asset.immutable);
        }
    }
}

#[test]
fn addresses_inside_the_assets_resolve() {
    for (name, url) in assets::all() {
        let asset = assets::get(url, "").unwrap();
        let Ok(text) = std::str::from_utf8(asset.bytes) else { continue };
        assert!(!text.contains("asset:"), "{name} has an address that was not written");
        for part in text.split("/assets/").skip(1) {
            let file: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '.').collect();
            assert!(assets::get(&file, "").is_some(), "{name} names {file}");
        }
    }
}

#[test]
fn encodings_are_chosen_and_hold_the_same_bytes() {
    let url = assets::url("app.css");
    let raw = assets::get(url, "").unwrap();
    assert_eq!((raw.encoding, raw.content_type), (None, "text/css; charset=utf-8"));
    let gzip = assets::get(url, "gzip, deflate").unwrap();
    assert_eq!(gzip.encoding, Some("gzip"));
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(gzip.bytes).read_to_end(&mut text).unwrap();
    assert_eq!(text, raw.bytes);
    assert_eq!(assets::get(url, "gzip, deflate, br;q=0.9").unwrap().encoding, Some("br"));
    assert_eq!(assets::get(url, "br;q=0, gzip").unwrap().encoding, Some("gzip"));
    assert_eq!(assets::get(url, "br; q=0.000").unwrap().encoding, None);
}

#[test]
fn only_a_name_with_its_hash_may_be_kept() {
    assert!(assets::get(assets::url("app.js"), "").unwrap().immutable);
    assert!(!assets::get("app.js", "").unwrap().immutable);
    assert!(assets::get("app-0000000000.js", "").is_none());
    assert!(assets::get("../Cargo.toml", "").is_none());
    assert_eq!(assets::url("no.css"), "/assets/missing");
}

/// What goes over the line, compressed with gzip.
fn weight(names: &[&str]) -> usize {
    names.iter().map(|name| assets::get(assets::url(name), "gzip").unwrap().bytes.len()).sum()
}

#[test]
fn the_budgets_hold() {
    let css = weight(&["app.css"]);
    let js = weight(&["app.js", "scheme.js"]);
    println!("app.css {css} B, portal scripts {js} B");
    assert!(css <= 14_000, "the style sheet weighs {css} B");
    assert!(js <= 20_000, "the portal scripts weigh {js} B");
    if let Some(font) = assets::FONT {
        let bytes = assets::get(font, "").unwrap().bytes.len();
        assert!(bytes <= 70_000, "the face weighs {bytes} B");
    }
}

#[test]
fn no_page_has_inline_script_or_style() {
    for (name, page) in gallery::all() {
        let html = &page.0;
        assert!(!html.contains(" style="), "{name} has a style attribute");
        assert!(!html.contains("<style"), "{name} has a style element");
        assert!(!html.contains("javascript:"), "{name} has a javascript address");
        for script in html.split("<script").skip(1) {
            let (open, after) = script.split_once('>').unwrap();
            assert!(open.contains(" src=\"/assets/"), "{name} has a script without address");
            assert!(after.starts_with("</script>"), "{name} has an inline script");
        }
        for tag in html.split('<').filter_map(|part| part.split('>').next()) {
            for attribute in tag.split('"').step_by(2).flat_map(str::split_whitespace) {
                assert!(!attribute.starts_with("on") || !attribute.ends_with('='), "{name}: {attribute}");
            }
        }
    }
}

#[test]
fn ids_are_given_once_and_references_lead_somewhere() {
    for (name, page) in gallery::all() {
        let html = &page.0;
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name} gives an id twice");
        for word in ["for", "aria-describedby", "aria-labelledby", "commandfor", "popovertarget", "list"] {
            for part in html.split(&format!(" {word}=\"")).skip(1) {
                for id in part.split('"').next().unwrap().split_whitespace() {
                    assert!(ids.binary_search(&id).is_ok(), "{name}: {word} names {id}, which is not there");
                }
            }
        }
    }
}

#[test]
fn every_hue_lands_on_a_step_the_style_sheet_knows() {
    let css = String::from_utf8_lossy(assets::get("app.css", "").unwrap().bytes).into_owned();
    for hue in 0..=720 {
        let page =
            ui::bare(&ui::Bare { title: "x", organization: "y", hue, ..ui::Bare::default() }, ui::html! {});
        let step =
            page.0.split("data-hue=\"").nth(1).and_then(|part| part.split('"').next()).unwrap().to_owned();
        assert!(css.contains(&format!("[data-hue=\"{step}\"]")), "hue {hue} becomes {step}");
    }
}
