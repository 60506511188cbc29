//! Pages of a forgotten password.

use maud::{Markup, html};
use ui::{Bare, Field, Form, Kind, Tone, bare, buttons, email, form, password, submit};
use web::Text;
use web::reply::Complaints;

pub(super) fn forgot(typed: &Text, wrong: &Complaints) -> Markup {
    let body = html! {
        p { "Say which address you sign in with. A link to set a new password comes by e-mail." }
        (web::reply::complaint(wrong))
        (form(
            &Form { action: "/forgot", stay: false, errors: Some(&wrong.fields), labels: &[("email", "E-mail")], ..Form::default() },
            html! {
                (email(&Field::new("email", "E-mail").value(typed.as_str()).required().autocomplete("username").autofocus().errors(&wrong.fields)))
                (buttons(html! { (submit(Kind::Primary, "Send the link")) a href="/sign-in" { "Back to sign-in" } }))
            },
        ))
    };
    bare(&Bare { title: "Forgot your password?", ..Bare::default() }, body)
}

/// The same for an address that is known and for one that is not.
pub(super) fn asked(demo: bool) -> Markup {
    let body = html! {
        (ui::alert(Tone::Success, "If there is an account with this address, a link is on its way to it.", html! {}))
        p { "It works once and for one hour. Look into the spam folder too; if nothing comes, check the address or ask your administrator." }
        @if demo { p.hint { "In this demo no mail leaves: an administrator finds the letter under Settings, Outbox." } }
        p { a href="/sign-in" { "Back to sign-in" } }
    };
    bare(&Bare { title: "Look into your mail", ..Bare::default() }, body)
}

pub(super) fn reset(token: &str, address: &str, wrong: &Complaints) -> Markup {
    let body = html! {
        p { "For " strong { (address) } ". Every browser that is signed in as you is signed out." }
        (web::reply::complaint(wrong))
        (form(
            &Form {
                action: &format!("/reset/{token}"),
                stay: false,
                errors: Some(&wrong.fields),
                labels: &[("new", "New password")],
                ..Form::default()
            },
            html! {
                input type="hidden" name="username" autocomplete="username" value=(address);
                (password(&Field::new("new", "New password").required().autocomplete("new-password").hint(crate::password::HINT).errors(&wrong.fields).autofocus()))
                (buttons(submit(Kind::Primary, "Set the password")))
            },
        ))
    };
    bare(&Bare { title: "Set a new password", ..Bare::default() }, body)
}

pub(super) fn dead() -> Markup {
    let body = html! {
        p { "It was used already, is older than an hour, or was cut short on its way." }
        p { a.btn.primary href="/forgot" { "Ask for a new link" } }
    };
    bare(&Bare { title: "This link does not work", ..Bare::default() }, body)
}
