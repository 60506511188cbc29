//! A table like the product's, filled from a random world: `cases` with its visibility in the index and never null,
//! and `loose`, where everything that may be absent is.

use access::{Action, Facts, FieldClass, Permission, Resource};
use access_oracle::{Record, World};
use kernel::Result;
use store::listing::{Field, Keys, Order, Table, field};
use store::{Batch, Decode, Engine, FromRow, Migration, Row, Store, Value, params};
use testkit::TestStore;
use tokio::runtime::Runtime;
use uuid::Uuid;

const FIELDS: &[Field] = &[
    field("id", "t.id", FieldClass::Public),
    field("title", "t.title", FieldClass::Public),
    field("number", "t.number", FieldClass::Operational),
    field("notes", "t.notes", FieldClass::Notes),
    field("author", "t.author_name", FieldClass::People),
    field("place", "t.place", FieldClass::Location),
    field("price", "t.price", FieldClass::Prices),
    field("secret", "t.secret", FieldClass::Secret),
];

/// The class of each field after the id, in order.
pub(crate) const CLASSES: [FieldClass; 7] = [
    FieldClass::Public,
    FieldClass::Operational,
    FieldClass::Notes,
    FieldClass::People,
    FieldClass::Location,
    FieldClass::Prices,
    FieldClass::Secret,
];

pub(crate) const NAMES: [&str; 7] = ["title", "number", "notes", "author", "place", "price", "secret"];

const ORDERS: &[Order] = &[
    Order { name: "at", column: "t.at", text: false, descending: true, class: FieldClass::Public },
    Order { name: "title", column: "t.title", text: true, descending: false, class: FieldClass::Public },
    Order {
        name: "author",
        column: "t.author_name",
        text: true,
        descending: false,
        class: FieldClass::People,
    },
    Order { name: "secret", column: "t.secret", text: true, descending: false, class: FieldClass::Secret },
];

const KEYS: Keys = Keys {
    area: Some("area_id"),
    team: Some("team_id"),
    client: Some("client_id"),
    site: Some("site_id"),
    visibility: Some("visibility"),
    author_may_edit: Some("author_may_edit"),
    closed: Some("closed"),
    emergency: Some("emergency"),
    author: Some("author_id"),
    assignee: Some("assignee_id"),
    requester: Some("requester_id"),
    indexes: &[],
};

macro_rules! tables {
    ($($name:ident $resource:ident $table:literal $indexed:literal;)+) => {
        $(
            static $name: Table = Table {
                resource: Resource::$resource,
                name: $table,
                fields: FIELDS,
                joins: "",
                orders: ORDERS,
                search: &[("t.title", FieldClass::Public), ("t.notes", FieldClass::Notes)],
                keys: KEYS,
                visibility_in_index: $indexed,
            };
        )+
        /// The table seen as different resources: their facets and ceilings differ.
        pub(crate) static TABLES: &[&Table] = &[$(&$name,)+];
    };
}

tables! {
    INCIDENTS Incident "cases" true;
    WORK_ORDERS WorkOrder "cases" true;
    SHIFTS Shift "cases" true;
    REPORTS Report "cases" true;
    TIMESHEETS Timesheet "loose" false;
    ALARMS Sos "loose" false;
    INSPECTIONS Inspection "loose" false;
    ENTRIES TimeEntry "loose" false;
}

const SQLITE: &str = "
create table NAME (
  id blob primary key, organization_id blob not null,
  area_id blob, team_id blob, client_id blob, site_id blob,
  visibility integer VISIBILITY, author_may_edit integer, closed integer, emergency integer,
  author_id blob, assignee_id blob, requester_id blob,
  at integer not null, title text not null, number text not null, notes text not null,
  author_name text not null, place text not null, price text not null, secret text not null
);
create index NAME_by_time on NAME (organization_id, at desc, id desc);
create index NAME_by_site on NAME (organization_id, site_id, visibility, at desc, id desc);
create index NAME_by_client on NAME (organization_id, client_id, visibility, at desc, id desc);
create index NAME_by_author on NAME (organization_id, author_id, at desc, id desc);
";

/// On SQLite one of the tables has a search index, as the product's incidents have.
const SEARCH: &str = "
create virtual table cases_search using fts5 (
  text, tokenize = 'trigram', detail = none, content = '', contentless_delete = 1
);
create trigger cases_new after insert on cases begin
  insert into cases_search (rowid, text) values (new.rowid, new.title || char(10) || new.notes);
end;
create trigger cases_gone after delete on cases begin
  delete from cases_search where rowid = old.rowid;
end;
";

/// The schema of the tests: the same two tables on each engine.
fn schema(engine: Engine) -> &'static [Migration] {
    static BOTH: std::sync::OnceLock<[Vec<Migration>; 2]> = std::sync::OnceLock::new();
    let both = BOTH.get_or_init(|| {
        let sqlite = format!(
            "{}{}",
            SQLITE.replace("NAME", "cases").replace("VISIBILITY", "not null"),
            SQLITE.replace("NAME", "loose").replace("VISIBILITY", "")
        );
        let postgres = sqlite.replace(" blob", " uuid").replace(" integer", " bigint");
        let sqlite = sqlite + SEARCH;
        [sqlite, postgres].map(|sql| vec![Migration { name: "0001_create_cases", sql: sql.leak() }])
    });
    match engine {
        Engine::Sqlite => &both[0],
        Engine::Postgres => &both[1],
    }
}

/// What a test works with: a runtime and a store per engine.
pub(crate) struct Shelf {
    pub(crate) runtime: Runtime,
    stores: Vec<TestStore>,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stores = runtime.block_on(testkit::engines_with(schema));
        Self { runtime, stores }
    }

    pub(crate) fn stores(&self) -> impl Iterator<Item = Store> {
        self.stores.iter().map(TestStore::store)
    }

    /// Does something on each engine and compares what comes of it between them.
    pub(crate) fn on_each<T: PartialEq + std::fmt::Debug>(
        &self,
        work: &impl AsyncFn(&Store) -> std::result::Result<T, String>,
    ) -> std::result::Result<(), String> {
        let mut first: Option<T> = None;
        for store in self.stores() {
            let engine = store.engine();
            let answer = self.runtime.block_on(work(&store)).map_err(|e| format!("on {engine:?}: {e}"))?;
            match &first {
                None => first = Some(answer),
                Some(first) if *first == answer => {}
                Some(first) => return Err(format!("the engines differ: {first:?}\nand {answer:?}")),
            }
        }
        Ok(())
    }
}

/// A row as stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) record: Record,
    /// The fields after the id.
    pub(crate) fields: [String; 7],
}

/// The rows that a world's records become in a table.
pub(crate) fn rows(world: &World, table: &Table) -> Vec<Stored> {
    world
        .records()
        .filter(|record| record.facts.visibility.is_some() || !table.visibility_in_index)
        .map(|record| Stored {
            record: record.clone(),
            fields: NAMES.map(|name| {
                // Few different titles, so that orders have ties; every word can be searched for.
                let tag = record.id.as_u128() % if name == "title" { 3 } else { 5 };
                format!("{name} {tag}")
            }),
        })
        .collect()
}

/// Makes the table hold exactly these rows.
pub(crate) async fn fill(store: &Store, table: &Table, rows: &[Stored]) -> Result<()> {
    let mut batch = Batch::new();
    batch.run(format!("delete from {}", table.name), Vec::new());
    for row in rows {
        put(&mut batch, table, row);
    }
    store.commit(batch).await.map(|_| ())
}

pub(crate) fn put(batch: &mut Batch, table: &Table, row: &Stored) {
    let facts = &row.record.facts;
    let marks: Vec<String> = (1..=21).map(|n| format!("${n}")).collect();
    let mut values = params![
        row.record.id,
        facts.organization,
        facts.area,
        facts.team,
        facts.client,
        facts.site,
        facts.visibility,
        facts.author_may_edit,
        facts.closed,
        facts.emergency,
        facts.author,
        facts.assignee,
        facts.requester,
        row.record.at,
    ];
    values.extend(row.fields.iter().map(|text| Value::from(text.as_str())));
    batch.run(format!("insert into {} values ({})", table.name, marks.join(", ")), values);
}

/// A row as a listing gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Given {
    pub(crate) id: Uuid,
    pub(crate) fields: [Option<String>; 7],
}

impl FromRow for Given {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let mut fields: [Option<String>; 7] = Default::default();
        for (place, field) in fields.iter_mut().enumerate() {
            *field = Decode::decode(row.cell(place + 1)?)?;
        }
        Ok(Self { id: row.get(0)?, fields })
    }
}

pub(crate) fn view(table: &Table) -> Permission {
    Permission::find(table.resource, Action::View).unwrap()
}

/// A record as the table sees it.
pub(crate) fn facts(row: &Stored) -> &Facts {
    &row.record.facts
}
