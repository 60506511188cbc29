//! What is seen of an incident. Everything beyond the public part is an `Option`: it is absent where the asker's
//! plan does not show the field's class.

use access::{FieldClass, Visibility};
use kernel::id::{ClientId, IncidentId, MembershipId, SiteId};
use kernel::{Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Decode, FromRow, Row};

use super::words::{Approval, Part, Severity, Source, Status};

/// Reads a row cell by cell, so that fields and columns stand in one order.
struct Cells<'a, 'r>(&'a Row<'r>, usize);

impl Cells<'_, '_> {
    fn next<T: Decode>(&mut self) -> Result<T> {
        self.1 += 1;
        self.0.get(self.1 - 1)
    }

    fn word<E: TryFrom<i64, Error = String>>(&mut self) -> Result<E> {
        self.1 += 1;
        self.0.number(self.1 - 1)
    }

    fn maybe<E: TryFrom<i64, Error = String>>(&mut self) -> Result<Option<E>> {
        self.1 += 1;
        self.0.optional_number(self.1 - 1)
    }

    fn flag(&mut self) -> Result<Option<bool>> {
        Ok(self.next::<Option<i64>>()?.map(|n| n == 1))
    }
}

/// An incident in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IncidentRow {
    /// Its id.
    pub id: IncidentId,
    /// A short word to read aloud; says nothing about how many there are.
    pub reference: String,
    /// What sort of incident.
    pub kind: String,
    /// How bad.
    pub severity: Severity,
    /// How far the work is.
    pub status: Status,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The zone of the site's clock.
    pub zone: String,
    /// Where.
    pub site_id: SiteId,
    /// What the site was called then.
    pub site: String,
    /// What the client side reads.
    pub public_details: String,
    /// When it was published, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// Put away?
    pub archived: bool,
    /// Counted within the organization. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// One line. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Out of what kind of work. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Needs someone above. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated: Option<bool>,
    /// Who outside may meet it. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Approved? Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The client it was filed for. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// What the client was called then. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Send it back when changing it. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<MembershipId>,
    /// Who has it, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
}

impl IncidentRow {
    fn read(cells: &mut Cells<'_, '_>) -> Result<Self> {
        let mut row = Self {
            id: cells.next()?,
            reference: cells.next()?,
            kind: cells.next()?,
            severity: cells.word()?,
            status: cells.word()?,
            occurred_at: cells.next()?,
            ended_at: cells.next()?,
            zone: cells.next()?,
            site_id: cells.next()?,
            site: cells.next()?,
            public_details: cells.next()?,
            released_at: cells.next()?,
            archived: cells.flag()?.unwrap_or(false),
            number: cells.next()?,
            title: cells.next()?,
            source: cells.maybe()?,
            escalated: cells.flag()?,
            visibility: cells.maybe()?,
            approval: None,
            client_id: None,
            client: None,
            version: None,
            author: None,
            assignee_id: None,
            assignee: None,
        };
        let required = cells.flag()?;
        let approved: Option<Timestamp> = cells.next()?;
        row.approval = required.map(|required| Approval::of(required, approved.is_some()));
        row.client_id = cells.next()?;
        row.client = cells.next()?;
        row.version = cells.next()?;
        row.author = cells.next()?;
        row.assignee_id = cells.next()?;
        row.assignee = cells.next::<Option<String>>()?.filter(|name| !name.is_empty());
        Ok(row)
    }

    /// What staff call it: "#1042".
    pub(crate) fn label(&self) -> String {
        self.number.map_or_else(|| self.reference.clone(), |number| format!("#{number}"))
    }
}

impl FromRow for IncidentRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Self::read(&mut Cells(row, 0))
    }
}

/// Somebody who was involved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonOut {
    /// Their name.
    pub name: String,
    /// What they had to do with it.
    pub part: Part,
    /// How to reach them.
    pub contact: String,
    /// More words.
    pub note: String,
}

impl FromRow for PersonOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { name: row.get(0)?, part: row.number(1)?, contact: row.get(2)?, note: row.get(3)? })
    }
}

/// An incident, whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IncidentOut {
    /// What lists show of it.
    #[serde(flatten)]
    pub row: IncidentRow,
    /// What happened. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Where at the site. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When it was reported. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
    /// The rule in force when it was handed in: may its author change it? Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_may_edit: Option<bool>,
    /// When it was approved. Staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// The roles its author held then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_role: Option<String>,
    /// Who typed it, when filed on behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_by: Option<String>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// Never leaves the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal_notes: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Who was involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<PersonOut>>,
}

impl std::ops::Deref for IncidentOut {
    type Target = IncidentRow;

    fn deref(&self) -> &IncidentRow {
        &self.row
    }
}

impl FromRow for IncidentOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let mut cells = Cells(row, 0);
        // The columns from the reference to the assignee stand as in a list.
        let approved_at = row.get(19)?;
        let head = IncidentRow::read(&mut cells)?;
        let text = |value: Option<String>| value.filter(|text| !text.is_empty());
        Ok(Self {
            row: head,
            narrative: cells.next()?,
            place: cells.next()?,
            reported_at: cells.next()?,
            author_may_edit: cells.flag()?,
            approved_at,
            author_role: cells.next()?,
            filed_by: text(cells.next()?),
            approved_by: text(cells.next()?),
            released_by: text(cells.next()?),
            internal_notes: cells.next()?,
            latitude: cells.next()?,
            longitude: cells.next()?,
            people: None,
        })
    }
}

impl IncidentOut {
    /// The same, as somebody sees it to whom only these classes are shown. What the publication preview shows, and
    /// nothing else: real reads are masked by the store.
    #[must_use]
    pub(crate) fn masked(mut self, shows: impl Fn(FieldClass) -> bool) -> Self {
        if !shows(FieldClass::Operational) {
            let row = &mut self.row;
            (row.number, row.title, row.source, row.escalated) = (None, None, None, None);
            (row.visibility, row.approval, row.client_id, row.client, row.version) =
                (None, None, None, None, None);
            (self.narrative, self.place, self.reported_at) = (None, None, None);
            (self.author_may_edit, self.approved_at) = (None, None);
        }
        if !shows(FieldClass::People) {
            (self.row.author, self.row.assignee_id, self.row.assignee) = (None, None, None);
            (self.author_role, self.filed_by, self.approved_by, self.released_by) = (None, None, None, None);
            self.people = None;
        }
        if !shows(FieldClass::Notes) {
            self.internal_notes = None;
        }
        if !shows(FieldClass::Location) {
            (self.latitude, self.longitude) = (None, None);
        }
        self
    }
}

/// A part of the record that a change touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedField {
    /// Which part.
    pub field: String,
    /// Its class: it is shown to whom the part itself is shown.
    pub class: FieldClass,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// What is stored of a change besides who and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Detail {
    pub(crate) fields: Vec<ChangedField>,
    pub(crate) reason: String,
}

/// A change as stored.
#[derive(Debug)]
pub(crate) struct ChangeRow {
    pub(crate) at: Timestamp,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) action: String,
    pub(crate) detail: Detail,
}

impl FromRow for ChangeRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let detail: String = row.get(4)?;
        Ok(Self {
            at: row.get(0)?,
            name: row.get(1)?,
            role: row.get(2)?,
            action: row.get(3)?,
            detail: serde_json::from_str(&detail).map_err(Error::internal)?,
        })
    }
}

/// A line of an incident's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeOut {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// In which roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What it changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ChangedField>,
}
