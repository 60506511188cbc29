//! What is written into the audit journal, from the context of a request.

use access::{Action, Facts, Permission, Resource, permission};
use kernel::Portal;
use kernel::id::{Id, Kind};
use maud::{Markup, html};
use serde::Serialize;
use store::Batch;
use store::journal::Entry;

use crate::context::Ctx;

/// May the journal be read?
pub const AUDIT: Permission = permission(Resource::Audit, Action::View);

/// May one ask who can see what?
pub const EXPLAIN: Permission = permission(Resource::Account, Action::Explain);

impl Ctx {
    /// The way to who can see a record, for those who may ask.
    pub fn access_button<K: Kind>(&self, record: Id<K>) -> Markup {
        let href = self.href(&format!("/access/{record}"));
        html! {
            @if self.portal() == Some(Portal::Office) && self.may(EXPLAIN) {
                (ui::button_link(ui::Kind::Plain, "Who can see this", &href, Some(ui::icon::eye())))
            }
        }
    }

    /// The way to a record's lines in the journal, for those who may read them.
    pub fn journal_button<K: Kind>(&self, record: Id<K>, facts: &Facts) -> Markup {
        let href = self.href(&format!("/journal?record={record}"));
        html! {
            @if self.portal() == Some(Portal::Office) && self.plan.check(AUDIT, facts) {
                (ui::button_link(ui::Kind::Plain, "Journal", &href, Some(ui::icon::history())))
            }
        }
    }

    /// Adds a line to the journal, in the same batch as the change: who, in which roles, did what to which record,
    /// from where. `detail` holds before and after; it never holds secrets.
    pub fn journal<K: Kind>(
        &self,
        batch: &mut Batch,
        action: &str,
        resource: access::Resource,
        record: Option<Id<K>>,
        label: &str,
        detail: &impl Serialize,
    ) {
        store::journal::append(
            batch,
            &Entry {
                organization: self.who.organization,
                at: self.now(),
                account: Some(self.who.account),
                membership: Some(self.who.membership),
                name: &self.who.name,
                roles: &self.role_names(),
                action,
                resource: resource.word(),
                record: record.map(Id::uuid),
                label,
                detail: &serde_json::to_string(detail).unwrap_or_default(),
                address: &self.wire.address,
            },
        );
    }
}
