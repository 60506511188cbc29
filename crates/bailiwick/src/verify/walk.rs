//! The walk itself: every reader through every door, and the judgement of each answer.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use access_oracle::naive;
use http::Method;
use kernel::{Clock, Error, Result};
use tokio::task::JoinSet;
use web::{Door, Feature};

use super::Depth;
use super::ask::{Answer, Program};
use super::canary::{Canary, Planted, known_to, right_for, spotted};
use super::report::{Check, Leak, Report};
use super::routes::{Way, ways};
use super::world::{Corner, Likeness, Planter, Reader, World};

/// No more leaks than this are kept; all are counted.
const MOST_LEAKS: usize = 300;
/// Letters around a word in an excerpt.
const AROUND: usize = 60;

/// What every reader's walk shares.
pub(super) struct Ground {
    pub(super) program: Program,
    pub(super) clock: Clock,
    pub(super) ways: Vec<Way>,
    pub(super) depth: Depth,
    pub(super) world: World,
    /// Words of the other organization; right for nobody here.
    pub(super) foreign: Vec<Canary>,
    pub(super) foreign_records: Vec<Planted>,
    /// Words that somebody searched for. The journal keeps what was asked of an export, so whoever reads the journal
    /// reads the question: that word came from here, not from a record.
    pub(super) said: Mutex<HashSet<String>>,
    /// The kinds of id (their prefixes) that a path takes, by what stands in front of the id.
    pub(super) takes: BTreeMap<&'static str, BTreeSet<String>>,
}

/// What the second evaluator says of one reader: asked once, looked up a thousand times.
#[derive(Default)]
pub(super) struct Rights {
    /// Words this reader may not read.
    hidden: HashSet<String>,
    /// Records this reader may not know of.
    pub(super) unknown: HashSet<String>,
}

/// A reader under way.
pub(super) struct Walker<'a> {
    pub(super) reader: &'a Reader,
    pub(super) rights: Rights,
}

/// What one reader's walk came to.
#[derive(Default)]
pub(super) struct Trip {
    pub(super) questions: u64,
    pub(super) right: u64,
    pub(super) found: usize,
    pub(super) leaks: Vec<Leak>,
    /// What was answered to what, for the comparison after hidden things changed.
    pub(super) faces: HashMap<(Door, String), [u8; 32]>,
}

impl Trip {
    pub(super) fn leak(&mut self, leak: Leak) {
        self.found += 1;
        // One leak shows for many records and people: the first few of each say enough.
        let place = bare(&leak.question);
        let same = |other: &&Leak| other.check == leak.check && bare(&other.question) == place;
        let alike = self.leaks.iter().filter(same).count();
        if alike < 3 && self.leaks.len() < MOST_LEAKS {
            self.leaks.push(leak);
        }
    }

    pub(super) fn add(&mut self, other: Trip) {
        let before = self.found;
        self.questions += other.questions;
        self.right += other.right;
        let found = other.found;
        for leak in other.leaks {
            self.leak(leak);
        }
        self.found = before + found;
    }
}

/// A question without the ids and words in it.
fn bare(question: &str) -> String {
    let (path, query) = question.split_once('?').unwrap_or((question, ""));
    let parts: Vec<&str> = path.split('/').map(|part| if part.len() == 30 { "_" } else { part }).collect();
    format!("{}?{}", parts.join("/"), query.split('=').next().unwrap_or_default())
}

/// A run under way.
pub(super) struct Walk {
    ground: Arc<Ground>,
    home: Corner,
    chief: Option<Reader>,
    trip: Trip,
    likeness: String,
    began: Instant,
    engine: String,
}

/// The word before an id's underscore.
pub(super) fn prefix(id: &str) -> &str {
    id.split('_').next().unwrap_or_default()
}

/// An id of the same kind that was never given to anything.
pub(super) fn absent(id: &str) -> String {
    format!("{}_{}", prefix(id), kernel::id::encode(uuid::Uuid::new_v4()))
}

/// How a question reads in a report.
pub(super) fn asked(method: &Method, door: Door, path: &str) -> String {
    format!("{method} {}{path}", door.prefix())
}

/// The words around a place in an answer.
pub(super) fn excerpt(bytes: &[u8], word: &str) -> String {
    let lower = bytes.to_ascii_lowercase();
    let Some(at) = memchr::memmem::find(&lower, word.as_bytes()) else { return String::new() };
    let from = at.saturating_sub(AROUND);
    let until = (at + word.len() + AROUND).min(bytes.len());
    String::from_utf8_lossy(bytes.get(from..until).unwrap_or_default())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

impl Walk {
    /// Lays the ground: what can be asked, and by way of whoever may do everything, which ids which paths take.
    pub(super) async fn new(
        (program, engine): (Program, String),
        clock: &Clock,
        features: &[Feature],
        depth: Depth,
        likeness: &Likeness,
        (world, neighbour, home, chief): (World, World, Corner, Option<Reader>),
    ) -> Result<Self> {
        let mut ground = Ground {
            program,
            clock: clock.clone(),
            ways: ways(features),
            depth,
            foreign: neighbour.canaries,
            foreign_records: neighbour.records,
            world,
            said: Mutex::default(),
            takes: BTreeMap::new(),
        };
        if let Some(chief) = &chief {
            ground.learn(chief).await?;
        }
        Ok(Self {
            ground: Arc::new(ground),
            home,
            chief,
            trip: Trip::default(),
            likeness: likeness.name.clone(),
            began: Instant::now(),
            engine,
        })
    }

    /// Every check, one after the other.
    pub(super) async fn all(
        &mut self,
        planter: &Planter<'_>,
        progress: &(dyn Fn(usize, usize, &str) + Send + Sync),
    ) -> Result<()> {
        let mut faces = self.everybody(progress).await?;
        super::rounds::all(self, planter, &mut faces, progress).await?;
        super::rounds::mails(self, planter).await
    }

    /// What the rounds of interference work with.
    pub(super) fn parts(&mut self) -> (&mut Arc<Ground>, &Corner, Option<&Reader>, &mut Trip) {
        (&mut self.ground, &self.home, self.chief.as_ref(), &mut self.trip)
    }

    /// Every reader's walk, two at a time; what each was answered comes back.
    async fn everybody(
        &mut self,
        progress: &(dyn Fn(usize, usize, &str) + Send + Sync),
    ) -> Result<Vec<HashMap<(Door, String), [u8; 32]>>> {
        let all = self.ground.world.readers.len();
        let mut faces: Vec<HashMap<(Door, String), [u8; 32]>> = vec![HashMap::new(); all];
        let mut under_way = JoinSet::new();
        let (mut next, mut done) = (0, 0);
        while done < all {
            while next < all && under_way.len() < 2 {
                let ground = Arc::clone(&self.ground);
                under_way.spawn(async move { (next, ground.trip(next).await) });
                next += 1;
            }
            let Some(ended) = under_way.join_next().await else { break };
            let (index, trip) = ended.map_err(Error::internal)?;
            let mut trip = trip?;
            if let Some(place) = faces.get_mut(index) {
                *place = std::mem::take(&mut trip.faces);
            }
            self.trip.add(trip);
            done += 1;
            progress(
                done,
                all,
                self.ground.world.readers.get(index).map_or("", |reader| reader.label.as_str()),
            );
        }
        Ok(faces)
    }

    pub(super) fn report(self) -> Report {
        let ground = &self.ground;
        let walkable = |way: &&Way| way.ids == 0 || ground.leads_somewhere(way);
        let line = |way: &Way| {
            let doors: Vec<&str> = way.doors.iter().map(|door| door.prefix()).collect();
            format!("{} {} ({})", way.method, way.path, doors.join(" "))
        };
        let mut not_walked: Vec<String> = ground
            .ways
            .iter()
            .filter(|way| !walkable(way))
            .map(|way| format!("{}: no record of this kind was planted", line(way)))
            .collect();
        if self.chief.is_none() {
            not_walked.push(
                "nobody may do everything, so hidden parts were not changed to see whether they show".into(),
            );
        }
        Report {
            program: format!("bailiwick {}", env!("CARGO_PKG_VERSION")),
            engine: self.engine,
            likeness: self.likeness,
            at: ground.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            seconds: self.began.elapsed().as_secs_f64(),
            readers: ground.world.readers.iter().map(|reader| reader.label.clone()).collect(),
            canaries: ground.world.canaries.len() + ground.foreign.len(),
            questions: self.trip.questions,
            right: self.trip.right,
            walked: ground.ways.iter().filter(walkable).map(line).collect(),
            not_walked,
            found: self.trip.found,
            leaks: self.trip.leaks,
        }
    }
}

impl Ground {
    /// May this reader know that there is this record?
    pub(super) fn knows(&self, reader: &Reader, record: &Planted) -> bool {
        known_to(record, &self.world.tenant, &reader.member, self.clock.now())
    }

    /// Does a record that this reader knows stand at this place or company, so that its id is no secret?
    fn named(&self, walker: &Walker<'_>, place: &Planted) -> bool {
        let Some(key) = place.id.split_once('_').and_then(|(_, code)| kernel::id::decode(code)) else {
            return false;
        };
        self.world.records.iter().any(|record| {
            let facts = &record.facts;
            [facts.site, facts.client, facts.area, facts.team, facts.author].contains(&Some(key))
                && !walker.rights.unknown.contains(&record.id)
        })
    }

    /// Everything that is hidden from a reader.
    pub(super) fn rights(&self, reader: &Reader) -> Rights {
        let (tenant, now) = (&self.world.tenant, self.clock.now());
        let wrong = self
            .world
            .canaries
            .iter()
            .filter(|canary| !right_for(canary, tenant, &reader.member, now, &self.world.records));
        let unknown = self.world.records.iter().filter(|record| !self.knows(reader, record));
        Rights {
            hidden: wrong.chain(&self.foreign).map(|canary| canary.word.clone()).collect(),
            unknown: unknown.chain(&self.foreign_records).map(|record| record.id.clone()).collect(),
        }
    }

    fn canary(&self, word: &str) -> Option<&Canary> {
        self.world.canaries.iter().chain(&self.foreign).find(|canary| canary.word == word)
    }

    async fn trip(&self, index: usize) -> Result<Trip> {
        let mut trip = Trip::default();
        let Some(reader) = self.world.readers.get(index) else { return Ok(trip) };
        let walker = &Walker { reader, rights: self.rights(reader) };
        for door in reader.doors() {
            for way in self.ways.iter().filter(|way| way.doors.contains(&door)) {
                match (way.ids, way.method == Method::GET) {
                    (0, true) => {
                        self.ask(&mut trip, walker, door, way.path).await?;
                        for variant in way.variants() {
                            self.ask(&mut trip, walker, door, &variant).await?;
                        }
                        if way.pages() {
                            self.page_by_page(&mut trip, walker, door, way).await?;
                        }
                        if way.searches() {
                            self.search(&mut trip, walker, door, way).await?;
                        }
                        self.filter(&mut trip, walker, door, way).await?;
                    }
                    (0, false) => {}
                    (1, _) => self.by_id(&mut trip, walker, door, way).await?,
                    _ => self.by_two_ids(&mut trip, walker, door, way).await?,
                }
            }
        }
        Ok(trip)
    }

    /// Asks one question, looks through the answer, and remembers it.
    pub(super) async fn ask(
        &self,
        trip: &mut Trip,
        walker: &Walker<'_>,
        door: Door,
        path: &str,
    ) -> Result<Answer> {
        let answer = self.program.get(walker.reader.keys(), door, path).await?;
        trip.questions += 1;
        let question = asked(&Method::GET, door, path);
        if answer.status >= 500 {
            trip.leak(Leak {
                check: Check::Failure,
                reader: walker.reader.label.clone(),
                question: question.clone(),
                what: format!("it answered {}", answer.status),
                excerpt: String::new(),
            });
        }
        self.look(trip, walker, &question, &answer.words(), Check::Words, path);
        trip.faces.insert((door, path.to_owned()), answer.face(&[]));
        Ok(answer)
    }

    /// Looks for words that this reader may not read. What they said themselves (`said`) is not told to them.
    pub(super) fn look(
        &self,
        trip: &mut Trip,
        walker: &Walker<'_>,
        question: &str,
        words: &[u8],
        check: Check,
        said: &str,
    ) {
        let mut good = false;
        for word in spotted(words) {
            let Some(canary) = self.canary(&word).filter(|_| !said.contains(&word)) else { continue };
            let journal = question.contains("/journal")
                && self.said.lock().unwrap_or_else(PoisonError::into_inner).contains(&word);
            if journal || !walker.rights.hidden.contains(&word) {
                good = true;
                continue;
            }
            trip.leak(Leak {
                check,
                reader: walker.reader.label.clone(),
                question: question.to_owned(),
                what: canary.what.clone(),
                excerpt: excerpt(words, &word),
            });
        }
        trip.right += u64::from(good);
    }

    /// Two rows a page, to the last page.
    async fn page_by_page(&self, trip: &mut Trip, walker: &Walker<'_>, door: Door, way: &Way) -> Result<()> {
        if door != Door::Api {
            return Ok(());
        }
        let mut path = format!("{}?limit=2", way.path);
        for _ in 0..40 {
            let answer = self.ask(trip, walker, door, &path).await?;
            let next = answer.json().and_then(|body| body.get("next")?.as_str().map(str::to_owned));
            let Some(next) = next else { break };
            path = format!("{}?limit=2&cursor={}", way.path, web::mount::encode(&next));
        }
        Ok(())
    }

    /// Looking for a word that is hidden must answer like looking for a word that is nowhere.
    async fn search(&self, trip: &mut Trip, walker: &Walker<'_>, door: Door, way: &Way) -> Result<()> {
        let nowhere = Canary::new("nothing").word;
        let path = format!("{}?q={nowhere}", way.path);
        let answer = self.program.get(walker.reader.keys(), door, &path).await?;
        trip.questions += 1;
        let expected = answer.face(&[&nowhere]);
        for canary in self.hidden_words(walker) {
            let path = format!("{}?q={}", way.path, canary.word);
            self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(canary.word.clone());
            let answer = self.program.get(walker.reader.keys(), door, &path).await?;
            trip.questions += 1;
            if answer.face(&[&canary.word]) != expected {
                trip.leak(Leak {
                    check: Check::Search,
                    reader: walker.reader.label.clone(),
                    question: asked(&Method::GET, door, &path),
                    what: canary.what.clone(),
                    excerpt: String::new(),
                });
            }
        }
        Ok(())
    }

    /// Words to search for. Hidden parts of records that the reader does know come first: there a search that looks
    /// through too much has something to answer with.
    fn hidden_words(&self, walker: &Walker<'_>) -> Vec<&Canary> {
        let (tenant, member, now) = (&self.world.tenant, &walker.reader.member, self.clock.now());
        let all = self.world.canaries.iter().chain(&self.foreign);
        let (near, far): (Vec<&Canary>, Vec<&Canary>) = all
            .filter(|canary| {
                !canary.word.starts_with(web::canary::DEGREES) && walker.rights.hidden.contains(&canary.word)
            })
            .partition(|canary| {
                canary.places.iter().any(|place| {
                    naive::shows(
                        tenant,
                        member,
                        now,
                        place.resource,
                        access::FieldClass::Public,
                        &place.facts,
                    )
                })
            });
        let most = if self.depth == Depth::Quick { 12 } else { usize::MAX };
        let step = (far.len() / most).max(1);
        near.into_iter().chain(far.into_iter().step_by(step)).collect()
    }

    /// Filtering by a record that is hidden must answer like filtering by one that is not there.
    async fn filter(&self, trip: &mut Trip, walker: &Walker<'_>, door: Door, way: &Way) -> Result<()> {
        for ask in &way.asks {
            let about = |record: &&Planted| {
                record.resource.word() == ask.name
                    || (ask.name == "assignee" || ask.name == "member") && record.resource.word() == "account"
            };
            let hidden: Vec<&Planted> = self
                .world
                .records
                .iter()
                .chain(&self.foreign_records)
                .filter(about)
                .filter(|record| walker.rights.unknown.contains(&record.id) && !self.named(walker, record))
                .collect();
            let most = if self.depth == Depth::Quick { 2 } else { 6 };
            for record in hidden.into_iter().take(most) {
                let alike = |id: &str| format!("{}?{}={id}", way.path, ask.name);
                self.alike(trip, walker, door, &Method::GET, &record.id, &record.what, alike).await?;
            }
        }
        Ok(())
    }
}
