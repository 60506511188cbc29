//! Columns with cards. Moving a card is a button on the card, so that it works by key, by touch and without scripts.

use maud::{Markup, html};

use crate::notice::Tone;
use crate::status::count;

/// One column.
#[derive(Debug, Default)]
pub struct BoardColumn<'a> {
    /// Heading.
    pub title: &'a str,
    /// How many, capped by the caller.
    pub count: &'a str,
    /// Colour of its mark.
    pub tone: Tone,
    /// From [`board_card`].
    pub cards: Vec<Markup>,
    /// Words where there is no card.
    pub empty: &'a str,
}

/// Columns side by side.
#[derive(Debug, Default)]
pub struct Board<'a> {
    /// What the board shows, for assistive tools.
    pub label: &'a str,
    /// From left to right.
    pub columns: &'a [BoardColumn<'a>],
}

/// Renders [`Board`]. On a phone the columns stand below one another.
#[must_use]
pub fn board(board: &Board<'_>) -> Markup {
    html! {
        div.board role="group" aria-label=(board.label) {
            @for column in board.columns {
                section class={ "board-column " (column.tone.word()) } {
                    h2 { span.board-mark {} (column.title) (count(column.count, "")) }
                    @if column.cards.is_empty() { p.board-empty { (column.empty) } }
                    @else { ul { @for card in &column.cards { li { (card) } } } }
                }
            }
        }
    }
}

/// A card on the board.
#[derive(Debug)]
pub struct BoardCard<'a> {
    /// An anchor, so that live updates find the card again.
    pub id: Option<&'a str>,
    /// The record's page.
    pub href: &'a str,
    /// What it is.
    pub title: &'a str,
    /// Its number: "INC-1042".
    pub number: &'a str,
    /// Severity or status.
    pub badge: Markup,
    /// Site, time, person.
    pub meta: Markup,
    /// Buttons that move it on.
    pub actions: Markup,
}

impl Default for BoardCard<'_> {
    fn default() -> Self {
        Self { id: None, href: "", title: "", number: "", badge: html! {}, meta: html! {}, actions: html! {} }
    }
}

/// Renders [`BoardCard`].
#[must_use]
pub fn board_card(card: &BoardCard<'_>) -> Markup {
    html! {
        article.board-card id=[card.id] {
            div.board-card-top { span.dim.number { (card.number) } (card.badge) }
            h3 { a href=(card.href) { (card.title) } }
            @if !card.meta.0.is_empty() { div.board-card-meta { (card.meta) } }
            @if !card.actions.0.is_empty() { div.actions { (card.actions) } }
        }
    }
}
