//! Asking for records by their ids: those that may be known are looked through, the others must answer like ids that
//! were never given, for every method and at every path that takes their kind of id.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use kernel::Result;
use web::Door;

use super::Depth;
use super::canary::Planted;
use super::report::{Check, Leak};
use super::routes::Way;
use super::walk::{Ground, Trip, Walker, absent, asked, prefix};
use super::world::Reader;

/// So many of each kind are read at each path when only some of each are asked for.
const MOST_READ: usize = 8;

/// What stands in front of a path's first id.
fn front(path: &'static str) -> &'static str {
    path.split_once('{').map_or(path, |(front, _)| front)
}

impl Ground {
    /// Asks for one record of each kind at each path, to know which kinds of id it takes. Where no page tells of a
    /// record, whoever planted it said so.
    pub(super) async fn learn(&mut self, chief: &Reader) -> Result<()> {
        let mut one_each: BTreeMap<String, String> = BTreeMap::new();
        for record in &self.world.records {
            one_each.entry(prefix(&record.id).to_owned()).or_insert_with(|| record.id.clone());
        }
        let mut takes: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for way in self.ways.iter().filter(|way| way.ids == 1) {
            let taken = takes.entry(front(way.path)).or_default();
            for record in &self.world.records {
                if record.paths.iter().any(|path| front(way.path).strip_prefix(path) == Some("/")) {
                    taken.insert(prefix(&record.id).to_owned());
                }
            }
            for (kind, id) in one_each.iter().filter(|_| way.method == Method::GET) {
                for door in chief.doors().into_iter().filter(|door| way.doors.contains(door)) {
                    let answer = self.program.get(chief.keys(), door, &way.with(&[id])).await?;
                    if answer.status < 400 {
                        taken.insert(kind.clone());
                    }
                }
            }
        }
        self.takes = takes;
        Ok(())
    }

    /// Was a record planted to which this way leads?
    pub(super) fn leads_somewhere(&self, way: &Way) -> bool {
        match way.ids {
            1 => self.records_for(way).next().is_some(),
            _ => self.pairs_for(way).next().is_some(),
        }
    }

    /// The records that make sense at a path with one id.
    fn records_for(&self, way: &Way) -> impl Iterator<Item = &Planted> {
        let kinds = self.takes.get(front(way.path));
        self.world
            .records
            .iter()
            .chain(&self.foreign_records)
            .filter(move |record| kinds.is_some_and(|kinds| kinds.contains(prefix(&record.id))))
    }

    /// The records within others that make sense at a path with two ids, with the others.
    fn pairs_for(&self, way: &Way) -> impl Iterator<Item = (&Planted, &Planted)> {
        let between = way.path.split('/').rev().skip_while(|part| !part.starts_with('{')).nth(1);
        let all = || self.world.records.iter().chain(&self.foreign_records);
        let outer = self.takes.get(front(way.path));
        all().flat_map(move |inner| {
            let fits = inner.within.iter().filter(move |(id, word)| {
                Some(*word) == between && outer.is_some_and(|kinds| kinds.contains(prefix(id)))
            });
            fits.filter_map(move |(id, _)| Some((all().find(|record| record.id == *id)?, inner)))
        })
    }

    /// Asks for records by id: those that may be known are looked through, the others must answer like absent ones.
    pub(super) async fn by_id(
        &self,
        trip: &mut Trip,
        walker: &Walker<'_>,
        door: Door,
        way: &Way,
    ) -> Result<()> {
        let (mut tried, mut read): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
        for record in self.records_for(way) {
            if !walker.rights.unknown.contains(&record.id) {
                let count = read.entry(prefix(&record.id)).or_default();
                *count += 1;
                if way.method == Method::GET && (self.depth == Depth::Whole || *count <= MOST_READ) {
                    self.ask(trip, walker, door, &way.with(&[&record.id])).await?;
                }
                continue;
            }
            let count = tried.entry(record.resource.word()).or_default();
            *count += 1;
            if self.depth == Depth::Quick && *count > 4 {
                continue;
            }
            self.alike(trip, walker, door, &way.method, &record.id, &record.what, |id| way.with(&[id]))
                .await?;
        }
        Ok(())
    }

    /// Asks for records within others: a hidden one in a known one, any in a hidden one, and one of another record
    /// in a known one must all answer like what was never there.
    pub(super) async fn by_two_ids(
        &self,
        trip: &mut Trip,
        walker: &Walker<'_>,
        door: Door,
        way: &Way,
    ) -> Result<()> {
        let pairs: Vec<(&Planted, &Planted)> = self.pairs_for(way).collect();
        let hidden = |record: &Planted| walker.rights.unknown.contains(&record.id);
        let most = if self.depth == Depth::Quick { 4 } else { 40 };
        let (mut inside, mut outside, mut astray) = (0, 0, 0);
        for (outer, inner) in &pairs {
            let (o, i) = (outer.id.as_str(), inner.id.as_str());
            match (hidden(outer), hidden(inner)) {
                (false, false) if way.method == Method::GET => {
                    self.ask(trip, walker, door, &way.with(&[o, i])).await?;
                }
                (false, false) => {}
                (false, true) if inside < most => {
                    inside += 1;
                    self.alike(trip, walker, door, &way.method, i, &inner.what, |id| way.with(&[o, id]))
                        .await?;
                }
                (true, inner_too) if outside < most => {
                    outside += 1;
                    self.alike(trip, walker, door, &way.method, o, &outer.what, |id| way.with(&[id, i]))
                        .await?;
                    if inner_too {
                        self.alike(trip, walker, door, &way.method, i, &inner.what, |id| way.with(&[o, id]))
                            .await?;
                    }
                }
                _ => {}
            }
            // One of another record, by way of one that may be known.
            let stray = pairs.iter().find(|(other, inner)| other.id != outer.id && hidden(inner));
            if let Some((_, stray)) = stray.filter(|_| !hidden(outer) && astray < most) {
                astray += 1;
                let stray_id = stray.id.as_str();
                self.alike(trip, walker, door, &way.method, stray_id, &stray.what, |id| way.with(&[o, id]))
                    .await?;
            }
        }
        Ok(())
    }

    /// Does a hidden id answer like one that was never given?
    #[expect(clippy::too_many_arguments, reason = "the parts of one question, each a different thing")]
    pub(super) async fn alike(
        &self,
        trip: &mut Trip,
        walker: &Walker<'_>,
        door: Door,
        method: &Method,
        id: &str,
        what: &str,
        path: impl Fn(&str) -> String,
    ) -> Result<()> {
        let body = || match (method == Method::GET, door) {
            (true, _) => None,
            (false, Door::Api) => Some(("application/json", b"{}".to_vec())),
            (false, Door::Portal(_)) => Some(("application/x-www-form-urlencoded", Vec::new())),
        };
        let never = absent(id);
        let hidden = self.program.send(walker.reader.keys(), door, method.clone(), &path(id), body()).await?;
        let gone =
            self.program.send(walker.reader.keys(), door, method.clone(), &path(&never), body()).await?;
        trip.questions += 2;
        let question = asked(method, door, &path(id));
        self.look(trip, walker, &question, &hidden.words(), Check::Words, "");
        if hidden.face(&[id]) != gone.face(&[&never]) {
            trip.leak(Leak {
                check: Check::Existence,
                reader: walker.reader.label.clone(),
                question,
                what: what.to_owned(),
                excerpt: format!("{} for the hidden one, {} for an absent one", hidden.status, gone.status),
            });
        }
        Ok(())
    }
}
