//! The store through its public door, every behaviour on both engines.

#[cfg(test)]
mod backups;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod files;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod values;

#[cfg(test)]
mod fixture {
    use kernel::id::SiteId;
    use store::{Batch, Engine, Migration, Store, params};
    use testkit::TestStore;

    /// A schema with a column of every type, a unique index, references checked at once and at commit.
    pub(crate) fn schema(engine: Engine) -> &'static [Migration] {
        match engine {
            Engine::Sqlite => &[Migration {
                name: "0001_create_things",
                sql: "create table sites (id blob primary key not null, name text not null unique,
                                          version integer not null default 1) strict;
                      create table things (
                          id blob primary key not null, flag integer, number integer, small integer,
                          ratio real, label text, bytes blob, at integer,
                          site_id blob references sites (id),
                          later_id blob references sites (id) deferrable initially deferred) strict;",
            }],
            Engine::Postgres => &[Migration {
                name: "0001_create_things",
                sql: "create table sites (id uuid primary key, name text not null unique,
                                          version bigint not null default 1);
                      create table things (
                          id uuid primary key, flag boolean, number bigint, small integer,
                          ratio double precision, label text, bytes bytea, at bigint,
                          site_id uuid references sites (id),
                          later_id uuid references sites (id) deferrable initially deferred);",
            }],
        }
    }

    pub(crate) async fn engines() -> Vec<TestStore> {
        testkit::engines_with(schema).await
    }

    /// One more site, committed.
    pub(crate) async fn site(store: &Store, name: &str) -> SiteId {
        let id = SiteId::new();
        let mut batch = Batch::new();
        batch.run("insert into sites (id, name) values ($1, $2)", params![id, name]);
        store.commit(batch).await.unwrap();
        id
    }

    pub(crate) async fn names(store: &Store) -> Vec<String> {
        let rows: Vec<(String,)> = store.all("select name from sites order by name", []).await.unwrap();
        rows.into_iter().map(|(name,)| name).collect()
    }
}
