//! The frame around each page: navigation by what the plan opens, the person, what they may act as, the
//! organization's hue and mark.

use kernel::{Audience, Portal};
use maud::{Markup, html};
use ui::{Icon, NavItem, Shell};

use crate::context::{Ctx, Hat};
use crate::mount::hat_path;
use crate::reply::PageParts;
use crate::route::Nav;
use crate::{pocket, search};

/// The places of this door that the person may enter, in the order they are shown.
fn places(ctx: &Ctx) -> Vec<&'static Nav> {
    let mut places: Vec<_> = ctx
        .app
        .features
        .iter()
        .flat_map(|feature| feature.nav)
        .filter(|nav| nav.doors.contains(&ctx.door))
        .filter(|nav| nav.any_of.is_empty() || nav.any_of.iter().any(|p| ctx.may(*p)))
        .collect();
    places.sort_by_key(|nav| nav.place);
    places
}

/// Where a place is. The start page of a door has no slash at its end.
fn href(ctx: &Ctx, path: &str) -> String {
    ctx.href(if path == "/" { "" } else { path })
}

/// A place of the navigation that the search found.
pub(crate) struct Place {
    pub(crate) label: &'static str,
    pub(crate) icon: fn() -> Icon,
    pub(crate) href: String,
}

/// The places of the navigation whose names hold these words; none for no words.
pub(crate) fn pages(ctx: &Ctx, words: &str) -> Vec<Place> {
    let words = store::fold(words);
    let words = words.trim();
    if words.is_empty() {
        return Vec::new();
    }
    places(ctx)
        .into_iter()
        .filter(|nav| store::fold(nav.label).contains(words))
        .map(|nav| Place { label: nav.label, icon: nav.icon, href: href(ctx, nav.path) })
        .collect()
}

/// A page in the frame of its door.
pub(crate) fn frame(ctx: &Ctx, page: PageParts<'_>, body: Markup) -> Markup {
    let portal = ctx.portal().unwrap_or(Portal::Office);
    let places = places(ctx);
    let hrefs: Vec<String> = places.iter().map(|nav| href(ctx, nav.path)).collect();
    // The longest path that holds this page is the place one is at: "/incidents/new" is not also "/incidents".
    let here = places
        .iter()
        .map(|nav| nav.path)
        .filter(|path| *path == ctx.wire.path || ctx.wire.path.starts_with(&format!("{path}/")))
        .max_by_key(|path| path.len());
    let nav: Vec<NavItem<'_>> = places
        .iter()
        .zip(&hrefs)
        .map(|(nav, href)| NavItem {
            href,
            label: nav.label,
            icon: (nav.icon)(),
            current: here == Some(nav.path),
            count: None,
        })
        .collect();
    let crumbs: Vec<(String, String)> =
        page.crumbs.iter().map(|(label, path)| (label.clone(), ctx.href(path))).collect();
    let crumbs: Vec<(&str, &str)> = crumbs.iter().map(|(l, h)| (l.as_str(), h.as_str())).collect();
    let roles = ctx.role_names();
    let worn: Vec<(String, String)> =
        ctx.who.hats.iter().map(|hat| (hat_words(hat), hat_path(hat.membership))).collect();
    let hats: Vec<ui::Hat<'_>> = ctx
        .who
        .hats
        .iter()
        .zip(&worn)
        .map(|(hat, (detail, href))| ui::Hat {
            label: &hat.organization,
            detail,
            href,
            current: hat.membership == ctx.who.membership,
        })
        .collect();
    let logo_url = ctx.who.logo.as_ref().map(crate::Logo::url);
    let logo = ctx.who.logo.as_ref().zip(logo_url.as_deref()).map(|(logo, src)| ui::Logo {
        src,
        width: logo.width,
        height: logo.height,
    });
    let search = search::offered(ctx).then(|| ctx.href(search::PATH));
    // A preview leaves nothing on the phone of the person who looks.
    let own = portal == Portal::Field && ctx.preview.is_none();
    let mark = own.then(|| pocket::mark(ctx.who.membership));
    let watched = ctx
        .app
        .watched
        .filter(|(_, permission)| portal == Portal::Office && ctx.preview.is_none() && ctx.may(*permission))
        .map(|(path, _)| ctx.href(path));
    let body = match page.live {
        Some(path) => ui::live("live", &ctx.href(path), body),
        None => body,
    };
    ui::shell(
        &Shell {
            title: page.title,
            portal,
            organization: &ctx.who.organization_name,
            hue: ctx.who.hue,
            logo,
            nav: &nav,
            person: &ctx.who.name,
            role_line: &roles,
            hats: &hats,
            crumbs: &crumbs,
            banner: ctx.preview.as_ref().map(|preview| crate::preview::banner(&preview.banner)),
            actions: page.actions.unwrap_or_else(|| html! {}),
            mark: mark.as_deref(),
            keep: if own { &ctx.app.kept } else { &[] },
            search_action: search.as_deref(),
            watched: watched.as_deref(),
            ..Shell::default()
        },
        body,
    )
}

/// As what: the side and the roles.
fn hat_words(hat: &Hat) -> String {
    let side = match hat.audience {
        Audience::Staff => "Staff",
        Audience::Client => "Client",
        Audience::Contractor => "Contractor",
    };
    let roles = if hat.roles.is_empty() { "no role at the moment" } else { &hat.roles };
    format!("{side}: {roles}")
}
