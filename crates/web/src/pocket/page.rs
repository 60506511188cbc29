//! The page of what waits on a phone. The server knows nothing of these acts; the lines come from the phone.

use maud::{Markup, html};
use ui::{Empty, Tone, empty, status};

use crate::context::Ctx;
use crate::reply::PageParts;

pub(super) fn waiting(ctx: &Ctx) -> Markup {
    let body = html! {
        noscript { (ui::alert(Tone::Info, "This page needs scripts", html! { p { "Without them nothing waits on this phone: what you hand in is sent at once." } })) }
        p.dim { "What you hand in is kept on this phone first and sent as soon as there is a signal. Nothing is lost when the phone is switched off." }
        div.actions { button class="btn primary" type="button" data-act="now" hidden { (ui::icon::upload()) span { "Send now" } } }
        div data-nothing {
            (empty(
                &Empty {
                    icon: ui::icon::check(),
                    title: "Everything is sent",
                    text: "Reports that you hand in without a signal are shown here until they arrive.",
                },
                html! {},
            ))
        }
        ul.acts data-waiting aria-label="What was handed in on this phone" {}
        template id="act-line" {
            li.act {
                div.act-head {
                    strong data-part="what" {}
                    span data-state="waiting" { (status("Waiting", Tone::Warning)) }
                    span data-state="refused" { (status("Refused", Tone::Danger)) }
                    span data-state="sent" { (status("Sent", Tone::Success)) }
                }
                p data-part="about" {}
                p.dim.number data-part="when" {}
                p.act-why data-part="why" {}
                div.act-does {
                    (act("btn primary", "Mend it", "mend", "refused"))
                    (act("btn", "Try again as it is", "retry", "refused"))
                    (act("btn plain", "Discard", "discard", "refused waiting"))
                    a.btn href="/field" { "Open" }
                }
            }
        }
    };
    ctx.page(PageParts::titled("Waiting to be sent"), body)
}

/// A button of a line: what it does, and in which states of the act it is there.
fn act(class: &str, label: &str, does: &str, states: &str) -> Markup {
    html! { button class=(class) type="button" data-act=(does) data-for=(states) { (label) } }
}
