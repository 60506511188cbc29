//! One's own emergency card.

use maud::{Markup, html};
use ui::{Field, Form, Kind, button_link, buttons, form as ui_form, form_row, submit, tel, text, text_area};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use crate::alarms::model::CardForm;
use crate::alarms::view::CardOut;

/// The form's values for what is there.
pub(in crate::alarms) fn filled(card: &CardOut) -> CardForm {
    CardForm {
        phone: card.phone.as_str().into(),
        contact_name: card.contact_name.as_str().into(),
        contact_phone: card.contact_phone.as_str().into(),
        medical: card.medical.as_str().into(),
    }
}

pub(in crate::alarms) fn form(ctx: &Ctx, typed: &CardForm, wrong: &Complaints) -> Markup {
    let body = html! {
        (web::reply::complaint(wrong))
        p { "Nobody reads this but whoever answers your alarm, while it lasts, and each time is written down." }
        (ui_form(
            &Form { action: &ctx.href("/sos/card"), guard: true, errors: Some(&wrong.fields), ..Form::default() },
            html! {
                (tel(&Field::new("phone", "Your telephone").value(typed.phone.as_str()).hint("You are called back here.").autocomplete("tel").errors(&wrong.fields)))
                (form_row(html! {
                    (text(&Field::new("contact_name", "Whom to call").value(typed.contact_name.as_str()).errors(&wrong.fields)))
                    (tel(&Field::new("contact_phone", "Their telephone").value(typed.contact_phone.as_str()).errors(&wrong.fields)))
                }))
                (text_area(&Field::new("medical", "What a helper must know").value(typed.medical.as_str()).hint("Illnesses, allergies, medicines, blood group.").errors(&wrong.fields), 5))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/sos"), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled("Emergency card").crumb("Alarm", "/sos"), body)
}
