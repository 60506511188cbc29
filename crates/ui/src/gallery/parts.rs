//! The components one by one.

use jiff::civil::date as civil;
use jiff::tz::TimeZone;
use kernel::FieldErrors;
use maud::{Markup, html};
use std::time::Duration;

use super::portals::{minutes_ago, office_nav, office_shell, when};
use crate::*;

/// Every component in every state, in the office shell.
#[must_use]
pub fn page() -> Markup {
    let nav = office_nav("Gallery");
    let page = Shell {
        actions: html! { @for (name, _) in PAGES { (button_link(Kind::Plain, name, &format!("{name}.html"), None)) } },
        ..office_shell("Gallery", &nav)
    };
    shell(
        &page,
        html! {
            (words_and_marks())
            (actions())
            (messages())
            (fields())
            (choices())
            (lists())
            (panels())
            (records())
            (maps())
            (icons())
        },
    )
}

const PAGES: &[(&str, ())] = &[
    ("office", ()),
    ("incident", ()),
    ("board", ()),
    ("form", ()),
    ("field", ()),
    ("client", ()),
    ("sign-in", ()),
    ("error", ()),
];

fn words_and_marks() -> Markup {
    let tones = [
        ("Neutral", Tone::Neutral),
        ("Info", Tone::Info),
        ("Success", Tone::Success),
        ("Warning", Tone::Warning),
        ("Danger", Tone::Danger),
    ];
    card(
        &Card { title: "Status, severity, counts, names, time", ..Card::default() },
        html! {
            div.actions { @for (word, tone) in tones { (status(word, tone)) " " } (badge(Shape::Half, "Waiting for approval", Tone::Warning)) }
            div.actions { @for level in [Severity::Low, Severity::Medium, Severity::High, Severity::Critical] { (severity(level)) " " } }
            div.actions { (tag("static")) (tag("patrol")) (count("7", "waiting")) (count("99+", "waiting")) (person("Nguyễn Thị Minh Khai")) (person("محمد الفارسي")) }
            p { (when(4)) ", " (when(190)) ", " (when(20_400)) "; exact " (time_exact(minutes_ago(4), &TimeZone::UTC)) "; "
                (time_range(minutes_ago(480), Some(minutes_ago(0)), &TimeZone::UTC)) "; " (day(civil(2026, 11, 23))) "; " (duration(Duration::from_secs(27_000))) }
        },
    )
}

fn actions() -> Markup {
    card(
        &Card { title: "Buttons, menus, dialogs", ..Card::default() },
        html! {
            (buttons(html! {
                (button(Kind::Primary, "Primary", Some(icon::check()))) (button(Kind::Quiet, "Quiet", None)) (button(Kind::Plain, "Plain", None)) (button(Kind::Danger, "Danger", Some(icon::archive())))
                (icon_button(Kind::Quiet, "Edit", icon::edit())) (icon_link(Kind::Plain, "Open", "#open", icon::external()))
                button.btn type="button" disabled { "Not now" }
                (download("Timesheets", "#csv", Some("CSV, 214 rows")))
            }))
            (buttons(html! {
                (menu(&Menu { id: "menu-a", label: "Actions", dots: false, items: &[
                    MenuItem { label: "Edit", href: "#edit", icon: Some(icon::edit()), ..MenuItem::default() },
                    MenuItem { label: "Publish", href: "#publish", icon: Some(icon::publish()), post: Some(&[("version", "3")]), ..MenuItem::default() },
                    MenuItem { label: "Share", icon: Some(icon::link()), disabled: Some("Sharing is off for this client"), ..MenuItem::default() },
                    MenuItem { label: "Archive", href: "#archive", icon: Some(icon::archive()), post: Some(&[]), danger: true, ..MenuItem::default() },
                ] }))
                (menu(&Menu { id: "menu-b", label: "More for this row", dots: true, items: &[MenuItem { label: "Open", href: "#open", ..MenuItem::default() }] }))
                (dialog_button(Kind::Quiet, "Open a dialog", "dialog-a", None))
                (confirm(&Confirm { id: "confirm-a", label: "Unpublish", icon: Some(icon::unpublish()), kind: Kind::Danger, title: "Unpublish INC-1042?",
                    text: "Acme Retail will not find it any more. What they have read or downloaded stays with them.", action: "#unpublish",
                    reason: Some("Reason"), reason_required: true, submit: "Unpublish", ..Confirm::default() }))
            }))
            (dialog(&Dialog { id: "dialog-a", title: "A dialog", open: false }, html! { p { "Opened by the browser itself, closed by Escape, the cross or a press beside it." } }))
        },
    )
}

fn messages() -> Markup {
    card(
        &Card { title: "Messages", ..Card::default() },
        html! {
            (alert(Tone::Info, "The roster of next week is a draft", html! { p { "Officers see it once you publish it." } }))
            (alert(Tone::Success, "All 14 timesheets are approved", html! {}))
            (alert(Tone::Warning, "Two shifts have nobody", html! { p { "Tonight 22:00 at Harbour Gate, tomorrow 06:00 at Meridian Tower. " a href="#fill" { "Fill them" } } }))
            (alert(Tone::Danger, "This code was not accepted", html! { p { "It was used already, or it is older than 15 minutes." } }))
            (empty(&Empty { icon: icon::tour(), title: "No tours yet", text: "A tour is a list of checkpoints that an officer passes in a given time. Make one, print its codes, and missed rounds show up here." },
                button_link(Kind::Quiet, "Make a tour", "#new", Some(icon::plus()))))
            (progress("Import of 1,200 workers", 480, 1200))
            (progress("Preparing the export", 0, 0))
            (skeleton(3))
            (help("Why do I see only three sites?", html! { p { "You see the sites you are assigned to. An administrator can add more under People." } }))
        },
    )
}

fn fields() -> Markup {
    let mut errors = FieldErrors::default();
    errors.add("g_email", "an account with this address exists already");
    errors.add("g_hours", "give a number between 0 and 24");
    card(
        &Card { title: "Fields", ..Card::default() },
        form(
            &Form {
                action: "gallery.html",
                errors: Some(&errors),
                labels: &[("g_email", "E-mail")],
                ..Form::default()
            },
            html! {
                (text(&Field::new("g_name", "Name").required().value("Robert'); DROP TABLE workers;--").hint("As it stands on the badge")))
                (form_row(html! { (email(&Field::new("g_email", "E-mail").value("a@example.org").required().errors(&errors))) (tel(&Field::new("g_tel", "Telephone"))) }))
                (password(&Field::new("g_password", "New password").autocomplete("new-password").hint("At least 12 characters. A sentence is fine.").required()))
                (form_row(html! {
                    (number(&Field::new("g_hours", "Hours").value("25").between("0", "24").step("0.25").suffix("h").errors(&errors)))
                    (date(&Field::new("g_date", "Day").value("2026-11-23")))
                    (time_of_day(&Field::new("g_time", "From").value("22:00")))
                }))
                (date_time(&Field::new("g_at", "When").value("2026-11-23T04:00"), "Europe/London"))
                (text_area(&Field::new("g_notes", "Notes").value("Grows with its text.\nTwo lines."), 3))
                (text(&Field::new("g_number", "Number").value("INC-1042").read_only()))
                (text(&Field::new("g_client", "Client").value("Acme Retail").disabled("A record never moves to another client")))
                (file(&FileField { field: Field::new("g_files", "Files").hint("Place and camera data are taken out before a client sees a photo"), accept: "image/*", multiple: true, camera: false, max_bytes: Some(20_000_000) }))
                (buttons(submit(Kind::Quiet, "Save")))
            },
        ),
    )
}

fn choices() -> Markup {
    let phases = [
        Choice::new("new", "New"),
        Choice::new("review", "In review").hint("A supervisor reads it"),
        Choice::new("closed", "Closed").disabled("Only a supervisor closes"),
    ];
    let sites: Vec<_> = [
        "Acme Retail Park West",
        "Central Station Concourse",
        "Harbour Gate",
        "Meridian Tower",
        "Northern Line Depot",
        "Old Mill",
        "Quay 7",
        "University Library",
    ]
    .iter()
    .enumerate()
    .map(|(at, name)| Choice::new(name, name).group(if at < 4 { "Static sites" } else { "Patrol sites" }))
    .collect();
    let mut errors = FieldErrors::default();
    errors.add("g_sites", "choose at least one static site");
    card(
        &Card { title: "Choices", ..Card::default() },
        form(
            &Form { action: "gallery.html", ..Form::default() },
            html! {
                (select(&Field::new("g_phase", "Phase").value("review").required(), &phases, None))
                (suggest(&Field::new("g_city", "City"), &["London", "Leeds", "Lisbon"]))
                (radios(&Field::new("g_radio", "State").value("review").required(), &phases))
                (segmented(&Field::new("g_segment", "Show").value("week").required(), &[Choice::new("day", "Day"), Choice::new("week", "Week"), Choice::new("month", "Month")]))
                (checkboxes(&Field::new("g_days", "Days"), &[Choice::new("mo", "Monday"), Choice::new("tu", "Tuesday")], &["tu"]))
                (searchable(&Field::new("g_sites", "Sites").hint("What this person may see").required().errors(&errors), &sites, &["Harbour Gate"]))
                (checkbox(&Field::new("g_check", "Send the daily report").hint("At 07:00 in the site’s zone"), true))
                (switch(&Field::new("g_switch", "Show live clock-ins"), true))
                (switch(&Field::new("g_switch_off", "Share all incidents on submission").disabled("Incident reports are off for the organization"), false))
            },
        ),
    )
}

fn lists() -> Markup {
    let columns = [
        Column::lead("Worker").sort("#a", Some(table::Direction::Ascending)),
        Column::new("Team").low(),
        Column::number("Hours").sort("#b", None),
        Column::number("Amount"),
        Column::actions(),
    ];
    let row = |name: &str, team: &str, hours: &str, amount: &str, id: &str, muted| Row {
        href: Some("#worker"),
        keep: false,
        id: None,
        muted,
        cells: vec![
            person(name),
            html! { (team) },
            html! { (hours) },
            html! { (amount) },
            html! { div.actions { (icon_link(Kind::Plain, &format!("Edit {name}"), &format!("#{id}"), icon::edit())) (icon_button(Kind::Plain, &format!("Approve {name}"), icon::check())) } },
        ],
    };
    let rows = [
        row("Priya Raman", "Night", "38.50", "£ 654.50", "p", false),
        row("Tomasz Wiśniewski", "Night", "40.00", "£ 680.00", "t", false),
        row("Zoë Ångström", "Day", "0.00", "–", "z", true),
    ];
    let matrix = [
        Column::lead("Permission"),
        Column::new("Supervisor"),
        Column::new("Officer"),
        Column::new("Client user"),
        Column::new("Call center"),
        Column::new("Site user"),
    ];
    let yes = || badge(Shape::Square, "Yes", Tone::Success);
    let no = || badge(Shape::Ring, "No", Tone::Neutral);
    let matrix_rows = [
        Row {
            cells: vec![html! { code { "incident.publish" } }, yes(), no(), no(), no(), no()],
            ..Row::default()
        },
        Row {
            cells: vec![
                html! { code { "incident.view" } },
                yes(),
                badge(Shape::Half, "Own", Tone::Info),
                yes(),
                yes(),
                yes(),
            ],
            ..Row::default()
        },
    ];
    html! {
        (card(&Card { title: "Table", flush: true, footer: html! { "Three workers, week 47" }, ..Card::default() }, table(&Table { caption: "Hours of week 47", columns: &columns, rows: &rows, foot: vec![html! { "Total" }, html! {}, html! { "78.50" }, html! { "£ 1,334.50" }, html! {}], keep: false })))
        (card(&Card { title: "Matrix that stays a table", flush: true, ..Card::default() }, table(&Table { caption: "Who may do what", columns: &matrix, rows: &matrix_rows, foot: Vec::new(), keep: true })))
        (pager(&Pager { newest: None, next: Some("#next"), showing: "50 of more than 1,000" }))
    }
}

fn panels() -> Markup {
    html! {
        (card(&Card { title: "Figures, facts, code", actions: icon_button(Kind::Plain, "Edit figures", icon::edit()), footer: html! { "Counted a minute ago" }, ..Card::default() }, html! {
            (stats(&[Stat { label: "On duty", value: "14", hint: Some("of 15 rostered"), href: Some("#duty") }, Stat { label: "Late rounds", value: "1", hint: None, href: None }, Stat { label: "Hours", value: "1,204.5", hint: Some("this week"), href: None }]))
            (detail_list(&[("Id", copyable("01JDC9Z3XK4T7M8QW2N5V6B7C8")), ("Empty", html! {}), ("Long", html! { "AVeryLongWordWithoutAnySpaceThatHasToBreakSomewhereBecausePhonesAreNarrow" })]))
            (code_block("Example answer", "{\n  \"number\": \"INC-1042\",\n  \"severity\": \"high\",\n  \"note\": \"<script>alert(1)</script> stays text\"\n}"))
        }))
        (grid(html! { @for name in ["Harbour Gate", "Meridian Tower", "Quay 7"] { (card(&Card { title: name, ..Card::default() }, html! { p.dim { "A card in a grid" } })) } }))
    }
}

fn records() -> Markup {
    html! {
        (card(&Card { title: "What happened", ..Card::default() }, timeline(&[
            Moment { who: "Miriam Oyelaran", role: Some("Supervisor"), what: "published this incident", when: when(12), icon: icon::publish(), tone: Tone::Success, note: Some("Agreed with the client by telephone."), ..Moment::default() },
            Moment { what: "The daily report was sent to 3 people", when: when(300), icon: icon::mail(), ..Moment::default() },
        ])))
        (card(&Card { title: "Why?", ..Card::default() }, explain(&[
            Verdict { outcome: Outcome::Allowed, sentence: "Priya Raman may see INC-1042", because: Some("Role Officer at Harbour Gate, until 31 Dec 2026"), ..Verdict::default() },
            Verdict { outcome: Outcome::Denied, sentence: "Priya Raman may not publish it", because: Some("No role of hers holds incident.publish"), fix: Some(("Give her a role", "#roles")), ..Verdict::default() },
            Verdict { outcome: Outcome::NotApplicable, sentence: "Sharing on submission", ..Verdict::default() },
        ])))
        (preview(&Preview { audience: "Acme Retail, 3 people", visible: html! { p { "Shoplifting, one person detained." } }, withheld: &[Withheld { label: "Guard names", why: "Never shown to clients" }] }))
        (attachments(&[Attachment { name: "entrance.jpg", size: 250_000, href: "#a", thumbnail: Some("photo.svg"), description: "Main entrance", actions: icon_button(Kind::Plain, "Remove entrance.jpg", icon::x()), ..Attachment::default() }, Attachment { name: "statement.pdf", size: 1_250_000, href: "#b", ..Attachment::default() }]))
    }
}

fn maps() -> Markup {
    let corners = [
        Point { lat: 51.5081, lon: -0.1290 },
        Point { lat: 51.5085, lon: -0.1262 },
        Point { lat: 51.5068, lon: -0.1259 },
        Point { lat: 51.5065, lon: -0.1287 },
    ];
    html! {
        (card(&Card { title: "Geofence, to be drawn", ..Card::default() }, form(&Form { action: "gallery.html", ..Form::default() }, geo_map(&GeoMap {
            id: "fence", label: "Geofence of Harbour Gate", center: Point { lat: 51.5074, lon: -0.1278 }, zoom: 16, editable: true, polygon_allowed: true,
            shape: GeoShape::Circle { center: Point { lat: 51.5074, lon: -0.1278 }, radius_m: 150.0 },
            ..GeoMap::default()
        }))))
        (card(&Card { title: "Geofence, to be read", ..Card::default() }, geo_map(&GeoMap {
            id: "fence-read", label: "Geofence of Meridian Tower", center: corners[0], zoom: 16, shape: GeoShape::Polygon(&corners),
            markers: &[Marker { at: Point { lat: 51.5074, lon: -0.1278 }, label: "Priya Raman", href: Some("#priya"), note: "1 min ago, ±8 m" }, Marker { at: Point { lat: 51.5070, lon: -0.1265 }, label: "Checkpoint Pump house", href: None, note: "missed" }],
            ..GeoMap::default()
        })))
    }
}

fn icons() -> Markup {
    card(
        &Card { title: "Icons", ..Card::default() },
        html! {
            ul.icon-sheet { @for (name, icon) in icon::ALL { li { (icon) span.dim { (name) } } } }
        },
    )
}
