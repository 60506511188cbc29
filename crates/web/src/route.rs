//! Routes as values. A feature lists them once; the mount, the navigation, OpenAPI and the test that walks over
//! everything read the same list.

use std::pin::Pin;

use access::{Facts, Permission};
use axum::handler::Handler;
use axum::routing::{MethodRouter, on};
use http::Method;
use kernel::Timestamp;
use kernel::id::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use store::Store;
use store::listing::Table;
use ui::Icon;
use uuid::Uuid;

use crate::app::App;
use crate::context::Door;
use crate::notices::Notice;
use crate::search::Search;

/// What one capability adds to the program.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Its name, as in its folder.
    pub name: &'static str,
    /// Its routes behind the doors.
    pub routes: fn() -> Vec<Route>,
    /// Its routes in front of the doors (sign-in, invitations), if any: their paths are whole, their doors mean
    /// nothing.
    pub open: Option<fn() -> Vec<Route>>,
    /// Its places in the navigation.
    pub nav: &'static [Nav],
}

/// A place in a portal's navigation, shown to those who may do anything there.
#[derive(Debug)]
pub struct Nav {
    /// What is read.
    pub label: &'static str,
    /// Where it leads, below the door.
    pub path: &'static str,
    /// Its icon.
    pub icon: fn() -> Icon,
    /// The portals that show it.
    pub doors: &'static [Door],
    /// One of these must be held.
    pub any_of: &'static [Permission],
    /// Lower stands first.
    pub place: u8,
}

impl Feature {
    /// What the search can find of this feature: the path of each list that says how, its doors, and how.
    #[must_use]
    pub fn searches(&self) -> Vec<Findable> {
        (self.routes)()
            .into_iter()
            .filter_map(|route| {
                let search = route.search?;
                Some(Findable { path: route.path, doors: route.doors, search })
            })
            .collect()
    }
}

/// A kind of record the search can find.
#[derive(Clone, Debug)]
pub struct Findable {
    /// The list that holds them all, below the door.
    pub path: &'static str,
    /// The doors of the list.
    pub doors: Vec<Door>,
    /// How.
    pub search: Search,
}

/// A kind of record that has a page of its own. The journal finds by it what its lines speak of: which table says
/// who may see the record, how its ids are written, where it is opened.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The table of a listing; its resource is the record's.
    pub table: &'static Table,
    /// What its ids begin with.
    pub prefix: &'static str,
    /// How it was at an instant of the past, for kinds whose history is kept.
    pub past: Option<Past>,
}

/// Facts of a record as they were at an instant of the past, from its facts now; none where it was not there yet.
pub type Past = fn(Store, Facts, Uuid, Timestamp) -> Remembered;

/// What a [`Past`] answers.
pub type Remembered = Pin<Box<dyn Future<Output = kernel::Result<Option<Facts>>> + Send>>;

type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One route.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below the door, in the router's words: `/incidents/{id}`.
    pub path: &'static str,
    /// The doors through which it is reached.
    pub doors: Vec<Door>,
    /// One line for OpenAPI.
    pub summary: &'static str,
    /// What the query may hold.
    pub asks: Option<Describe>,
    /// What the body holds.
    pub takes: Option<Describe>,
    /// What a good answer holds.
    pub gives: Option<Describe>,
    /// The media type of a good answer that is not JSON.
    pub media: Option<&'static str>,
    /// How the search finds the records that this list holds.
    pub search: Option<Search>,
    /// The kind of record whose page this is.
    pub record: Option<Record>,
    /// What people are told about the record of this page.
    pub tells: &'static [&'static Notice],
    /// A page of the field portal that phones keep, to be opened without a signal.
    pub kept: bool,
    /// What one must hold to be told of it on every page of the office: a list that cannot wait to be looked at.
    pub watched: Option<access::Permission>,
    /// Reached without a session or token: its handler takes a `Visitor`.
    pub open: bool,
    /// The kind of change of rights that it makes.
    pub change: Option<crate::change::Kind>,
    /// What a difference counts of the records this list holds.
    pub counted: Option<crate::change::Counted>,
    /// How the leak test plants the kinds of record that these paths lead to.
    pub plants: Option<crate::canary::Plant>,
    pub(crate) handler: MethodRouter<App>,
}

fn describe<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    fn new<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter =
            axum::routing::MethodFilter::try_from(method.clone()).unwrap_or(axum::routing::MethodFilter::GET);
        Self {
            method,
            path,
            doors: Door::ALL.to_vec(),
            summary: "",
            asks: None,
            takes: None,
            gives: None,
            media: None,
            search: None,
            record: None,
            tells: &[],
            kept: false,
            watched: None,
            open: false,
            change: None,
            counted: None,
            plants: None,
            handler: on(filter, handler),
        }
    }

    /// Makes a change of rights of this kind, which can be shown, scheduled and undone.
    #[must_use]
    pub fn changes(mut self, kind: crate::change::Kind) -> Self {
        self.change = Some(kind);
        self
    }

    /// Lists records that differences count.
    #[must_use]
    pub fn counted(mut self, counted: crate::change::Counted) -> Self {
        self.counted = Some(counted);
        self
    }

    /// The leak test plants the kinds of record of this feature by this function.
    #[must_use]
    pub fn plants(mut self, plant: crate::canary::Plant) -> Self {
        self.plants = Some(plant);
        self
    }

    /// Reads.
    pub fn get<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::GET, path, handler)
    }

    /// Makes, or does. Forms of portals know no other method.
    pub fn post<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::POST, path, handler)
    }

    /// Replaces; through the API.
    pub fn put<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::PUT, path, handler).only(&[Door::Api])
    }

    /// Removes; through the API.
    pub fn delete<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::DELETE, path, handler).only(&[Door::Api])
    }

    /// Reached through these doors only.
    #[must_use]
    pub fn only(mut self, doors: &[Door]) -> Self {
        self.doors = doors.to_vec();
        self
    }

    /// Reached through the portals, not the API: form pages.
    #[must_use]
    pub fn pages(self) -> Self {
        self.only(&Door::ALL[..3])
    }

    /// Kept by phones, to be opened without a signal. Its path has no ids in it.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Every page of the office keeps an eye on it for those who may do this: what it marks as an alarm is shown and
    /// heard wherever they are. Its path has no ids in it.
    #[must_use]
    pub fn watched(mut self, permission: access::Permission) -> Self {
        self.watched = Some(permission);
        self
    }

    /// Reached by those who have not signed in.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// One line for OpenAPI.
    #[must_use]
    pub fn says(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// The query.
    #[must_use]
    pub fn asks<T: JsonSchema>(mut self) -> Self {
        self.asks = Some(describe::<T>);
        self
    }

    /// The body.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes = Some(describe::<T>);
        self
    }

    /// The answer.
    #[must_use]
    pub fn gives<T: JsonSchema>(mut self) -> Self {
        self.gives = Some(describe::<T>);
        self
    }

    /// The records of this list are found by the search, through the same doors as the list.
    #[must_use]
    pub fn found_by(mut self, search: Search) -> Self {
        self.search = Some(search);
        self
    }

    /// This is the page of one record of that kind, at `…/{id}`.
    #[must_use]
    pub fn shows<K: Kind>(mut self, table: &'static Table) -> Self {
        self.record = Some(Record { table, prefix: K::PREFIX, past: None });
        self
    }

    /// The history of the kind of record whose page this is tells how one was at an instant of the past.
    #[must_use]
    pub fn remembers(mut self, past: Past) -> Self {
        if let Some(record) = &mut self.record {
            record.past = Some(past);
        }
        self
    }

    /// This is the page of a record about which people are told these things.
    #[must_use]
    pub fn tells(mut self, notices: &'static [&'static Notice]) -> Self {
        self.tells = notices;
        self
    }

    /// The answer is a file of this media type.
    #[must_use]
    pub fn gives_file(mut self, media: &'static str) -> Self {
        self.media = Some(media);
        self
    }
}
