//! The kinds of record that attachments hang on. A kind plugs in here: how its record is found within the asker's
//! plan, who may change it, and where its history is written.

use std::future::Future;
use std::pin::Pin;

use access::{Action, Facts, FieldClass, Permission, Permit, Resource, permission};
use kernel::Result;
use kernel::id::IncidentId;
use store::Batch;
use uuid::Uuid;
use web::Ctx;

use crate::incidents;

/// A kind of record with attachments.
pub(super) struct Parent {
    /// What its rows are.
    pub(super) resource: Resource,
    /// Its list, below the door, and what that is called.
    pub(super) home: (&'static str, &'static str),
    /// Its id as it stands in addresses.
    pub(super) spell: fn(Uuid) -> String,
    /// Finds a record within the plan; a miss is [`kernel::Error::NotFound`].
    pub(super) find: for<'a> fn(&'a Ctx, Uuid) -> Later<'a, Record>,
    /// Finds a record and asks for the permit to change it, which its state may refuse.
    pub(super) change: for<'a> fn(&'a Ctx, Uuid) -> Later<'a, (Record, Permit)>,
    /// Who holds this sees what was put away, and can change the record as far as its state allows.
    pub(super) changes: Permission,
    /// Whoever holds one of these decides what of it the client side sees.
    pub(super) releases: &'static [Permission],
    /// Writes a line of history and of the journal.
    pub(super) note: fn(&Ctx, &mut Batch, &Record, Note<'_>),
}

/// A record as far as its attachments need it.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) id: Uuid,
    pub(super) facts: Facts,
    /// The zone its times are told in.
    pub(super) zone: String,
    /// What it is called.
    pub(super) label: String,
}

/// What happened to its attachments.
pub(super) struct Note<'a> {
    pub(super) action: &'static str,
    /// By file: its class, and what it was and is.
    pub(super) changes: &'a [(FieldClass, String, String)],
}

/// An answer that is on its way.
pub(super) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Every kind.
pub(super) static PARENTS: &[&Parent] = &[&INCIDENT];

/// The kind of a resource, if its records have attachments.
pub(super) fn of(resource: Resource) -> Option<&'static Parent> {
    PARENTS.iter().copied().find(|parent| parent.resource == resource)
}

impl Parent {
    /// A record's own page, below the door.
    pub(super) fn path(&self, record: Uuid) -> String {
        format!("{}/{}", self.home.0, (self.spell)(record))
    }
}

/// Incidents.
pub(super) static INCIDENT: Parent = Parent {
    resource: Resource::Incident,
    home: ("/incidents", "Incidents"),
    spell: |id| IncidentId::from_uuid(id).to_string(),
    find: |ctx, id| {
        Box::pin(async move {
            let (out, facts) = incidents::find(ctx, IncidentId::from_uuid(id)).await?;
            Ok(record(id, &out, facts))
        })
    },
    change: |ctx, id| {
        Box::pin(async move {
            let (out, facts, permit) = incidents::changeable(ctx, IncidentId::from_uuid(id)).await?;
            Ok((record(id, &out, facts), permit))
        })
    },
    changes: permission(Resource::Incident, Action::Edit),
    releases: &[
        permission(Resource::Incident, Action::Publish),
        permission(Resource::Incident, Action::Approve),
    ],
    note: |ctx, batch, record, note| {
        incidents::note_files(
            ctx,
            batch,
            IncidentId::from_uuid(record.id),
            &record.label,
            note.action,
            note.changes,
        );
    },
};

fn record(id: Uuid, out: &incidents::IncidentOut, facts: Facts) -> Record {
    Record { id, facts, zone: out.zone.clone(), label: incidents::label(out) }
}
