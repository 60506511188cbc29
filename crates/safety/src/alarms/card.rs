//! One's own emergency card: what a helper must know. Nobody else reads it, but whoever answers one's alarm.

use access::Resource;
use kernel::Result;
use kernel::id::AlarmId;
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::CardForm;
use super::view::CardOut;
use super::{TRIGGER, query};

impl CardOut {
    /// Says it nothing at all?
    pub(super) fn is_empty(&self) -> bool {
        [&self.phone, &self.contact_name, &self.contact_phone, &self.medical]
            .iter()
            .all(|part| part.is_empty())
    }
}

pub(super) async fn own(ctx: &Ctx) -> Result<CardOut> {
    ctx.require(TRIGGER)?;
    // A preview looks through somebody's eyes, not into their card.
    if ctx.preview.is_some() {
        return Ok(CardOut::default());
    }
    let card = query::card(ctx.store(), ctx.who.organization, ctx.who.membership).await?;
    Ok(card.unwrap_or_default())
}

pub(super) async fn save(ctx: &Ctx, form: &CardForm) -> Result<CardOut> {
    ctx.require(TRIGGER)?;
    let draft = form.parse()?;
    let me = ctx.who.membership;
    let mut batch = Batch::new();
    query::set_card(&mut batch, (ctx.who.organization, me), &draft, ctx.now());
    // That it changed is known; what it says is nobody's business.
    let nothing: Option<AlarmId> = None;
    ctx.journal(&mut batch, "change_emergency_card", Resource::Sos, nothing, &ctx.who.name, &json!({}));
    ctx.commit(batch).await?;
    own(ctx).await
}
