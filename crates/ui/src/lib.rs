//! The face of Bailiwick: page shells, components, tokens and assets.
//!
//! Everything is a plain function that answers [`Markup`]. A component with more than three arguments takes a
//! small struct with a `Default`, so that a call names what it sets. There is no axum, no query and no I/O here:
//! callers hand in what the asker may see, and nothing else.
//!
//! Three rules hold for every component, and tests keep them:
//! - text from people is escaped by maud and names stand in `bdi`;
//! - no inline script and no `style` attribute, so that the strict content security policy holds;
//! - it works without scripts. The module `app.js` only makes it quicker and kinder.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a component takes its content by value, so that calls nest as `card(.., html! { .. })`"
)]

pub mod assets;
pub mod attachment;
pub mod board;
pub mod button;
pub mod choice;
pub mod collection;
pub mod explain;
pub mod field;
pub mod form;
pub mod gallery;
pub mod icon;
pub mod mail;
pub mod map;
pub mod notice;
pub mod overlay;
pub mod palette;
pub mod panel;
pub mod preview;
pub mod shell;
pub mod status;
pub mod table;
pub mod timeline;
pub mod when;
pub mod words;

pub use attachment::{Attachment, attachments};
pub use board::{Board, BoardCard, BoardColumn, board, board_card};
pub use button::{
    Kind, button, button_link, buttons, download, icon_button, icon_link, submit, submit_named,
};
pub use button::{LOOK, look};
pub use choice::{Choice, checkbox, checkboxes, radios, searchable, segmented, select, suggest, switch};
pub use collection::{Chip, Facet, FilterBar, Pager, Tab, filter_bar, pager, tabs};
pub use explain::{Outcome, Verdict, explain};
pub use field::{
    Field, FileField, date, date_time, email, file, number, password, tel, text, text_area, time_of_day,
};
pub use form::{Form, Method, Queue, fieldset, form, form_row};
pub use icon::Icon;
pub use mail::{Mail, MailPart, mail};
pub use map::{GeoMap, GeoNames, GeoShape, GeoTyped, Marker, Point, geo_map};
pub use maud::{Markup, PreEscaped, html};
pub use notice::{Empty, Notice, Tone, alert, empty, live};
pub use overlay::{Confirm, Dialog, Menu, MenuItem, confirm, dialog, dialog_button, menu};
pub use palette::{PaletteGroup, PaletteHit, palette_results};
pub use panel::{
    Card, Stat, bytes, card, code_block, copyable, detail_list, fold, grid, help, progress, section,
    skeleton, split, stat, stats,
};
pub use preview::{Preview, Withheld, preview};
pub use shell::{Bare, Hat, Logo, MANIFEST_PATH, NavItem, SIGN_OUT_PATH, Shell, WAITING_PATH, bare, shell};
pub use status::{Severity, Shape, badge, count, person, severity, status, tag};
pub use table::{Align, Column, Direction, Priority, Row, Sort, Table, table};
pub use timeline::{Change, Moment, changes, timeline};
pub use when::{day, duration, time, time_exact, time_range};

/// A word that can stand in an `id` or in `aria-describedby`: everything but letters, digits, `-` and `_` becomes `-`.
#[must_use]
pub(crate) fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}
