//! The route table of invitations.

use kernel::Audience;
use kernel::Portal::{Client, Office};
use kernel::id::{InvitationId, MembershipId, kind};
use kernel::page::Page;
use serde::Deserialize;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Failure, Input, Path, Query, Route};

use super::model::{InvitationFilter, InvitationForm, InvitationOut};
use super::query::INVITATIONS;
use super::{INVITE, act, page};
use crate::members;
use crate::targets::names;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Portal(Client), Door::Api];
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    vec![
        Route::get("/invitations", list)
            .only(&doors)
            .says("List invitations")
            .asks::<InvitationFilter>()
            .gives::<Page<InvitationOut>>(),
        Route::post("/invitations", create)
            .only(&doors)
            .says("Invite somebody by e-mail")
            .takes::<InvitationForm>()
            .gives::<InvitationOut>()
            .changes(act::INVITE_KIND),
        Route::post("/invitations/preview", look).only(&[Door::Portal(Office)]),
        Route::get("/invitations/new", new).only(&pages),
        Route::post("/members/{id}/invitation", invite)
            .only(&doors)
            .says("Invite somebody who was saved before, or once more")
            .gives::<InvitationOut>(),
        Route::get("/invitations/{id}", show)
            .only(&doors)
            .says("Read an invitation")
            .gives::<InvitationOut>()
            .shows::<kind::Invitation>(&INVITATIONS),
        Route::post("/invitations/{id}/letter", resend)
            .only(&doors)
            .says("Send an invitation again: a new link, the old one is dead")
            .gives::<InvitationOut>(),
        Route::post("/invitations/{id}/revocation", revoke)
            .only(&doors)
            .says("Take an invitation back")
            .gives::<InvitationOut>()
            .changes(act::REVOKE_KIND),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<InvitationFilter>) -> Answer {
    let invitations = act::list(&ctx, &filter).await?;
    ctx.show(&invitations, |invitations| page::list(&ctx, &filter, invitations))
}

async fn show(ctx: Ctx, Path(id): Path<InvitationId>) -> Answer {
    let (invitation, _) = act::find(&ctx, id).await?;
    ctx.show(&invitation, |invitation| page::show(&ctx, invitation))
}

/// Which role the form is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    role: String,
    /// Places that are chosen already, as on the page of a contractor.
    targets: Vec<String>,
}

async fn new(ctx: Ctx, Query(chosen): Query<Chosen>) -> Answer {
    ctx.require(INVITE)?;
    if chosen.role.is_empty() {
        let offers = members::offers(&ctx, Audience::ALL).await?;
        return ctx.page_only(|| page::choose(&ctx, &offers));
    }
    let form = InvitationForm {
        role: chosen.role.as_str().into(),
        targets: chosen.targets,
        ..InvitationForm::default()
    };
    let offers = offers(&ctx, &form).await?.ok_or(kernel::Error::NotFound)?;
    ctx.page_only(|| page::form(&ctx, &offers, &form, &Complaints::default()))
}

/// What the second step offers; nothing for a role there is not.
async fn offers(ctx: &Ctx, form: &InvitationForm) -> kernel::Result<Option<page::Offers>> {
    let role = match members::role(ctx, form.role.as_str(), None).await {
        Ok(role) => role,
        Err(kernel::Error::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let clients = if act::asks_client(&role) { names::clients(ctx).await? } else { Vec::new() };
    let places = names::offers(ctx, role.reach).await?;
    Ok(Some(page::Offers { role, places, clients }))
}

async fn invite(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let invitation = super::member::invite(&ctx, id).await.map_err(|error| in_words(&ctx, error))?;
    ctx.done(&invitation, &format!("/members/{id}"))
}

/// A button has no fields to tell a message at: through a portal it is told as a sentence.
fn in_words(ctx: &Ctx, error: kernel::Error) -> kernel::Error {
    match error {
        kernel::Error::Invalid(errors) if ctx.portal().is_some() => {
            let all: Vec<String> = errors.iter().flat_map(|(_, messages)| messages.to_vec()).collect();
            kernel::Error::conflict(crate::words::sentence(&all.join(" ")))
        }
        other => other,
    }
}

async fn create(ctx: Ctx, Input(form): Input<InvitationForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(invitation) => ctx.created(&invitation, &format!("/invitations/{}", invitation.id)),
        Err(error) => again(&ctx, &form, error).await,
    }
}

/// Shows what whoever is invited would see, before a letter leaves.
async fn look(ctx: Ctx, Input(form): Input<InvitationForm>) -> Answer {
    match crate::changes::look(&ctx, act::INVITE_KIND, &serde_json::json!(form)).await {
        Ok(shown) => Ok(shown),
        Err(error) => again(&ctx, &form, error).await,
    }
}

async fn again(ctx: &Ctx, form: &InvitationForm, error: kernel::Error) -> Answer {
    if ctx.portal().is_some()
        && let Some(offers) = offers(ctx, form).await?
    {
        return ctx.again(error, |wrong| page::form(ctx, &offers, form, wrong));
    }
    Err(Failure(error))
}

async fn resend(ctx: Ctx, Path(id): Path<InvitationId>) -> Answer {
    let invitation = act::resend(&ctx, id).await?;
    ctx.done(&invitation, &format!("/invitations/{id}"))
}

async fn revoke(ctx: Ctx, Path(id): Path<InvitationId>) -> Answer {
    let invitation = act::revoke(&ctx, id).await?;
    ctx.done(&invitation, &format!("/invitations/{id}"))
}
