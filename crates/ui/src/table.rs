//! Tables: quiet lines, figures to the right, the whole row leads to the record. On a narrow place each row
//! becomes a card.

use maud::{Markup, html};

use crate::icon;

/// Where the content of a column stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the start of the line.
    #[default]
    Start,
    /// At its end, with figures of even width.
    End,
}

/// Which columns stay when room is short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// Names the row: heading of the card, holds the link. One a table.
    Lead,
    /// Stays.
    #[default]
    Normal,
    /// Goes first.
    Low,
}

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A heading that sorts.
#[derive(Clone, Copy, Debug)]
pub struct Sort<'a> {
    /// The page sorted by this column.
    pub href: &'a str,
    /// How it is sorted now, if it is.
    pub now: Option<Direction>,
}

/// A column.
#[derive(Clone, Copy, Debug, Default)]
pub struct Column<'a> {
    /// Heading; also the label in a card.
    pub label: &'a str,
    /// Where the content stands.
    pub align: Align,
    /// Whether it stays when room is short.
    pub priority: Priority,
    /// Present when the heading sorts.
    pub sort: Option<Sort<'a>>,
    /// Heading for assistive tools only (actions, check boxes).
    pub label_hidden: bool,
    /// Speaks for itself (a badge, a date, a site): the card leaves the label out and puts it beside its like.
    pub plain: bool,
    /// In a card it has a line to itself.
    pub line: bool,
}

impl<'a> Column<'a> {
    /// A column that names the row.
    #[must_use]
    pub fn lead(label: &'a str) -> Self {
        Self { label, priority: Priority::Lead, ..Self::default() }
    }

    /// A plain column.
    #[must_use]
    pub fn new(label: &'a str) -> Self {
        Self { label, ..Self::default() }
    }

    /// A column of figures.
    #[must_use]
    pub fn number(label: &'a str) -> Self {
        Self { label, align: Align::End, ..Self::default() }
    }

    /// A column of buttons.
    #[must_use]
    pub fn actions() -> Self {
        Self { label: "Actions", align: Align::End, label_hidden: true, ..Self::default() }
    }

    /// Goes first when room is short.
    #[must_use]
    pub fn low(self) -> Self {
        Self { priority: Priority::Low, ..self }
    }

    /// Speaks for itself: cards leave the label out.
    #[must_use]
    pub fn plain(self) -> Self {
        Self { plain: true, ..self }
    }

    /// Speaks for itself on a line of its own.
    #[must_use]
    pub fn line(self) -> Self {
        Self { plain: true, line: true, ..self }
    }

    /// Its heading sorts.
    #[must_use]
    pub fn sort(self, href: &'a str, now: Option<Direction>) -> Self {
        Self { sort: Some(Sort { href, now }), ..self }
    }
}

/// A row: one cell per column.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// The record's page. The lead cell becomes the link, so it must not hold one itself.
    pub href: Option<&'a str>,
    /// A phone keeps the page it leads to, to be opened without a signal.
    pub keep: bool,
    /// An anchor, so that live updates find the row again.
    pub id: Option<&'a str>,
    /// One per column.
    pub cells: Vec<Markup>,
    /// Stands back: archived, inactive.
    pub muted: bool,
}

/// A table with its caption.
#[derive(Debug, Default)]
pub struct Table<'a> {
    /// What the table holds, for assistive tools; visible headings are the page's.
    pub caption: &'a str,
    /// Columns in order.
    pub columns: &'a [Column<'a>],
    /// Rows in order.
    pub rows: &'a [Row<'a>],
    /// Totals under the rows; one cell per column, or none.
    pub foot: Vec<Markup>,
    /// Always a table, never cards: for narrow matrices that scroll in their own box.
    pub keep: bool,
}

/// A table. Without rows it renders its head only; callers show [`crate::empty`] instead.
#[must_use]
pub fn table(table: &Table<'_>) -> Markup {
    let lead = table.columns.iter().position(|column| column.priority == Priority::Lead).unwrap_or(0);
    html! {
        div.table-box.keep[table.keep] role=[table.keep.then_some("region")] aria-label=[table.keep.then_some(table.caption)] tabindex=[table.keep.then_some("0")] {
            table {
                caption.unseen { (table.caption) }
                thead { tr { @for column in table.columns { (heading(column)) } } }
                tbody {
                    @for row in table.rows {
                        tr id=[row.id] .muted[row.muted] data-row[row.href.is_some()] {
                            @for (at, cell) in row.cells.iter().enumerate() {
                                @let column = table.columns.get(at).copied().unwrap_or_default();
                                @if at == lead {
                                    th.lead scope="row" {
                                        @if let Some(href) = row.href { a href=(href) data-keep[row.keep] { (cell) } } @else { (cell) }
                                    }
                                } @else { (plain_cell(&column, cell)) }
                            }
                        }
                    }
                }
                @if !table.foot.is_empty() {
                    tfoot { tr { @for (at, cell) in table.foot.iter().enumerate() {
                        (plain_cell(&table.columns.get(at).copied().unwrap_or_default(), cell))
                    } } }
                }
            }
        }
    }
}

fn plain_cell(column: &Column<'_>, cell: &Markup) -> Markup {
    html! {
        td.end[column.align == Align::End].low[column.priority == Priority::Low].bare[column.label_hidden].self[column.plain].line[column.line] data-label=(column.label) { (cell) }
    }
}

fn heading(column: &Column<'_>) -> Markup {
    let state = column.sort.and_then(|sort| sort.now);
    let spoken = state.map(|direction| match direction {
        Direction::Ascending => "ascending",
        Direction::Descending => "descending",
    });
    html! {
        th scope="col" .end[column.align == Align::End] .low[column.priority == Priority::Low] aria-sort=[spoken] {
            @if let Some(sort) = column.sort {
                a.sort href=(sort.href) {
                    span { (column.label) }
                    @match sort.now {
                        Some(Direction::Ascending) => (icon::chevron_up()),
                        Some(Direction::Descending) => (icon::chevron_down()),
                        None => (icon::sort()),
                    }
                }
            } @else { span.unseen[column.label_hidden] { (column.label) } }
        }
    }
}
