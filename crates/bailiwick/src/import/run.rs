//! Importing incidents: the whole file is looked at first; then its rows are stored in steps, each with the note of
//! how far it came, so that an import that was killed goes on where it stopped.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use access::Visibility;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use kernel::id::{ClientId, IncidentId, OrganizationId};
use kernel::{Clock, Error, Timestamp};
use reporting::setup::{self, NewChange, NewIncident, Source as Origin, Status};
use sha2::{Digest, Sha256};
use store::{Batch, Store};

use super::mapping::{INCIDENT, Mapping};
use super::query::{self, Site, Step};
use super::report::{Refused, Report};
use super::row::{self, Draft, Problem, Times};
use super::source::{Numbered, Record, Source};
use crate::cli::Refusal;

/// Rows stored with one commit.
const STEP: usize = 500;
/// How often a step is tried again when somebody files at the same time and takes its numbers.
const TRIES: usize = 50;
/// What `imports` calls it.
const RESOURCE: &str = "incident";

/// What is wanted.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) file: PathBuf,
    pub(crate) mapping: Mapping,
    pub(crate) organization: (OrganizationId, String),
    /// Sites are looked for among this client's, and made there.
    pub(crate) client: Option<(ClientId, String)>,
    pub(crate) create_sites: bool,
    pub(crate) dry_run: bool,
    pub(crate) skip_refused: bool,
    /// What the import is told apart by, besides the file's content.
    pub(crate) recipe: String,
}

/// Imports, or says why not.
pub(crate) async fn run(store: &Store, clock: &Clock, wish: &Wish) -> Result<Report, Refusal> {
    wish.mapping.check(INCIDENT)?;
    let digest = digest(wish)?;
    let progress = query::progress(store, wish.organization.0, RESOURCE, digest).await?;
    if let Some(at) = progress.and_then(|progress| progress.finished) {
        let done = progress.map_or(0, |progress| progress.done);
        return Err(Refusal(format!(
            "this file was imported with this mapping on {}: {done} rows; nothing was done",
            at.strftime("%Y-%m-%d %H:%M UTC")
        )));
    }
    let mut look = Look::new(store, clock, wish).await?;
    look.everything()?;
    let mut report = look.report();
    if let Some(progress) = progress {
        report.stored_before = u64::try_from(progress.done).unwrap_or(0);
    }
    if wish.dry_run || (!report.refused.is_empty() && !wish.skip_refused) {
        return Ok(report);
    }
    if !look.missing.is_empty() {
        make_sites(store, clock, wish, &look).await?;
        look.sites = Sites::load(store, wish).await?;
    }
    let first = match progress {
        Some(progress) => progress.next_row,
        None => begin(store, clock, wish, digest, &look, &report).await?,
    };
    let hand = Hand { store, clock, wish, digest };
    hand.store_rows(&look, first, &mut report).await?;
    Ok(report)
}

fn digest(wish: &Wish) -> Result<[u8; 32], String> {
    let cannot = |why: std::io::Error| format!("{} cannot be read: {why}", wish.file.display());
    let mut file = std::fs::File::open(&wish.file).map_err(cannot)?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut hasher).map_err(cannot)?;
    hasher.update(b"\n");
    hasher.update(wish.recipe.as_bytes());
    Ok(hasher.finalize().into())
}

/// The sites that rows may name.
#[derive(Debug, Default)]
struct Sites {
    all: Vec<Site>,
    by: HashMap<String, Vec<usize>>,
    zones: HashMap<String, TimeZone>,
}

impl Sites {
    async fn load(store: &Store, wish: &Wish) -> Result<Self, Error> {
        let mut sites = Self::default();
        for site in query::sites(store, wish.organization.0).await? {
            if wish.client.as_ref().is_some_and(|(client, _)| *client != site.client) {
                continue;
            }
            let at = sites.all.len();
            let mut words = vec![site.id.to_string(), store::fold(&site.name)];
            words.extend((!site.code.is_empty()).then(|| store::fold(&site.code)));
            words.dedup();
            for word in words {
                sites.by.entry(word).or_default().push(at);
            }
            if let Ok(zone) = TimeZone::get(&site.zone) {
                sites.zones.insert(site.zone.clone(), zone);
            }
            sites.all.push(site);
        }
        Ok(sites)
    }

    /// The site of a name, a code or an id.
    fn find(&self, word: &str) -> Result<Option<&Site>, String> {
        match self.by.get(word).or_else(|| self.by.get(&store::fold(word))).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(self.all.get(*one)),
            Some(several) => {
                let clients: Vec<&str> = several
                    .iter()
                    .filter_map(|at| self.all.get(*at))
                    .map(|s| s.client_name.as_str())
                    .collect();
                Err(format!(
                    "several sites are called this (of {}); name the client with --client, or the site by its code or id",
                    clients.join(", ")
                ))
            }
        }
    }

    fn zone(&self, site: &Site) -> TimeZone {
        self.zones.get(&site.zone).cloned().unwrap_or(TimeZone::UTC)
    }
}

/// The first pass: what is in the file, and what is wrong with it.
struct Look<'w> {
    wish: &'w Wish,
    now: Timestamp,
    sites: Sites,
    new_zone: Option<TimeZone>,
    /// Sites to be made: folded name to name.
    missing: BTreeMap<String, String>,
    kinds: HashSet<String>,
    keys: HashMap<IncidentId, u64>,
    refused: Vec<Refused>,
    unseen: Vec<String>,
    rows: u64,
    good: u64,
}

/// A row that can be stored.
struct Ready {
    row: u64,
    draft: Draft,
    times: Times,
}

impl<'w> Look<'w> {
    async fn new(store: &Store, clock: &Clock, wish: &'w Wish) -> Result<Self, Refusal> {
        let new_zone = match &wish.mapping.zone {
            Some(zone) => Some(super::times::zone(zone, &wish.mapping.zones)?),
            None => None,
        };
        Ok(Self {
            wish,
            now: clock.now(),
            sites: Sites::load(store, wish).await?,
            new_zone,
            missing: BTreeMap::new(),
            kinds: HashSet::new(),
            keys: HashMap::new(),
            refused: Vec::new(),
            unseen: wish.mapping.columns().into_iter().map(str::to_owned).collect(),
            rows: 0,
            good: 0,
        })
    }

    fn everything(&mut self) -> Result<(), String> {
        let bar = spinner("looking at the file");
        let mut source = Source::open(&self.wish.file, &self.wish.mapping)?;
        while let Some(one) = source.next()? {
            self.rows += 1;
            if let Ok(record) = &one.record {
                self.unseen.retain(|column| !record.has(column));
            }
            let (row, line) = (one.row, one.line);
            match self.judge(one) {
                Ok(ready) => {
                    let twice = self.key(&ready).and_then(|id| match self.keys.entry(id) {
                        // The first row keeps the key; the later ones are refused and named.
                        Entry::Occupied(before) => Some(*before.get()),
                        Entry::Vacant(free) => {
                            free.insert(row);
                            None
                        }
                    });
                    match twice {
                        Some(before) => {
                            let why = format!("row {before} has the same key");
                            let value = ready.draft.key.as_deref().unwrap_or_default();
                            self.refused.push(Refused {
                                row,
                                line,
                                problems: vec![Problem::new("key", value, why)],
                            });
                        }
                        None => {
                            self.good += 1;
                            if !self.kinds.contains(&ready.draft.kind) {
                                self.kinds.insert(ready.draft.kind.clone());
                            }
                            if let Ok(None) = self.sites.find(&ready.draft.site) {
                                self.missing
                                    .entry(store::fold(&ready.draft.site))
                                    .or_insert(ready.draft.site);
                            }
                        }
                    }
                }
                Err(problems) => self.refused.push(Refused { row, line, problems }),
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// What is wrong with a record, or the row that can be stored. Both passes ask this.
    fn judge(&self, one: Numbered) -> Result<Ready, Vec<Problem>> {
        let record: Record = one.record.map_err(|why| vec![Problem::new("(row)", "", why)])?;
        let draft = row::read(&record, &self.wish.mapping)?;
        let refuse = |why: String| vec![Problem::new(self.site_column(), &draft.site, why)];
        let zone = match self.sites.find(&draft.site).map_err(refuse)? {
            Some(site) => self.sites.zone(site),
            None if self.wish.create_sites => self.new_zone.clone().unwrap_or(TimeZone::UTC),
            None => {
                return Err(refuse(
                    "there is no site of this name, code or id; make it first, or use --create-sites".into(),
                ));
            }
        };
        let times = row::settle(&draft, &zone, self.now)?;
        Ok(Ready { row: one.row, draft, times })
    }

    fn site_column(&self) -> String {
        self.wish.mapping.fields.get("site").map_or_else(|| "site".into(), super::mapping::Feed::name)
    }

    /// The id that follows from a row's key, so that the same record is never stored twice.
    fn key(&self, ready: &Ready) -> Option<IncidentId> {
        let key = ready.draft.key.as_ref()?;
        let hash = Sha256::new()
            .chain_update(b"import|incident|")
            .chain_update(self.wish.organization.0.uuid().as_bytes())
            .chain_update(key.as_bytes())
            .finalize();
        let bytes: [u8; 16] = hash.get(..16)?.try_into().ok()?;
        Some(IncidentId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid()))
    }

    fn report(&mut self) -> Report {
        let advice = if self.rows == 0 {
            vec!["there is no row in the file".to_owned()]
        } else if self.wish.mapping.alike {
            Vec::new()
        } else {
            self.unseen
                .iter()
                .map(|column| format!("no row has {column}, which the mapping speaks of"))
                .collect()
        };
        Report {
            file: self.wish.file.display().to_string(),
            organization: self.wish.organization.1.clone(),
            dry_run: self.wish.dry_run,
            rows: self.rows,
            good: self.good,
            new_sites: self.missing.values().cloned().collect(),
            advice,
            refused: std::mem::take(&mut self.refused),
            ..Report::default()
        }
    }
}

async fn make_sites(store: &Store, clock: &Clock, wish: &Wish, look: &Look<'_>) -> Result<(), Refusal> {
    let Some((client, _)) = &wish.client else {
        return Err(Refusal("name the client of new sites with --client".into()));
    };
    let zone = wish.mapping.zone.clone().unwrap_or_default();
    for names in look.missing.values().collect::<Vec<_>>().chunks(STEP) {
        let mut batch = Batch::new();
        for name in names {
            super::sites::plain(&mut batch, wish.organization.0, *client, name, &zone, clock.now())?;
        }
        store.commit(batch).await?;
    }
    Ok(())
}

/// Notes that the import begins, puts its types on the organization's list, and writes it into the journal.
async fn begin(
    store: &Store,
    clock: &Clock,
    wish: &Wish,
    digest: [u8; 32],
    look: &Look<'_>,
    report: &Report,
) -> Result<i64, Refusal> {
    let mut batch = Batch::new();
    query::begin(&mut batch, wish.organization.0, RESOURCE, digest, clock.now());
    let mut kinds: Vec<&str> = look.kinds.iter().map(String::as_str).collect();
    kinds.sort_unstable();
    setup::add_types(&mut batch, wish.organization.0, kinds);
    let detail = serde_json::json!({ "rows": report.good, "refused": report.refused.len() });
    super::journal(&mut batch, wish.organization.0, RESOURCE, &wish.file, &detail, clock.now());
    store.commit(batch).await?;
    Ok(1)
}

/// The second pass.
struct Hand<'w> {
    store: &'w Store,
    clock: &'w Clock,
    wish: &'w Wish,
    digest: [u8; 32],
}

impl Hand<'_> {
    async fn store_rows(&self, look: &Look<'_>, first: i64, report: &mut Report) -> Result<(), Refusal> {
        let bar = bar(report.rows, "storing");
        let mut source = Source::open(&self.wish.file, &self.wish.mapping)?;
        let mut from = first;
        let mut ready: Vec<Ready> = Vec::with_capacity(STEP);
        let mut refused = 0;
        let mut row = 0;
        loop {
            let one = source.next()?;
            let last = one.is_none();
            if let Some(one) = one {
                row = i64::try_from(one.row).unwrap_or(i64::MAX);
                bar.set_position(one.row);
                if row < first {
                    continue;
                }
                match look.judge(one) {
                    // A key for the second time was refused by the first pass.
                    Ok(good) if look.key(&good).is_none_or(|id| look.keys.get(&id) == Some(&good.row)) => {
                        ready.push(good);
                    }
                    _ => refused += 1,
                }
            }
            if last || ready.len() >= STEP {
                let done = i64::try_from(ready.len()).unwrap_or(0);
                let step = Step { from_row: from, next_row: row + 1, done, refused, last };
                let there = self.step(look, &ready, step).await?;
                report.stored += ready.len() as u64 - there;
                report.already_there += there;
                ready.clear();
                (from, refused) = (row + 1, 0);
            }
            if last {
                bar.finish_and_clear();
                return Ok(());
            }
        }
    }

    /// Stores some rows with the note of how far the import came: both or neither.
    async fn step(&self, look: &Look<'_>, ready: &[Ready], mut step: Step) -> Result<u64, Refusal> {
        let organization = self.wish.organization.0;
        let ids: Vec<_> = ready.iter().filter_map(|one| look.key(one)).map(kernel::Id::uuid).collect();
        let there: HashSet<_> = query::there(self.store, organization, &ids).await?.into_iter().collect();
        let fresh: Vec<&Ready> =
            ready.iter().filter(|one| look.key(one).is_none_or(|id| !there.contains(&id.uuid()))).collect();
        step.done = i64::try_from(fresh.len()).unwrap_or(0);
        for _ in 0..TRIES {
            let last = setup::last_number(self.store, organization).await?;
            let now = self.clock.now();
            let rows = fresh
                .iter()
                .zip(last + 1..)
                .map(|(one, number)| self.incident(look, one, number, now))
                .collect::<Result<Vec<_>, _>>()?;
            let mut batch = Batch::new();
            query::step(&mut batch, organization, RESOURCE, self.digest, step, now);
            setup::take_numbers(&mut batch, organization, last, rows.len());
            setup::insert_many(&mut batch, organization, &rows);
            for (incident, one) in rows.iter().zip(&fresh) {
                let reason = format!("Imported from {}, row {}", super::file_name(&self.wish.file), one.row);
                setup::insert_change(
                    &mut batch,
                    organization,
                    NewChange {
                        incident: incident.id,
                        at: now,
                        membership: None,
                        name: &incident.author_name,
                        role: "",
                        action: "file",
                        fields: Vec::new(),
                        reason: &reason,
                    },
                );
            }
            match self.store.commit(batch).await {
                Ok(_) => return Ok(there.len() as u64),
                // Somebody filed meanwhile and took the numbers: the next ones, then.
                Err(Error::Stale) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(Refusal("too much is being filed right now; run the same command again to go on".into()))
    }

    fn incident(
        &self,
        look: &Look<'_>,
        one: &Ready,
        number: i64,
        now: Timestamp,
    ) -> Result<NewIncident, Refusal> {
        let draft = &one.draft;
        let site = look
            .sites
            .find(&draft.site)?
            .ok_or_else(|| format!("row {}: the site {} is gone meanwhile", one.row, draft.site))?;
        let by_kind = match site.kind {
            0 => Origin::Static,
            1 => Origin::Patrol,
            _ => Origin::OccurrenceLog,
        };
        let published = draft.published;
        let held = if site.approval_required { Visibility::Held } else { Visibility::Submitted };
        let who = "Import".to_owned();
        let moved = one.times.ended.or(one.times.reported).unwrap_or(one.times.occurred);
        let mut new = NewIncident::filed(
            number,
            (site.client, &site.client_name),
            (site.id, &site.name, &site.zone),
            one.times.occurred,
        );
        if let Some(id) = look.key(one) {
            new.id = id;
        }
        new.area = site.area;
        new.kind.clone_from(&draft.kind);
        new.severity = draft.severity;
        new.status = draft.status;
        new.source = draft.source.unwrap_or(by_kind);
        new.title.clone_from(&draft.title);
        new.narrative.clone_from(&draft.narrative);
        new.public_details.clone_from(&draft.public_details);
        new.internal_notes.clone_from(&draft.internal_notes);
        new.place.clone_from(&draft.place);
        new.position = draft.position;
        new.ended_at = one.times.ended;
        new.reported_at = one.times.reported.unwrap_or(one.times.occurred);
        new.author_name = if draft.author.is_empty() { who.clone() } else { draft.author.clone() };
        new.author_may_edit = site.editable_by_author;
        new.approval_required = site.approval_required;
        new.visibility = if published { Visibility::Released } else { held };
        new.released = published.then(|| (now, who.clone()));
        new.approved = (published && site.approval_required).then_some((now, who));
        new.moved_at = if draft.status == Status::New { one.times.occurred } else { moved };
        Ok(new)
    }
}

fn spinner(words: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}: {human_pos} rows, {per_sec}");
    ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        .with_message(words)
}

fn bar(rows: u64, words: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}, {per_sec}, {eta} left");
    ProgressBar::new(rows)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(words)
}
