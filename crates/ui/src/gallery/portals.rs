//! Example pages of the three portals.

use jiff::tz::TimeZone;
use kernel::{FieldErrors, Portal, Timestamp};
use maud::{Markup, html};

use crate::table::Direction;
use crate::*;

/// The example's "now", minus so many minutes.
pub(super) fn minutes_ago(minutes: i64) -> Timestamp {
    // 23 Nov 2026, 04:30 UTC.
    Timestamp::from_second(1_795_408_200 - minutes * 60).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) fn when(minutes: i64) -> Markup {
    time(minutes_ago(minutes), &TimeZone::UTC)
}

const HATS: &[Hat<'static>] = &[
    Hat { label: "Northwatch Security", detail: "Staff: Supervisor", href: "/hats/1", current: true },
    Hat { label: "Acme Retail", detail: "Client: Site User", href: "/hats/2", current: false },
];

pub(super) fn office_shell<'a>(title: &'a str, nav: &'a [NavItem<'a>]) -> Shell<'a> {
    Shell {
        title,
        portal: Portal::Office,
        organization: "Northwatch Security",
        hue: 210,
        nav,
        person: "Miriam Oyelaran",
        role_line: "Supervisor, 3 sites",
        hats: HATS,
        search_action: Some("search.html"),
        ..Shell::default()
    }
}

pub(super) fn office_nav(current: &str) -> Vec<NavItem<'static>> {
    [
        ("board.html", "Live board", icon::board(), None),
        ("office.html", "Incidents", icon::incident(), Some("12")),
        ("#reports", "Reports", icon::report(), Some("3")),
        ("#tours", "Tours", icon::tour(), None),
        ("#roster", "Roster", icon::calendar(), None),
        ("#timesheets", "Timesheets", icon::clock(), None),
        ("#sites", "Sites", icon::site(), None),
        ("#clients", "Clients", icon::client(), None),
        ("#people", "People", icon::people(), None),
        ("#access", "Access", icon::key(), None),
        ("form.html", "New incident", icon::plus(), None),
        ("gallery.html", "Gallery", icon::settings(), None),
    ]
    .map(|(href, label, icon, count)| NavItem { href, label, icon, current: label == current, count })
    .to_vec()
}

struct Sample {
    number: &'static str,
    title: &'static str,
    site: &'static str,
    severity: Severity,
    status: (&'static str, Shape, Tone),
    by: &'static str,
    minutes: i64,
    published: bool,
}

const SAMPLES: &[Sample] = &[
    Sample {
        number: "INC-1048",
        title: "Forced door at loading bay 4",
        site: "Harbour Gate",
        severity: Severity::Critical,
        status: ("New", Shape::Triangle, Tone::Danger),
        by: "Tomasz Wiśniewski",
        minutes: 4,
        published: false,
    },
    Sample {
        number: "INC-1047",
        title: "Fire panel fault, zone B",
        site: "Meridian Tower",
        severity: Severity::High,
        status: ("Active", Shape::Circle, Tone::Info),
        by: "Priya Raman",
        minutes: 26,
        published: false,
    },
    Sample {
        number: "INC-1046",
        title: "Visitor refused to leave the premises after closing time and became abusive towards staff",
        site: "Acme Retail Park West",
        severity: Severity::Medium,
        status: ("Review", Shape::Diamond, Tone::Warning),
        by: "Declan O’Rourke",
        minutes: 75,
        published: false,
    },
    Sample {
        number: "INC-1045",
        title: "Water leak in basement car park",
        site: "Meridian Tower",
        severity: Severity::Medium,
        status: ("Active", Shape::Circle, Tone::Info),
        by: "Priya Raman",
        minutes: 190,
        published: true,
    },
    Sample {
        number: "INC-1044",
        title: "Lost child found at information desk",
        site: "Acme Retail Park West",
        severity: Severity::Low,
        status: ("Resolved", Shape::Square, Tone::Success),
        by: "Aïcha Benali",
        minutes: 560,
        published: true,
    },
    Sample {
        number: "INC-1043",
        title: "Broken perimeter light, post 17",
        site: "Harbour Gate",
        severity: Severity::Low,
        status: ("Closed", Shape::Ring, Tone::Neutral),
        by: "Tomasz Wiśniewski",
        minutes: 1630,
        published: true,
    },
    Sample {
        number: "INC-1042",
        title: "Shoplifting, one person detained",
        site: "Acme Retail Park West",
        severity: Severity::High,
        status: ("Resolved", Shape::Square, Tone::Success),
        by: "Aïcha Benali",
        minutes: 3100,
        published: true,
    },
    Sample {
        number: "INC-1041",
        title: "Unattended bag, cleared",
        site: "Central Station Concourse",
        severity: Severity::High,
        status: ("Closed", Shape::Ring, Tone::Neutral),
        by: "Declan O’Rourke",
        minutes: 20_400,
        published: false,
    },
];

fn status_of(sample: &Sample) -> Markup {
    badge(sample.status.1, sample.status.0, sample.status.2)
}

/// A list in the back office.
#[must_use]
pub fn office() -> Markup {
    let nav = office_nav("Incidents");
    let notice = Notice { tone: Tone::Success, text: "INC-1044 was published. Acme Retail can see it now." };
    let page = Shell {
        notice: Some(&notice),
        actions: html! {
            (download("Export", "#csv", Some("CSV")))
            (button_link(Kind::Primary, "New incident", "form.html", Some(icon::plus())))
        },
        ..office_shell("Incidents", &nav)
    };
    let severities = ["low", "medium", "high", "critical"].map(|word| Choice::new(word, word));
    let sites = [
        Choice::new("1", "Harbour Gate"),
        Choice::new("2", "Meridian Tower"),
        Choice::new("3", "Acme Retail Park West"),
    ];
    let columns = [
        Column::new("Number").sort("#number", None).plain(),
        Column::lead("Incident"),
        Column::new("Severity").sort("#severity", None).plain(),
        Column::new("Status").plain(),
        Column::new("Site").plain(),
        Column::new("Reported by").low(),
        Column::new("Client sees it").low(),
        Column::number("When").sort("#when", Some(Direction::Descending)).plain(),
    ];
    let rows: Vec<_> = SAMPLES
        .iter()
        .map(|one| Row {
            href: Some("incident.html"),
            keep: false,
            id: Some(one.number),
            cells: vec![
                html! { span.number.dim { (one.number) } },
                html! { (one.title) },
                severity(one.severity),
                status_of(one),
                html! { (one.site) },
                person(one.by),
                if one.published {
                    badge(Shape::Square, "Published", Tone::Success)
                } else {
                    badge(Shape::Ring, "No", Tone::Neutral)
                },
                when(one.minutes),
            ],
            muted: one.status.0 == "Closed",
        })
        .collect();
    shell(
        &page,
        html! {
            (tabs("Views", &[
                Tab { label: "All", href: "#all", current: true, count: Some("99+") },
                Tab { label: "Mine", href: "#mine", current: false, count: Some("4") },
                Tab { label: "To publish", href: "#publish", current: false, count: Some("3") },
                Tab { label: "Archived", href: "#archived", current: false, count: None },
            ]))
            (filter_bar(&FilterBar {
                action: "office.html", search: Some(""), search_label: "Number, words or site",
                facets: &[
                    Facet { name: "severity", label: "Severity", choices: &severities, chosen: &["high", "critical"], single: false },
                    Facet { name: "site", label: "Site", choices: &sites, chosen: &[], single: false },
                ],
                chips: &[
                    Chip { label: "Severity: high", remove_href: "#1" },
                    Chip { label: "Severity: critical", remove_href: "#2" },
                    Chip { label: "Since 1 Nov 2026", remove_href: "#3" },
                ],
                clear_href: "#clear",
                ..FilterBar::default()
            }))
            (table(&Table { caption: "Incidents, newest first", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager { newest: Some("#newest"), next: Some("#next"), showing: "50 incidents, more than 1,000 in all" }))
        },
    )
}

/// One record in the back office.
#[must_use]
pub fn incident() -> Markup {
    let nav = office_nav("Incidents");
    let page = Shell {
        crumbs: &[("Incidents", "office.html"), ("Harbour Gate", "#site")],
        actions: html! {
            (button(Kind::Quiet, "Escalate", Some(icon::escalate())))
            (menu(&Menu { id: "more", label: "More", dots: true, items: &[
                MenuItem { label: "Edit", href: "form.html", icon: Some(icon::edit()), ..MenuItem::default() },
                MenuItem { label: "History", href: "#history", icon: Some(icon::history()), ..MenuItem::default() },
                MenuItem { label: "Delete", disabled: Some("Incidents are archived, never deleted"), icon: Some(icon::x()), ..MenuItem::default() },
                MenuItem { label: "Archive", href: "#archive", icon: Some(icon::archive()), post: Some(&[]), danger: true, ..MenuItem::default() },
            ] }))
            (confirm(&Confirm {
                id: "publish", label: "Publish", icon: Some(icon::publish()), kind: Kind::Primary, title: "Publish INC-1048?",
                text: "Three people at Acme Logistics can open it from then on. No e-mail is sent.",
                action: "#publish", reason: Some("Note for the history"), submit: "Publish", ..Confirm::default()
            }))
        },
        ..office_shell("Forced door at loading bay 4", &nav)
    };
    shell(&page, html! { (split(incident_main(), incident_side())) })
}

fn incident_main() -> Markup {
    html! {
        (card(&Card { title: "What happened", ..Card::default() }, html! {
            p.prose { "During the 04:00 round I found the roller door of bay 4 lifted by about 40 cm. The padlock lay cut on the ground beside it.\n\nI called the control room, waited for Declan and walked the hall with him. Nobody inside, two pallets of the outgoing row are opened." }
            (attachments(&[
                Attachment { name: "bay-4-door.jpg", size: 412_000, href: "#a", thumbnail: Some("photo.svg"), description: "Roller door lifted, padlock on the ground", ..Attachment::default() },
                Attachment { name: "padlock.jpg", size: 188_400, href: "#b", thumbnail: Some("photo.svg"), description: "Cut padlock", ..Attachment::default() },
                Attachment { name: "cctv-export-camera-17-2026-11-23-0355-0412.pdf", size: 2_412_000, href: "#c", note: Some("being checked"), ..Attachment::default() },
            ]))
        }))
        (card(&Card { title: "What the client will see", ..Card::default() }, preview(&Preview {
            audience: "Acme Logistics",
            visible: html! {
                (detail_list(&[("Type", html! { "Break-in" }), ("Severity", severity(Severity::Critical)), ("Site", html! { "Harbour Gate" }), ("When", time_exact(minutes_ago(4), &TimeZone::UTC))]))
                p { "The roller door of bay 4 was forced during the night. The hall was searched, nobody was found." }
            },
            withheld: &[
                Withheld { label: "Guard names", why: "Never shown to clients" },
                Withheld { label: "Internal notes", why: "2 notes stay inside" },
                Withheld { label: "Position and track", why: "Never shown to clients" },
            ],
        })))
        (card(&Card { title: "History", ..Card::default() }, timeline(&[
            Moment { who: "Miriam Oyelaran", role: Some("Supervisor"), what: "raised the severity", when: when(2), icon: icon::escalate(), tone: Tone::Warning,
                changes: &[Change { label: "Severity", before: "Medium", after: "Critical" }, Change { label: "Assigned to", before: "", after: "Declan O’Rourke" }],
                note: Some("Second forced door at this site in a week."), },
            Moment { who: "Tomasz Wiśniewski", role: Some("Officer"), what: "added 3 files", when: when(3), icon: icon::camera(), ..Moment::default() },
            Moment { who: "Tomasz Wiśniewski", role: Some("Officer"), what: "reported this incident", when: when(4), icon: icon::incident(), tone: Tone::Danger, ..Moment::default() },
        ])))
    }
}

fn incident_side() -> Markup {
    html! {
        (card(&Card { title: "Details", ..Card::default() }, html! {
            (detail_list(&[
                ("Number", copyable("INC-1048")),
                ("Status", badge(Shape::Triangle, "New", Tone::Danger)),
                ("Severity", severity(Severity::Critical)),
                ("Site", html! { a href="#site" { "Harbour Gate" } }),
                ("Client", html! { a href="#client" { "Acme Logistics" } }),
                ("Reported by", person("Tomasz Wiśniewski")),
                ("Occurred", time_exact(minutes_ago(9), &TimeZone::UTC)),
                ("Assigned to", html! {}),
            ]))
        }))
        (card(&Card { title: "Why can’t the client see it?", ..Card::default() }, explain(&[
            Verdict { outcome: Outcome::Denied, sentence: "It is not published", because: Some("Client users see published incidents only"), fix: Some(("Publish it", "#publish")), ..Verdict::default() },
            Verdict { outcome: Outcome::Allowed, sentence: "Harbour Gate is a site of Acme Logistics", ..Verdict::default() },
            Verdict { outcome: Outcome::Allowed, sentence: "Incident reports are switched on", children: vec![
                Verdict { outcome: Outcome::Allowed, sentence: "For the organization", ..Verdict::default() },
                Verdict { outcome: Outcome::NotApplicable, sentence: "Sharing on submission", because: Some("Off for this client; staff publish one by one"), ..Verdict::default() },
            ], ..Verdict::default() },
        ])))
        (card(&Card { title: "Place", ..Card::default() }, geo_map(&GeoMap {
            id: "place", label: "Where it happened", center: Point { lat: 51.507_351, lon: -0.127_758 }, zoom: 16,
            shape: GeoShape::Circle { center: Point { lat: 51.507_351, lon: -0.127_758 }, radius_m: 120.0 },
            markers: &[Marker { at: Point { lat: 51.507_9, lon: -0.126_9 }, label: "INC-1048", href: Some("#here"), note: "4 min ago, ±12 m" }],
            ..GeoMap::default()
        })))
    }
}

/// Columns with cards in the back office.
#[must_use]
pub fn board() -> Markup {
    let nav = office_nav("Live board");
    let cards = |from: usize, to: usize| -> Vec<Markup> {
        SAMPLES.get(from..to).unwrap_or_default().iter().map(|one| board_card(&BoardCard {
            id: Some(one.number), href: "incident.html", title: one.title, number: one.number, badge: severity(one.severity),
            meta: html! { span { (one.site) } (when(one.minutes)) },
            actions: html! { form action="#move" method="post" data-stay { (submit(Kind::Quiet, "Acknowledge")) } },
        })).collect()
    };
    let page = Shell {
        banner: Some(
            html! { (icon::eye()) span { strong { "Previewing as Acme Logistics." } " You see exactly what they see." } a href="#stop" { "Stop previewing" } },
        ),
        ..office_shell("Live board", &nav)
    };
    shell(
        &page,
        html! {
            (stats(&[
                Stat { label: "On duty", value: "14", hint: Some("of 15 rostered"), href: Some("#duty") },
                Stat { label: "Late rounds", value: "1", hint: Some("Harbour Gate, 22 min"), href: Some("#late") },
                Stat { label: "Open incidents", value: "12", hint: Some("3 since midnight"), href: Some("#open") },
                Stat { label: "To approve", value: "7", hint: Some("oldest 2 days"), href: Some("#approve") },
            ]))
            (live("board", "/live/board", crate::board(&Board { label: "Incidents by status", columns: &[
                BoardColumn { title: "Urgent", count: "1", tone: Tone::Danger, cards: cards(0, 1), empty: "" },
                BoardColumn { title: "Active", count: "2", tone: Tone::Info, cards: cards(1, 2).into_iter().chain(cards(3, 4)).collect(), empty: "" },
                BoardColumn { title: "Review", count: "1", tone: Tone::Warning, cards: cards(2, 3), empty: "" },
                BoardColumn { title: "Resolved", count: "0", tone: Tone::Success, cards: Vec::new(), empty: "Nothing was resolved today." },
            ] })))
        },
    )
}

/// A form after a refusal.
#[must_use]
pub fn form() -> Markup {
    let nav = office_nav("New incident");
    let mut errors = FieldErrors::default();
    errors.add("title", "say in a few words what happened");
    errors.add("occurred_at", "this is in the future");
    let sites = [
        Choice::new("1", "Harbour Gate").group("Acme Logistics"),
        Choice::new("2", "Acme Retail Park West").group("Acme Retail"),
        Choice::new("3", "Meridian Tower").group("Meridian"),
    ];
    let kinds = [
        Choice::new("break-in", "Break-in"),
        Choice::new("fire", "Fire or smoke"),
        Choice::new("person", "Person"),
    ];
    let severities = [
        Choice::new("low", "Low"),
        Choice::new("medium", "Medium"),
        Choice::new("high", "High"),
        Choice::new("critical", "Critical"),
    ];
    let page = Shell { crumbs: &[("Incidents", "office.html")], ..office_shell("New incident", &nav) };
    shell(
        &page,
        html! {
            (crate::form(&Form { action: "form.html", guard: true, multipart: true, errors: Some(&errors), hidden: &[("version", "1")], ..Form::default() }, html! {
                (text(&Field::new("title", "Title").hint("Read first by the client, once published").required().errors(&errors)))
                (form_row(html! {
                    (select(&Field::new("site", "Site").value("1").required(), &sites, Some("Choose a site")))
                    (select(&Field::new("kind", "Type").value("").required(), &kinds, Some("Choose a type")))
                }))
                (date_time(&Field::new("occurred_at", "When").value("2026-11-24T04:00").required().errors(&errors), "Europe/London"))
                (segmented(&Field::new("severity", "Severity").value("medium").required(), &severities))
                (text_area(&Field::new("details", "What happened").hint("Write what you saw. Names of guards are kept from clients.").value("First line.\nSecond line."), 5))
                (file(&FileField { field: Field::new("files", "Photos and files"), accept: "image/*,application/pdf", multiple: true, camera: false, max_bytes: Some(20_000_000) }))
                (fieldset("Who may see it", Some("Nothing is shown to a client before you publish it."), html! {
                    (switch(&Field::new("publish", "Publish at once").disabled("Publishing needs the permission incident.publish at this site"), false))
                    (checkbox(&Field::new("notify", "Tell the control room").hint("They get a notification when you save"), true))
                }))
                (buttons(html! { (submit(Kind::Primary, "Save incident")) (button_link(Kind::Plain, "Cancel", "office.html", None)) }))
            }))
        },
    )
}

/// The first page of an officer's phone.
#[must_use]
pub fn field() -> Markup {
    let nav = [
        NavItem { href: "field.html", label: "Today", icon: icon::home(), current: true, count: None },
        NavItem { href: "#tour", label: "Tour", icon: icon::tour(), current: false, count: None },
        NavItem { href: "#report", label: "Report", icon: icon::report(), current: false, count: None },
        NavItem { href: "#tasks", label: "Tasks", icon: icon::task(), current: false, count: Some("3") },
        NavItem { href: "#roster", label: "Roster", icon: icon::calendar(), current: false, count: None },
        NavItem { href: "#orders", label: "Post orders", icon: icon::list(), current: false, count: None },
        NavItem { href: "#help", label: "Help", icon: icon::explain(), current: false, count: None },
    ];
    let page = Shell {
        title: "Harbour Gate",
        portal: Portal::Field,
        organization: "Northwatch Security",
        hue: 210,
        nav: &nav,
        person: "Tomasz Wiśniewski",
        role_line: "Officer",
        ..Shell::default()
    };
    shell(
        &page,
        html! {
            (card(&Card { footer: html! { "2 reports saved on this phone. They are sent when there is network." }, ..Card::default() }, html! {
                (badge(Shape::Circle, "On duty", Tone::Success))
                (stats(&[
                    Stat { label: "Since", value: "22:00", hint: Some("6 h 30 min"), href: None },
                    Stat { label: "Until", value: "06:00", hint: Some("in 1 h 30 min"), href: None },
                ]))
                div.actions { (button(Kind::Primary, "Start round 5", Some(icon::tour()))) (button(Kind::Quiet, "Report", Some(icon::camera()))) }
            }))
            (alert(Tone::Warning, "Round 4 ended 12 min late", html! { p { "Checkpoint “Pump house” was missed. " a href="#why" { "Say why" } } }))
            (card(&Card { title: "Tonight", ..Card::default() }, html! {
                (progress("Checkpoints", 31, 48))
                (timeline(&[
                    Moment { what: "Round 4, 11 of 12 checkpoints", when: when(48), icon: icon::tour(), tone: Tone::Warning, ..Moment::default() },
                    Moment { what: "Incident INC-1043 reported", when: when(130), icon: icon::incident(), ..Moment::default() },
                    Moment { what: "Clocked in", when: when(390), icon: icon::clock(), tone: Tone::Success, ..Moment::default() },
                ]))
            }))
            (card(&Card { title: "Quick report", ..Card::default() }, crate::form(&Form { action: "field.html", multipart: true, ..Form::default() }, html! {
                (segmented(&Field::new("severity", "How bad is it?").value("low").required(), &[Choice::new("low", "Low"), Choice::new("medium", "Medium"), Choice::new("high", "High")]))
                (text_area(&Field::new("details", "What do you see?").required(), 3))
                (switch(&Field::new("repair", "Needs repair"), true))
                (file(&FileField { field: Field::new("photos", "Photos"), accept: "image/*", multiple: true, camera: true, max_bytes: None }))
                (submit(Kind::Quiet, "Send report"))
            })))
        },
    )
}

/// What a client's site manager opens in the morning.
#[must_use]
pub fn client() -> Markup {
    let nav = [
        NavItem { href: "client.html", label: "Overview", icon: icon::home(), current: true, count: None },
        NavItem {
            href: "#incidents",
            label: "Incidents",
            icon: icon::incident(),
            current: false,
            count: Some("2"),
        },
        NavItem {
            href: "#reports",
            label: "Daily reports",
            icon: icon::report(),
            current: false,
            count: None,
        },
        NavItem {
            href: "#timesheets",
            label: "Timesheets",
            icon: icon::clock(),
            current: false,
            count: Some("1"),
        },
        NavItem { href: "#sites", label: "Sites", icon: icon::site(), current: false, count: None },
    ];
    let page = Shell {
        title: "Good morning, Ingrid",
        portal: Portal::Client,
        organization: "Northwatch Security",
        hue: 150,
        nav: &nav,
        person: "Ingrid Solheim",
        role_line: "Client user, Acme Retail",
        hats: &[],
        ..Shell::default()
    };
    let columns = [
        Column::lead("Incident"),
        Column::new("Severity").plain(),
        Column::new("Status").plain(),
        Column::new("Site").plain(),
        Column::number("When").plain(),
    ];
    let rows: Vec<_> = SAMPLES
        .iter()
        .filter(|one| one.published)
        .map(|one| Row {
            href: Some("#incident"),
            keep: false,
            cells: vec![
                html! { (one.title) },
                severity(one.severity),
                status_of(one),
                html! { (one.site) },
                when(one.minutes),
            ],
            ..Row::default()
        })
        .collect();
    shell(
        &page,
        html! {
            (stats(&[
                Stat { label: "Incidents this week", value: "4", hint: Some("2 still open"), href: Some("#incidents") },
                Stat { label: "Rounds completed", value: "98 %", hint: Some("of 336 planned"), href: None },
                Stat { label: "Hours to approve", value: "112", hint: Some("1 timesheet"), href: Some("#timesheets") },
            ]))
            (card(&Card { title: "Latest incidents", flush: true, actions: html! { (button_link(Kind::Plain, "All incidents", "#incidents", Some(icon::arrow_right()))) }, ..Card::default() },
                table(&Table { caption: "Latest incidents", columns: &columns, rows: &rows, ..Table::default() })))
            (split(
                card(&Card { title: "Daily reports", ..Card::default() }, empty(&Empty {
                    icon: icon::report(), title: "No report for today yet",
                    text: "Your site’s daily report appears here once the shift has ended and a supervisor has approved it.",
                }, html! {})),
                card(&Card { title: "Panic button", ..Card::default() }, html! {
                    p { "Calls the guards of your site and the control room at once." }
                    button.btn.danger type="button" disabled aria-describedby="panic-why" { (icon::sos()) span { "Call for help" } }
                    p.hint id="panic-why" { "Not available: emergency access is off for Acme Retail. Ask Northwatch Security to switch it on." }
                }),
            ))
        },
    )
}

/// The door.
#[must_use]
pub fn sign_in() -> Markup {
    bare(
        &Bare { title: "Sign in", organization: "Northwatch Security", hue: 210, ..Bare::default() },
        html! {
            (crate::form(&Form { action: "sign-in.html", stay: false, ..Form::default() }, html! {
                (email(&Field::new("email", "E-mail").required().autocomplete("username").autofocus()))
                (password(&Field::new("password", "Password").required().autocomplete("current-password")))
                (submit(Kind::Primary, "Sign in"))
            }))
            p.hint { a href="#reset" { "Forgot your password?" } " · New here? Open the link in your invitation." }
        },
    )
}

/// A page that cannot be shown.
#[must_use]
pub fn error() -> Markup {
    bare(
        &Bare {
            title: "There is nothing here",
            organization: "Northwatch Security",
            hue: 210,
            ..Bare::default()
        },
        html! {
            p { "Either this page does not exist, or it is not yours to see. If somebody sent you the link, ask them to check that you have access." }
            (buttons(html! { (button_link(Kind::Quiet, "Go to the first page", "/", Some(icon::home()))) }))
        },
    )
}
