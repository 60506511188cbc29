//! The icons: one hand, 24 px grid, 1.5 px strokes, `currentColor`.
//!
//! An icon is decoration: it is hidden from assistive tools, and the words beside it carry the meaning. Where an
//! icon stands alone, the control around it has a label.

use maud::{Markup, PreEscaped, Render, html};

/// One icon; renders as inline SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(&'static str);

impl Default for Icon {
    fn default() -> Self {
        dot()
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg.icon viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5"
                stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
                (PreEscaped(self.0))
            }
        }
    }
}

macro_rules! icons {
    ($( $(#[$meta:meta])* $name:ident = $shape:literal; )+) => {
        $( $(#[$meta])* #[must_use] pub const fn $name() -> Icon { Icon($shape) } )+

        /// Every icon with its name, for the gallery.
        pub const ALL: &[(&str, Icon)] = &[$( (stringify!($name), Icon($shape)), )+];
    };
}

icons! {
    /// A small dot, where nothing fits better.
    dot = r#"<circle cx="12" cy="12" r="3"/>"#;
    /// Something happened: incident.
    incident = r#"<path d="M12 3.5 21 19a1 1 0 0 1-.87 1.5H3.87A1 1 0 0 1 3 19Z"/><path d="M12 9.5v5"/><path d="M12 17.5v.01"/>"#;
    /// Somebody is in need: alarm.
    siren = r#"<path d="M6.5 17.5v-5a5.5 5.5 0 0 1 11 0v5"/><path d="M4.5 20.5v-1.2A1.8 1.8 0 0 1 6.3 17.5h11.4a1.8 1.8 0 0 1 1.8 1.8v1.2Z"/><path d="M12 4.5v-2M5.5 7 4 5.5M18.5 7 20 5.5M9.5 13a2.5 2.5 0 0 1 2.5-2.5"/>"#;
    /// A place of work.
    site = r#"<path d="M12 21s-7-6.2-7-11.3a7 7 0 0 1 14 0C19 14.8 12 21 12 21Z"/><circle cx="12" cy="9.7" r="2.5"/>"#;
    /// A company that buys service.
    client = r#"<path d="M4 20.5V5.2A1.2 1.2 0 0 1 5.2 4h7.6A1.2 1.2 0 0 1 14 5.2v15.3"/><path d="M14 10h4.8a1.2 1.2 0 0 1 1.2 1.2v9.3"/><path d="M2.5 20.5h19"/><path d="M7.5 8h3M7.5 12h3M7.5 16h3M17 14v.01M17 17v.01"/>"#;
    /// Several people, a team.
    people = r#"<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5a6.5 6.5 0 0 1 13 0"/><path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4"/><path d="M18 14.2a6.5 6.5 0 0 1 3.5 5.3"/>"#;
    /// One person.
    person = r#"<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>"#;
    /// A role: a badge on a ribbon.
    role = r#"<path d="M9 3.5h6M12 3.5V7"/><rect x="5" y="7" width="14" height="13.5" rx="2"/><circle cx="12" cy="12" r="2"/><path d="M8.5 17.5a3.5 3.5 0 0 1 7 0"/>"#;
    /// A key: access, token.
    key = r#"<circle cx="8" cy="15.5" r="4.5"/><path d="m11.2 12.3 8.3-8.3"/><path d="m16 7.5 3 3"/>"#;
    /// Visible.
    eye = r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="3"/>"#;
    /// Hidden.
    eye_off = r#"<path d="M4 4l16 16"/><path d="M9.6 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.9 3.6"/><path d="M6.3 7.6A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.2-1"/><path d="M9.9 9.9a3 3 0 0 0 4.2 4.2"/>"#;
    /// Let the client side see it.
    publish = r#"<path d="M12 15V4"/><path d="m7.5 8.5 4.5-4.5 4.5 4.5"/><path d="M5 13v5.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V13"/>"#;
    /// Take it back from the client side.
    unpublish = r#"<path d="M12 4v11"/><path d="M4 4l16 16"/><path d="m9 7 3-3 4.5 4.5"/><path d="M5 13v5.5A1.5 1.5 0 0 0 6.5 20h11"/>"#;
    /// Locked, withheld.
    lock = r#"<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.8a4 4 0 0 1 8 0v2.7"/><path d="M12 14.5v2"/>"#;
    /// Unlocked.
    unlock = r#"<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.8a4 4 0 0 1 7.6-1.8"/><path d="M12 14.5v2"/>"#;
    /// Find.
    search = r#"<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>"#;
    /// Narrow a list.
    filter = r#"<path d="M3.5 6.5h17M7 12h10M10.5 17.5h3"/>"#;
    /// Add one.
    plus = r#"<path d="M12 5v14M5 12h14"/>"#;
    /// Take one away.
    minus = r#"<path d="M5 12h14"/>"#;
    /// Change it.
    edit = r#"<path d="m4 20 1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19Z"/><path d="m14 6.5 3.5 3.5"/>"#;
    /// Put away, restorable.
    archive = r#"<rect x="3" y="4.5" width="18" height="4.5" rx="1"/><path d="M5 9v9.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V9"/><path d="M10 13h4"/>"#;
    /// Bring back what was archived.
    restore = r#"<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 3.5v5h5"/>"#;
    /// Take a copy home.
    download = r#"<path d="M12 4v11"/><path d="m7.5 10.5 4.5 4.5 4.5-4.5"/><path d="M4.5 19.5h15"/>"#;
    /// Hand a file in.
    upload = r#"<path d="M12 15.5v-11"/><path d="M7.5 9 12 4.5 16.5 9"/><path d="M4.5 19.5h15"/>"#;
    /// A photo.
    camera = r#"<path d="M4.5 7.5h3l1.6-2.3a1 1 0 0 1 .8-.4h4.2a1 1 0 0 1 .8.4l1.6 2.3h3A1.5 1.5 0 0 1 21 9v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18V9a1.5 1.5 0 0 1 1.5-1.5Z"/><circle cx="12" cy="13" r="3.5"/>"#;
    /// A file.
    file = r#"<path d="M6.5 3.5h7l5 5v11a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1Z"/><path d="M13.5 3.5v5h5"/>"#;
    /// A report.
    report = r#"<path d="M6.5 3.5h7l5 5v11a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1Z"/><path d="M13.5 3.5v5h5M9 12.5h6M9 16h4"/>"#;
    /// A map.
    map = r#"<path d="m3.5 6.5 5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2Z"/><path d="M9 4.5v13M15 6.5v13"/>"#;
    /// Time of day.
    clock = r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>"#;
    /// A date, a roster.
    calendar = r#"<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>"#;
    /// Guarding.
    shield = r#"<path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6Z"/>"#;
    /// Guarded and good.
    shield_check = r#"<path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6Z"/><path d="m9 12 2.2 2.2L15.3 10"/>"#;
    /// Yes, done.
    check = r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#;
    /// Close, no.
    x = r#"<path d="M6 6l12 12M18 6 6 18"/>"#;
    /// Goes up.
    chevron_up = r#"<path d="m6 14.5 6-6 6 6"/>"#;
    /// Opens downwards.
    chevron_down = r#"<path d="m6 9.5 6 6 6-6"/>"#;
    /// Back.
    chevron_left = r#"<path d="m14.5 6-6 6 6 6"/>"#;
    /// Onwards.
    chevron_right = r#"<path d="m9.5 6 6 6-6 6"/>"#;
    /// Can be sorted either way.
    sort = r#"<path d="m8 9.5 4-4 4 4M8 14.5l4 4 4-4"/>"#;
    /// Back, as an arrow.
    arrow_left = r#"<path d="M19 12H5"/><path d="m11 6-6 6 6 6"/>"#;
    /// Onwards, as an arrow.
    arrow_right = r#"<path d="M5 12h14"/><path d="m13 6 6 6-6 6"/>"#;
    /// The menu.
    menu = r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#;
    /// More to choose from.
    more = r#"<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.5"/>"#;
    /// The light scheme.
    sun = r#"<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>"#;
    /// The dark scheme.
    moon = r#"<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2Z"/>"#;
    /// The device decides the scheme.
    device = r#"<rect x="3" y="4.5" width="18" height="12" rx="1.5"/><path d="M8.5 20h7M12 16.5V20"/>"#;
    /// Notifications.
    bell = r#"<path d="M6 10a6 6 0 0 1 12 0c0 4.5 2 6 2 6H4s2-1.5 2-6Z"/><path d="M10 19.5a2.2 2.2 0 0 0 4 0"/>"#;
    /// E-mail.
    mail = r#"<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m4 7.5 8 6 8-6"/>"#;
    /// A telephone.
    phone = r#"<path d="M5 4h3.5l1.7 4.3-2.2 1.5a12 12 0 0 0 6.2 6.2l1.5-2.2L20 15.5V19a1.5 1.5 0 0 1-1.6 1.5C10.6 20 4 13.4 3.5 5.6A1.5 1.5 0 0 1 5 4Z"/>"#;
    /// A link.
    link = r#"<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3"/><path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>"#;
    /// Leads to another page or window.
    external = r#"<path d="M13.5 4.5h6v6"/><path d="m19.5 4.5-8.5 8.5"/><path d="M17 13.5v5a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h5"/>"#;
    /// Copy.
    copy = r#"<rect x="8.5" y="8.5" width="12" height="12" rx="2"/><path d="M15.5 5.5v-.5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h.5"/>"#;
    /// What happened before.
    history = r#"<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 3.5v5h5"/><path d="M12 8v4.5l3 1.8"/>"#;
    /// Columns with cards.
    board = r#"<rect x="3.5" y="4" width="4.7" height="16" rx="1"/><rect x="9.7" y="4" width="4.7" height="10" rx="1"/><rect x="15.9" y="4" width="4.7" height="13" rx="1"/>"#;
    /// Rows.
    list = r#"<path d="M8.5 6.5h12M8.5 12h12M8.5 17.5h12M4 6.5v.01M4 12v.01M4 17.5v.01"/>"#;
    /// The first page.
    home = r#"<path d="m3.5 11.5 8.5-7.5 8.5 7.5"/><path d="M5.5 10v9a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-9"/><path d="M10 20v-5.5h4V20"/>"#;
    /// Needs someone above.
    escalate = r#"<path d="M5 20.5v-5l5-4.5 4 3.5 5.5-6.5"/><path d="M14.5 4.5h5v5" transform="translate(0 2)"/>"#;
    /// Change the hat.
    user_switch = r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 19a6.5 6.5 0 0 1 9-6"/><path d="M14 16h7.5M19 13.5l2.5 2.5M21.5 19.5H14M16.5 22 14 19.5" transform="translate(0 -1)"/>"#;
    /// Leave.
    sign_out = r#"<path d="M10 4.5H5.5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H10"/><path d="M9.5 12h11"/><path d="m16.5 8 4 4-4 4"/>"#;
    /// Settings.
    settings = r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#;
    /// Good to know.
    info = r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8v.01"/>"#;
    /// Mind this.
    warning = r#"<path d="M12 3.5 21 19a1 1 0 0 1-.87 1.5H3.87A1 1 0 0 1 3 19Z"/><path d="M12 9.5v5M12 17.5v.01"/>"#;
    /// Stop.
    danger = r#"<path d="M8.4 3.5h7.2l4.9 4.9v7.2l-4.9 4.9H8.4l-4.9-4.9V8.4Z"/><path d="M12 8v5M12 16v.01"/>"#;
    /// It went well.
    success = r#"<circle cx="12" cy="12" r="8.5"/><path d="m8.5 12.3 2.5 2.5 4.5-5"/>"#;
    /// Why is that? Explain.
    explain = r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.7 9.6a2.4 2.4 0 0 1 4.6.7c0 1.6-2.3 2-2.3 3.5M12 16.8v.01"/>"#;
    /// A round past checkpoints.
    tour = r#"<circle cx="5.5" cy="18" r="2"/><circle cx="18.5" cy="6" r="2"/><path d="M7.5 18H15a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7.5"/>"#;
    /// A checkpoint code.
    scan = r#"<path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3"/><path d="M4.5 12h15"/>"#;
    /// Help, now.
    sos = r#"<circle cx="12" cy="12" r="3"/><path d="M7 7a7 7 0 0 0 0 10M17 7a7 7 0 0 1 0 10M4.2 4.2a11 11 0 0 0 0 15.6M19.8 4.2a11 11 0 0 1 0 15.6"/>"#;
    /// A task that can be ticked.
    task = r#"<rect x="4" y="4" width="16" height="16" rx="2.5"/><path d="m8.5 12.3 2.5 2.5 4.5-5"/>"#;
    /// Work order, equipment.
    wrench = r#"<path d="M14.5 9.5 5 19a1.7 1.7 0 0 1-2.4-2.4l9.5-9.5a5 5 0 0 1 6.4-5.2L15.5 5l.5 3 3 .5 3.1-3a5 5 0 0 1-5.2 6.4Z" transform="translate(0 .5)"/>"#;
    /// A vehicle.
    vehicle = r#"<path d="M4 16.5v-4l2-5.3a1.5 1.5 0 0 1 1.4-1h9.2a1.5 1.5 0 0 1 1.4 1l2 5.3v4a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1Z"/><path d="M4.5 12h15M7.5 15v.01M16.5 15v.01M6.5 17.5v2M17.5 17.5v2"/>"#;
    /// Money, an invoice.
    invoice = r#"<path d="M5.5 3.5h13v17l-2.2-1.5-2.1 1.5-2.2-1.5-2.2 1.5-2.1-1.5-2.2 1.5Z"/><path d="M9 8.5h6M9 12.5h6"/>"#;
    /// Figures.
    chart = r#"<path d="M4 20h16.5"/><path d="M6.5 20v-6M11 20V6.5M15.5 20v-9M20 20V4" transform="translate(-1 0)"/>"#;
    /// Works without network, or waits for it.
    offline = r#"<path d="M4 4l16 16"/><path d="M8.5 15.7a5 5 0 0 1 5.5-1M5.5 12.5a9.5 9.5 0 0 1 4-2.3M3 9.3A13.5 13.5 0 0 1 6.7 7M12.5 9.9a9.5 9.5 0 0 1 6 2.6M11.2 6a13.5 13.5 0 0 1 9.8 3.3M12 19v.01"/>"#;
}
