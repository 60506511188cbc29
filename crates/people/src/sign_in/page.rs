//! The sign-in page.

use maud::{Markup, html};
use ui::{Bare, Field, Form, Kind, Tone, bare, buttons, email, form, password, submit};
use web::Text;
use web::reply::Complaints;

pub(super) struct SignIn<'a> {
    pub(super) email: &'a Text,
    pub(super) next: &'a str,
    /// What was done before.
    pub(super) after: &'a str,
    pub(super) wrong: &'a Complaints,
    /// Names by address; empty outside a demo.
    pub(super) demo: &'a [(String, String)],
}

pub(super) fn sign_in(page: &SignIn<'_>) -> Markup {
    let said = match page.after {
        "out" => Some("You are signed out."),
        "reset" => Some("Your password is set. Sign in with it."),
        _ => None,
    };
    let body = html! {
        @if let Some(said) = said { (ui::alert(Tone::Success, said, html! {})) }
        (web::reply::complaint(page.wrong))
        (form(
            &Form {
                action: "/sign-in",
                hidden: &[("next", page.next)],
                stay: false,
                errors: Some(&page.wrong.fields),
                ..Form::default()
            },
            html! {
                (email(&Field::new("email", "E-mail").value(page.email.as_str()).required().autocomplete("username").autofocus()))
                (password(&Field::new("password", "Password").required().autocomplete("current-password")))
                (buttons(html! { (submit(Kind::Primary, "Sign in")) a href="/forgot" { "Forgot your password?" } }))
            },
        ))
        @if !page.demo.is_empty() { (demo(page)) }
    };
    bare(&Bare { title: "Sign in", ..Bare::default() }, body)
}

/// One press signs in as one of the demo's people.
fn demo(page: &SignIn<'_>) -> Markup {
    let there = |role: &access::Role| {
        let address = crate::demo::email(&role.key);
        page.demo.iter().find(|(email, _)| *email == address).cloned()
    };
    html! {
        hr;
        h2 { "Try the demo" }
        p.dim { "Everything here is made up. Choose whose eyes to look through." }
        @for group in crate::demo::groups() {
            @let people: Vec<_> = group.roles.iter().filter_map(|role| Some((*role, there(role)?))).collect();
            @if !people.is_empty() {
                h3 { (group.heading) }
                div.actions {
                    @for (role, (address, name)) in people {
                        form action="/sign-in" method="post" title={ (name) ". " (role.about) } {
                            input type="hidden" name="email" value=(address);
                            input type="hidden" name="password" value=(crate::demo::PASSWORD);
                            input type="hidden" name="next" value=(page.next);
                            (submit(Kind::Quiet, &role.name))
                        }
                    }
                }
            }
        }
    }
}
