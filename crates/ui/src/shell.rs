//! Whole documents: the shells of the three portals and the bare page of sign-in, invitations and errors.

use kernel::Portal;
use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::icon::{self, Icon};
use crate::notice::Notice;
use crate::status::count;
use crate::words;

/// Where a person's own settings are.
pub const ACCOUNT_PATH: &str = "/account";
/// Where the session is ended, by POST.
pub const SIGN_OUT_PATH: &str = "/sign-out";
/// What makes the program installable on a phone.
pub const MANIFEST_PATH: &str = "/app.webmanifest";
/// What waits on this phone to be sent; in the field portal.
pub const WAITING_PATH: &str = "/field/waiting";

/// The class of the field portal's pages.
const IN_FIELD: &str = "in-field";

/// A place in the navigation.
#[derive(Clone, Copy, Debug, Default)]
pub struct NavItem<'a> {
    /// Where it leads.
    pub href: &'a str,
    /// What is read.
    pub label: &'a str,
    /// Its icon.
    pub icon: Icon,
    /// The page is in it.
    pub current: bool,
    /// How many wait there, capped by the caller.
    pub count: Option<&'a str>,
}

/// Another membership of the same person.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hat<'a> {
    /// The organization.
    pub label: &'a str,
    /// As what there: "Staff. Supervisor".
    pub detail: &'a str,
    /// Where the change is posted.
    pub href: &'a str,
    /// The one being worn.
    pub current: bool,
}

/// A tenant's mark.
#[derive(Clone, Copy, Debug)]
pub struct Logo<'a> {
    /// Where it is served, by us.
    pub src: &'a str,
    /// In pixels, so that nothing moves when it arrives.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Everything around the content of a page.
#[derive(Debug)]
pub struct Shell<'a> {
    /// Heading of the page and, with the organization, of the window.
    pub title: &'a str,
    /// Which door.
    pub portal: Portal,
    /// The tenant's name.
    pub organization: &'a str,
    /// The tenant's colour, 0 to 359; brought to the nearest of 24 steps.
    pub hue: u16,
    /// The tenant's mark, served by us.
    pub logo: Option<Logo<'a>>,
    /// Places, the most used first: the field shows four and "More".
    pub nav: &'a [NavItem<'a>],
    /// Who is signed in.
    pub person: &'a str,
    /// As what: "Supervisor, 3 sites".
    pub role_line: &'a str,
    /// Their memberships; the menu shows them when there is more than one.
    pub hats: &'a [Hat<'a>],
    /// What just happened.
    pub notice: Option<&'a Notice<'a>>,
    /// Stays on top of every page: previewing as somebody, a subscription that ends.
    pub banner: Option<Markup>,
    /// The way here: words and pages, without the page itself.
    pub crumbs: &'a [(&'a str, &'a str)],
    /// Buttons beside the heading.
    pub actions: Markup,
    /// Whose window a page of the field portal is: a mark of the membership, by which the phone keeps people's acts
    /// apart. Absent where nothing may be kept.
    pub mark: Option<&'a str>,
    /// Pages that a phone keeps to be opened without a signal, besides those of the navigation.
    pub keep: &'a [String],
    /// Where the search box and the command palette ask.
    pub search_action: Option<&'a str>,
    /// A list that the page keeps an eye on: what it marks as an alarm is shown on top and heard.
    pub watched: Option<&'a str>,
}

impl Default for Shell<'_> {
    fn default() -> Self {
        Self {
            title: "",
            portal: Portal::Office,
            organization: "",
            hue: 210,
            logo: None,
            nav: &[],
            person: "",
            role_line: "",
            hats: &[],
            notice: None,
            banner: None,
            crumbs: &[],
            actions: html! {},
            mark: None,
            keep: &[],
            search_action: None,
            watched: None,
        }
    }
}

/// A complete page of a portal.
#[must_use]
pub fn shell(shell: &Shell<'_>, body: Markup) -> Markup {
    let portal = match shell.portal {
        Portal::Office => "in-office",
        Portal::Field => IN_FIELD,
        Portal::Client => "in-client",
    };
    document(
        &Document {
            title: shell.title,
            organization: shell.organization,
            hue: shell.hue,
            kind: portal,
            mark: shell.mark,
            keep: shell.keep,
        },
        html! {
            a.skip href="#main" { (words::SKIP) }
            (top(shell))
            @if let Some(list) = shell.watched { div.alarm-bar data-watch=(list) aria-live="assertive" hidden {} }
            (navigation(shell))
            main id="main" tabindex="-1" {
                @if let Some(banner) = &shell.banner { div.banner { (banner) } }
                @if let Some(notice) = shell.notice {
                    div class={ "notice " (notice.tone.word()) } role="status" { (notice.tone.icon()) p { (notice.text) } }
                }
                // On paper there is no bar above: the page itself says whose it is.
                p.letterhead aria-hidden="true" { (mark(shell.logo)) span { bdi { (shell.organization) } } }
                div.page-head {
                    @if !shell.crumbs.is_empty() {
                        nav.crumbs aria-label="You are here" { ol { @for (label, href) in shell.crumbs { li { a href=(href) { (label) } } } } }
                    }
                    div.page-title { h1 { (shell.title) } @if !shell.actions.0.is_empty() { div.actions { (shell.actions) } } }
                }
                div.page { (body) }
            }
            @if shell.portal == Portal::Field { (tab_bar(shell)) }
            @if let Some(action) = shell.search_action { (palette(action)) }
            div.unseen id="live-words" role="status" {}
        },
    )
}

fn brand(shell: &Shell<'_>) -> Markup {
    html! {
        a.brand href="/" {
            (mark(shell.logo))
            span.brand-name { bdi { (shell.organization) } }
        }
    }
}

/// The tenant's mark, or ours.
fn mark(logo: Option<Logo<'_>>) -> Markup {
    html! {
        @if let Some(logo) = logo { img.logo src=(logo.src) alt="" width=(logo.width) height=(logo.height); }
        @else { span.brand-mark aria-hidden="true" { (icon::shield_check()) } }
    }
}

fn top(shell: &Shell<'_>) -> Markup {
    html! {
        header.top {
            @if shell.portal != Portal::Field {
                button.btn.plain.square.nav-open type="button" popovertarget="nav" aria-label=(words::MENU) { (icon::menu()) }
            }
            (brand(shell))
            @if let Some(action) = shell.search_action {
                form.top-search action=(action) method="get" role="search" aria-label="Everywhere" {
                    (icon::search())
                    input type="search" name="q" aria-label="Search everything" placeholder="Search" autocomplete="off" data-palette-open;
                    kbd aria-hidden="true" { "Ctrl K" }
                }
            }
            @if shell.portal == Portal::Field && shell.mark.is_some() {
                a.sync href=(WAITING_PATH) data-sync hidden { (icon::upload()) span { "waiting" } }
            }
            (person_menu(shell))
        }
    }
}

fn person_menu(shell: &Shell<'_>) -> Markup {
    html! {
        div.menu.person-menu {
            button.btn.plain.who type="button" popovertarget="person-menu" aria-label={ "Your account: " (shell.person) } {
                (icon::person()) span.who-name { bdi { (shell.person) } } (icon::chevron_down())
            }
            div.menu-list id="person-menu" popover {
                div.menu-who { strong { bdi { (shell.person) } } span.dim { (shell.role_line) } span.dim { bdi { (shell.organization) } } }
                ul { li { a.menu-line href=(ACCOUNT_PATH) { (icon::settings()) span { (words::ACCOUNT) } } } }
                @if shell.hats.len() > 1 {
                    p.menu-heading id="hats-label" { (words::SWITCH_HAT) }
                    ul.hats aria-labelledby="hats-label" { @for hat in shell.hats { li {
                        @if hat.current { span.menu-line.current aria-current="true" { (icon::check()) (hat_words(hat)) } }
                        @else { form action=(hat.href) method="post" { button.menu-line type="submit" { (icon::user_switch()) (hat_words(hat)) } } }
                    } } }
                }
                div.scheme-choice.scripted {
                    p.menu-heading id="scheme-label" { (words::APPEARANCE) }
                    div.segments role="group" aria-labelledby="scheme-label" {
                        @for (value, label, icon) in [("auto", "Auto", icon::device()), ("light", "Light", icon::sun()), ("dark", "Dark", icon::moon())] {
                            button type="button" data-set-scheme=(value) aria-pressed=(if value == "auto" { "true" } else { "false" }) { (icon) span { (label) } }
                        }
                    }
                }
                ul { li { form action=(SIGN_OUT_PATH) method="post" { button.menu-line type="submit" { (icon::sign_out()) span { (words::SIGN_OUT) } } } } }
            }
        }
    }
}

fn hat_words(hat: &Hat<'_>) -> Markup {
    html! { span.hat { span { bdi { (hat.label) } @if hat.current { span.unseen { ", now" } } } span.dim { (hat.detail) } } }
}

fn nav_link(item: &NavItem<'_>) -> Markup {
    html! {
        a href=(item.href) aria-current=[item.current.then_some("page")] {
            (item.icon) span.nav-label { (item.label) } @if let Some(number) = item.count { (count(number, "waiting")) }
        }
    }
}

fn navigation(shell: &Shell<'_>) -> Markup {
    html! {
        @if shell.portal != Portal::Field {
            nav.nav id="nav" popover aria-label="Main" {
                div.nav-head {
                    span.brand-name { bdi { (shell.organization) } }
                    button.btn.plain.square type="button" popovertarget="nav" popovertargetaction="hide" aria-label=(words::CLOSE) { (icon::x()) }
                }
                ul { @for item in shell.nav { li { (nav_link(item)) } } }
            }
        }
    }
}

fn tab_bar(shell: &Shell<'_>) -> Markup {
    let shown = if shell.nav.len() > 5 { 4 } else { shell.nav.len() };
    let (first, rest) = shell.nav.split_at(shown);
    html! {
        nav.tab-bar aria-label="Main" {
            ul {
                @for item in first { li { (nav_link(item)) } }
                @if !rest.is_empty() {
                    li { button type="button" popovertarget="nav-more" .current[rest.iter().any(|item| item.current)] { (icon::menu()) span.nav-label { "More" } } }
                }
            }
            @if !rest.is_empty() {
                div.menu-list.sheet id="nav-more" popover { ul { @for item in rest { li { a.menu-line href=(item.href) aria-current=[item.current.then_some("page")] { (item.icon) span { (item.label) } @if let Some(number) = item.count { (count(number, "waiting")) } } } } } }
            }
        }
    }
}

fn palette(action: &str) -> Markup {
    html! {
        dialog.palette id="palette" aria-label="Go to" closedby="any" {
            form action=(action) method="get" role="search" aria-label="Go to" {
                (icon::search())
                input type="search" name="q" aria-label="Go to a person, a site, a record" placeholder="Go to a person, a site, a record" autocomplete="off" data-palette;
            }
            p.unseen role="status" data-palette-words {}
            div.palette-list data-palette-list {}
        }
    }
}

/// A page for people who are not inside: sign-in, invitation, reset, errors.
#[derive(Clone, Copy, Debug)]
pub struct Bare<'a> {
    /// Heading.
    pub title: &'a str,
    /// Whose page it is; empty where nobody knows yet.
    pub organization: &'a str,
    /// The tenant's colour, 0 to 359.
    pub hue: u16,
    /// The tenant's mark, where it is known.
    pub logo: Option<Logo<'a>>,
}

impl Default for Bare<'_> {
    fn default() -> Self {
        // Our own colour, until it is known whose page it is.
        Self { title: "", organization: "", hue: 215, logo: None }
    }
}

/// A complete page with one calm card.
#[must_use]
pub fn bare(bare: &Bare<'_>, body: Markup) -> Markup {
    document(
        &Document {
            title: bare.title,
            organization: bare.organization,
            hue: bare.hue,
            kind: "in-bare",
            mark: None,
            keep: &[],
        },
        html! {
            a.skip href="#main" { (words::SKIP) }
            main id="main" tabindex="-1" {
                div.bare {
                    p.bare-brand { (mark(bare.logo)) span { bdi { @if bare.organization.is_empty() { "Bailiwick" } @else { (bare.organization) } } } }
                    div.bare-card { h1 { (bare.title) } (body) }
                }
            }
            @if !bare.organization.is_empty() { footer.bare-foot { p.dim { "Runs on Bailiwick" } } }
        },
    )
}

/// The nearest of the 24 steps of the colour wheel that the style sheet knows.
fn step(hue: u16) -> u16 {
    (hue % 360 + 7) / 15 * 15 % 360
}

/// Around the content of a document.
struct Document<'a> {
    title: &'a str,
    organization: &'a str,
    hue: u16,
    /// Class of the body: which shell.
    kind: &'a str,
    mark: Option<&'a str>,
    keep: &'a [String],
}

fn document(around: &Document<'_>, body: Markup) -> Markup {
    let Document { title, organization, hue, kind, mark, keep } = *around;
    let field = kind == IN_FIELD;
    html! {
        (DOCTYPE)
        html lang="en" data-hue=(step(hue)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="description" content="Field work, with exactly the window that is yours.";
                meta name="referrer" content="same-origin";
                title { (title) @if !organization.is_empty() { " · " (organization) } @else { " · Bailiwick" } }
                meta name="theme-color" content="#f5f8f9" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#0b0f10" media="(prefers-color-scheme: dark)";
                link rel="apple-touch-icon" href=(assets::url("icon-192.png"));
                link rel="icon" href=(assets::url("favicon.svg")) type="image/svg+xml";
                link rel="manifest" href=(MANIFEST_PATH);
                @if let Some(font) = assets::FONT { link rel="preload" href=(font) as="font" type="font/woff2" crossorigin; }
                link rel="stylesheet" href=(assets::url("app.css"));
                script src=(assets::url("scheme.js")) {}
                script type="module" src=(assets::url(if field { "field.js" } else { "app.js" })) {}
            }
            body class=(kind) data-self=[mark] data-keep=[(!keep.is_empty()).then(|| keep.join(" "))] { (body) }
        }
    }
}
