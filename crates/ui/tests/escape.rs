//! Text from people never becomes markup: every component that takes text is given hostile strings, and the answer
//! must hold none of them unescaped.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests may fail and speak as tests do"
)]

use std::path::Path;

use kernel::{FieldErrors, Portal};
use ui::*;

/// Words that end a context in HTML, whatever the context is. Longer lists are read from the shared data where they
/// are.
const OWN: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "--><b>",
    "\u{202e}evil\u{2066}",
    "&lt;already&gt;",
];

fn hostile() -> Vec<String> {
    let mut all: Vec<String> = OWN.iter().map(|text| (*text).to_owned()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/payloads");
    match std::fs::read_to_string(folder.join("blns.json")) {
        Ok(text) => all.extend(serde_json::from_str::<Vec<String>>(&text).unwrap()),
        Err(why) => println!("skipped the list of naughty strings: {why}"),
    }
    match std::fs::read_to_string(folder.join("xss_payloadbox.txt")) {
        Ok(text) => all.extend(text.lines().map(str::to_owned)),
        Err(why) => println!("skipped the list of scripting payloads: {why}"),
    }
    all
}

/// Every component that takes text, given the same text everywhere.
fn components(text: &str) -> Vec<(&'static str, Markup)> {
    let mut errors = FieldErrors::default();
    errors.add("name", text);
    errors.add(text, text);
    let words = || html! { (text) };
    let choice = Choice { value: text, label: text, hint: Some(text), disabled: None, group: Some(text) };
    let choices = [choice, Choice { disabled: Some(text), ..choice }];
    let field = Field::new("name", text).value(text).hint(text).suffix(text).errors(&errors);
    let off = Field::new("name", text).disabled(text);
    let zone = jiff::tz::TimeZone::UTC;
    let at = kernel::Timestamp::UNIX_EPOCH;
    let columns = [Column::lead(text).sort("/s", None), Column::number(text)];
    let rows =
        [Row { href: Some("/r"), keep: false, id: Some("r"), cells: vec![words(), words()], muted: false }];
    let confirm_text = Confirm {
        id: "c",
        label: text,
        title: text,
        text,
        action: "/c",
        hidden: &[("version", text)],
        reason: Some(text),
        submit: text,
        errors: Some(&errors),
        reason_value: text,
        ..Confirm::default()
    };
    let moment = Moment {
        who: text,
        role: Some(text),
        what: text,
        changes: &[Change { label: text, before: text, after: text }],
        note: Some(text),
        ..Moment::default()
    };
    let child =
        Verdict { sentence: text, because: Some(text), fix: Some((text, "/f")), ..Verdict::default() };
    let verdict = Verdict { children: vec![child.clone()], ..child };
    let nav = [NavItem { href: "/", label: text, count: Some(text), ..NavItem::default() }];
    let notice = Notice { tone: Tone::Info, text };
    let whole = |portal| {
        shell(
            &Shell {
                title: text,
                portal,
                organization: text,
                nav: &nav,
                person: text,
                role_line: text,
                hats: &[
                    Hat { label: text, detail: text, href: "/h", current: true },
                    Hat { label: text, detail: text, href: "/h", current: false },
                ],
                notice: Some(&notice),
                banner: Some(words()),
                crumbs: &[(text, "/")],
                search_action: Some("/search"),
                ..Shell::default()
            },
            words(),
        )
    };
    vec![
        ("office", whole(Portal::Office)),
        ("field", whole(Portal::Field)),
        ("client", whole(Portal::Client)),
        ("bare", bare(&Bare { title: text, organization: text, ..Bare::default() }, words())),
        ("button", button(Kind::Quiet, text, None)),
        ("button_link", button_link(Kind::Quiet, text, "/", None)),
        ("icon_button", icon_button(Kind::Quiet, text, icon::edit())),
        ("submit", submit_named(Kind::Quiet, text, "n", text)),
        ("download", download(text, "/", Some(text))),
        (
            "form",
            form(
                &Form {
                    action: "/",
                    hidden: &[("h", text)],
                    errors: Some(&errors),
                    labels: &[("name", text)],
                    ..Form::default()
                },
                words(),
            ),
        ),
        ("fieldset", fieldset(text, Some(text), words())),
        ("text", ui::text(&field)),
        ("text off", ui::text(&off)),
        ("email", email(&field)),
        ("password", password(&field)),
        ("number", number(&field)),
        ("text_area", text_area(&field, 3)),
        ("date_time", date_time(&field, text)),
        ("file", file(&FileField { field, accept: text, multiple: true, camera: false, max_bytes: Some(1) })),
        ("select", select(&field, &choices, Some(text))),
        ("suggest", suggest(&field, &[text])),
        ("radios", radios(&field, &choices)),
        ("segmented", segmented(&field, &choices)),
        ("checkboxes", checkboxes(&field, &choices, &[text])),
        ("searchable", searchable(&field, &choices, &[text])),
        ("checkbox", checkbox(&field, true)),
        ("switch", switch(&off, true)),
        (
            "table",
            table(&Table {
                caption: text,
                columns: &columns,
                rows: &rows,
                foot: vec![words(), words()],
                keep: true,
            }),
        ),
        (
            "filter_bar",
            filter_bar(&FilterBar {
                search: Some(text),
                search_label: text,
                facets: &[Facet {
                    name: "f",
                    label: text,
                    choices: &choices,
                    chosen: &[text],
                    single: false,
                }],
                chips: &[Chip { label: text, remove_href: "/" }],
                clear_href: "/",
                hidden: &[("h", text)],
                ..FilterBar::default()
            }),
        ),
        ("pager", pager(&Pager { newest: Some("/"), next: Some("/"), showing: text })),
        ("tabs", tabs(text, &[Tab { label: text, href: "/", current: true, count: Some(text) }])),
        ("status", status(text, Tone::Danger)),
        ("tag", tag(text)),
        ("count", count(text, text)),
        ("person", person(text)),
        ("time", time(at, &zone)),
        ("card", card(&Card { title: text, footer: words(), ..Card::default() }, words())),
        ("section", section(text, words())),
        ("stats", stats(&[Stat { label: text, value: text, hint: Some(text), href: Some("/") }])),
        ("detail_list", detail_list(&[(text, words())])),
        ("help", help(text, words())),
        ("copyable", copyable(text)),
        ("code_block", code_block(text, text)),
        ("progress", progress(text, 1, 2)),
        ("alert", alert(Tone::Danger, text, words())),
        ("empty", empty(&Empty { title: text, text, ..Empty::default() }, words())),
        ("live", live("l", "/live", words())),
        ("timeline", timeline(&[moment])),
        (
            "board",
            board(&Board {
                label: text,
                columns: &[BoardColumn {
                    title: text,
                    count: text,
                    cards: vec![board_card(&BoardCard {
                        href: "/",
                        title: text,
                        number: text,
                        ..BoardCard::default()
                    })],
                    ..BoardColumn::default()
                }],
            }),
        ),
        ("dialog", dialog(&Dialog { id: "d", title: text, open: true }, words())),
        ("confirm", confirm(&confirm_text)),
        (
            "menu",
            menu(&Menu {
                id: "m",
                label: text,
                dots: false,
                items: &[
                    MenuItem { label: text, href: "/", ..MenuItem::default() },
                    MenuItem { label: text, disabled: Some(text), ..MenuItem::default() },
                    MenuItem { label: text, href: "/", post: Some(&[("h", text)]), ..MenuItem::default() },
                ],
            }),
        ),
        ("explain", explain(&[verdict])),
        (
            "preview",
            preview(&Preview {
                audience: text,
                visible: words(),
                withheld: &[Withheld { label: text, why: text }],
            }),
        ),
        (
            "attachments",
            attachments(&[Attachment {
                name: text,
                href: "/",
                thumbnail: Some("/t"),
                description: text,
                note: Some(text),
                ..Attachment::default()
            }]),
        ),
        (
            "palette",
            palette_results(&[PaletteGroup {
                label: text,
                hits: vec![PaletteHit { label: text, hint: text, href: "/", icon: icon::site() }],
                more: Some("/"),
            }]),
        ),
        (
            "map",
            geo_map(&GeoMap {
                id: "g",
                label: text,
                editable: true,
                polygon_allowed: true,
                attribution: text,
                markers: &[Marker { label: text, note: text, ..Marker::default() }],
                errors: Some(&errors),
                ..GeoMap::default()
            }),
        ),
    ]
}

/// The tags and attribute names of a document, without any text or value: what the parser would make of it.
fn skeleton(html: &str) -> String {
    let mut bones = String::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let mut quoted = false;
        let end = after.find(|c| {
            if c == '"' {
                quoted = !quoted;
            }
            c == '>' && !quoted
        });
        let Some(end) = end else {
            bones += "<unclosed";
            break;
        };
        let tag = &after[..end];
        // Even parts stand outside the quotes.
        for part in tag.split('"').step_by(2) {
            bones += part;
        }
        bones.push('>');
        rest = &after[end + 1..];
    }
    bones
}

#[test]
fn hostile_text_makes_no_tag_and_no_attribute() {
    let calm = components("calm");
    for text in hostile() {
        // An empty text may leave a part away (a dash for an empty value), so it is not compared.
        if text.trim().is_empty() {
            continue;
        }
        for ((name, quiet), (_, loud)) in calm.iter().zip(components(&text)) {
            assert_eq!(skeleton(&quiet.0), skeleton(&loud.0), "{name} let {text:?} change its markup");
        }
    }
}

#[test]
fn the_skeleton_sees_an_injected_tag_and_an_injected_attribute() {
    assert_ne!(skeleton("<p>calm</p>"), skeleton("<p><b>calm</b></p>"));
    assert_ne!(skeleton("<p class=\"a\">x</p>"), skeleton("<p class=\"a\" onclick=\"b\">x</p>"));
    assert_eq!(skeleton("<p class=\"a\">x</p>"), skeleton("<p class=\"b > c\">y</p>"));
}

#[test]
fn every_text_arrives() {
    let needle = "needle-4711";
    for (name, markup) in components(needle) {
        if name != "time" {
            assert!(markup.0.contains(needle), "{name} lost its text");
        }
    }
}

#[test]
fn a_password_is_never_sent_back() {
    let markup = password(&Field::new("password", "Password").value("secret"));
    assert!(!markup.0.contains("secret"));
}

#[test]
fn a_text_area_keeps_a_leading_line_break() {
    let markup = text_area(&Field::new("t", "T").value("\nfirst"), 2);
    // The parser drops the first line break after the tag.
    assert!(markup.0.contains(">\n\nfirst</textarea>"), "{}", markup.0);
}

#[test]
fn mail_escapes_in_html_and_not_in_text() {
    for text in hostile().iter().filter(|text| !text.trim().is_empty()) {
        let make = |text| Mail {
            organization: text,
            hue: 10,
            heading: text,
            paragraphs: &[],
            action: None,
            why: "because you asked",
            ..Mail::default()
        };
        let (html, plain) =
            mail(&Mail { paragraphs: &[text], action: Some((text, "https://example.org/x")), ..make(text) });
        let (calm, _) = mail(&Mail {
            paragraphs: &["calm"],
            action: Some(("calm", "https://example.org/x")),
            ..make("calm")
        });
        assert_eq!(skeleton(&calm), skeleton(&html), "{text:?}");
        assert!(plain.contains(text.as_str()));
        assert!(plain.contains("You got this e-mail because you asked"));
    }
}
