//! Texts of incidents: read once from `stories.toml`, told anew for each incident.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Deserialize;

use super::dice::Dice;
use super::names;

/// What sort of place a site is; it decides which spots it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Setting {
    /// Shops and malls.
    Retail,
    /// Warehouses.
    Logistics,
    /// Hospitals.
    Health,
    /// Where people live.
    Residential,
    /// Offices.
    Office,
    /// Terminals.
    Port,
    /// Building sites.
    Construction,
    /// Cars.
    Dealership,
    /// Schools.
    School,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    lists: BTreeMap<String, Vec<String>>,
    spots: HashMap<Setting, Vec<String>>,
    story: Vec<WrittenStory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStory {
    kind: String,
    weight: u32,
    severity: BTreeMap<String, u32>,
    /// The slot that says where, if not `spot`.
    place: Option<String>,
    titles: Vec<String>,
    narratives: Vec<String>,
    public: Vec<String>,
    notes: Vec<String>,
    people: Vec<String>,
}

/// All stories, ready to be told.
#[derive(Debug)]
pub(crate) struct Book {
    lists: Vec<Vec<Line>>,
    spots: HashMap<Setting, Vec<Line>>,
    stories: Vec<Story>,
}

/// One kind of incident.
#[derive(Debug)]
struct Story {
    kind: String,
    weight: u32,
    severity: Vec<(String, u32)>,
    place: usize,
    titles: Vec<Line>,
    narratives: Vec<Line>,
    public: Vec<Line>,
    notes: Vec<Line>,
    people: Vec<String>,
}

type Line = Vec<Piece>;

#[derive(Debug)]
enum Piece {
    Text(String),
    Slot {
        slot: usize,
        anew: bool,
    },
    /// Minutes after it happened.
    Time(i64),
    Number(i64, i64),
    OneOf(Vec<Line>),
}

/// Slots that are not lists, before the lists in the numbering.
const OWN: [&str; 8] = ["officer", "site", "client", "spot", "person", "other", "plate", "ref"];

/// Where and by whom: what a story is told of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) officer: &'a str,
    pub(crate) site: &'a str,
    pub(crate) client: &'a str,
    pub(crate) setting: Setting,
    /// Minutes since midnight on the site's clock.
    pub(crate) minute: i64,
}

/// A story as told.
#[derive(Debug)]
pub(crate) struct Told<'b> {
    pub(crate) kind: &'b str,
    pub(crate) severity: &'b str,
    pub(crate) title: String,
    pub(crate) narrative: String,
    pub(crate) public: String,
    pub(crate) notes: String,
    pub(crate) spot: String,
    /// Name and part.
    pub(crate) people: Vec<(String, &'b str)>,
}

impl Book {
    /// Reads the stories of the program.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn open() -> Result<Self, String> {
        Self::read(include_str!("stories.toml"))
    }

    fn read(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|e| e.to_string())?;
        let names: Vec<&str> = OWN.into_iter().chain(written.lists.keys().map(String::as_str)).collect();
        let lines =
            |list: &[String]| list.iter().map(|text| line(text, &names)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            lists: written.lists.values().map(|list| lines(list)).collect::<Result<_, _>>()?,
            spots: written
                .spots
                .iter()
                .map(|(setting, list)| Ok((*setting, lines(list)?)))
                .collect::<Result<_, String>>()?,
            stories: written
                .story
                .iter()
                .map(|story| {
                    Ok(Story {
                        kind: story.kind.clone(),
                        weight: story.weight,
                        severity: story.severity.clone().into_iter().collect(),
                        place: names
                            .iter()
                            .position(|name| *name == story.place.as_deref().unwrap_or("spot"))
                            .ok_or("a story's place is no slot")?,
                        titles: lines(&story.titles)?,
                        narratives: lines(&story.narratives)?,
                        public: lines(&story.public)?,
                        notes: lines(&story.notes)?,
                        people: story.people.clone(),
                    })
                })
                .collect::<Result<_, String>>()?,
        })
    }

    /// The kinds there are.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.stories.iter().map(|story| story.kind.as_str())
    }

    /// Tells one.
    pub(crate) fn tell(&self, dice: &mut Dice, scene: &Scene<'_>) -> Option<Told<'_>> {
        let story = self.stories.get(dice.weighted(self.stories.iter().map(|s| s.weight)))?;
        let (severity, _) = story.severity.get(dice.weighted(story.severity.iter().map(|(_, w)| *w)))?;
        let mut teller = Teller { book: self, dice, scene, bound: vec![None; OWN.len() + self.lists.len()] };
        let mut one = |lines: &[Line]| {
            let at = teller.dice.below(lines.len());
            lines.get(at).map(|line| capitals(&teller.say(line))).unwrap_or_default()
        };
        let title = one(&story.titles);
        let narrative = one(&story.narratives);
        let public = one(&story.public);
        let notes = one(&story.notes);
        let spot = capitals(&teller.slot(story.place));
        // Whoever the text named is whom the record names.
        let people = story
            .people
            .iter()
            .zip([4, 5])
            .filter_map(|(part, slot)| Some((teller.bound.get(slot)?.clone()?, part.as_str())))
            .collect();
        Some(Told { kind: &story.kind, severity, title, narrative, public, notes, spot, people })
    }
}

struct Teller<'t> {
    book: &'t Book,
    dice: &'t mut Dice,
    scene: &'t Scene<'t>,
    bound: Vec<Option<String>>,
}

impl Teller<'_> {
    fn say(&mut self, line: &Line) -> String {
        let mut out = String::with_capacity(600);
        self.write(line, &mut out);
        out
    }

    fn write(&mut self, line: &[Piece], out: &mut String) {
        for piece in line {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot { slot, anew } => {
                    let text = if *anew { self.fresh(*slot) } else { self.slot(*slot) };
                    out.push_str(&text);
                }
                Piece::Time(after) => {
                    let minute = (self.scene.minute + after).rem_euclid(24 * 60);
                    let _ = write!(out, "{:02}:{:02}", minute / 60, minute % 60);
                }
                Piece::Number(least, most) => {
                    let _ = write!(out, "{}", self.dice.between(*least, *most));
                }
                Piece::OneOf(lines) => {
                    let at = self.dice.below(lines.len());
                    if let Some(line) = lines.get(at) {
                        self.write(line, out);
                    }
                }
            }
        }
    }

    /// The word of a slot, chosen the first time it is wanted.
    fn slot(&mut self, slot: usize) -> String {
        if let Some(Some(known)) = self.bound.get(slot) {
            return known.clone();
        }
        let text = self.fresh(slot);
        if let Some(place) = self.bound.get_mut(slot) {
            *place = Some(text.clone());
        }
        text
    }

    fn fresh(&mut self, slot: usize) -> String {
        let book = self.book;
        match slot {
            0 => self.scene.officer.to_owned(),
            1 => self.scene.site.to_owned(),
            2 => self.scene.client.to_owned(),
            3 => self.one(book.spots.get(&self.scene.setting).map_or(&[], Vec::as_slice)),
            4 | 5 => names::person(self.dice),
            6 => self.plate(),
            7 => format!("{}-{}", self.dice.between(24, 26), self.dice.between(10_000, 99_999)),
            list => self.one(book.lists.get(list - OWN.len()).map_or(&[], Vec::as_slice)),
        }
    }

    fn one(&mut self, lines: &[Line]) -> String {
        let at = self.dice.below(lines.len());
        lines.get(at).map(|line| self.say(line)).unwrap_or_default()
    }

    fn plate(&mut self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
        let mut letter = || self.dice.pick(LETTERS).copied().map_or('X', char::from);
        let letters: String = [letter(), letter(), letter()].into_iter().collect();
        format!("{letters}-{}", self.dice.between(1000, 9999))
    }
}

/// Capital letters at the beginnings of sentences: slots do not know where they stand.
fn capitals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    let mut ended = false;
    for letter in text.chars() {
        if begins && letter.is_alphabetic() {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
        begins = if letter == '\n' || (ended && letter == ' ') {
            true
        } else {
            begins && !letter.is_alphanumeric()
        };
        ended = matches!(letter, '.' | '!' | '?');
    }
    out
}

/// Reads a line of the file.
fn line(text: &str, names: &[&str]) -> Result<Line, String> {
    let mut rest = text;
    let line = pieces(&mut rest, names, false)?;
    if rest.is_empty() { Ok(line) } else { Err(format!("a ] or | without [ in: {text}")) }
}

fn pieces(rest: &mut &str, names: &[&str], inside: bool) -> Result<Line, String> {
    let mut line = Vec::new();
    while let Some(at) = rest.find(['[', ']', '|', '{']) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            line.push(Piece::Text(before.to_owned()));
        }
        *rest = from;
        match from.as_bytes().first() {
            Some(b'{') => {
                let (word, after) =
                    from[1..].split_once('}').ok_or_else(|| format!("a {{ without }} in: {from}"))?;
                line.push(piece(word, names)?);
                *rest = after;
            }
            Some(b'[') => {
                *rest = &from[1..];
                let mut lines = vec![pieces(rest, names, true)?];
                while let Some(after) = rest.strip_prefix('|') {
                    *rest = after;
                    lines.push(pieces(rest, names, true)?);
                }
                *rest = rest.strip_prefix(']').ok_or("a [ without ]")?;
                line.push(Piece::OneOf(lines));
            }
            _ if inside => return Ok(line),
            _ => return Err(format!("a ] or | without [ at: {from}")),
        }
    }
    if !rest.is_empty() {
        line.push(Piece::Text((*rest).to_owned()));
        *rest = "";
    }
    Ok(line)
}

fn piece(word: &str, names: &[&str]) -> Result<Piece, String> {
    let unknown = || format!("there is no {{{word}}}");
    if word == "time" {
        return Ok(Piece::Time(0));
    }
    if let Some(minutes) = word.strip_prefix('+') {
        return minutes.parse().map(Piece::Time).map_err(|_bad| unknown());
    }
    if let Some((least, most)) = word.split_once("..") {
        let (least, most) =
            (least.parse().map_err(|_bad| unknown())?, most.parse().map_err(|_bad| unknown())?);
        return Ok(Piece::Number(least, most));
    }
    let (name, anew) = word.strip_suffix('*').map_or((word, false), |name| (name, true));
    let slot = names.iter().position(|n| *n == name).ok_or_else(unknown)?;
    Ok(Piece::Slot { slot, anew })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Setting; 9] = [
        Setting::Retail,
        Setting::Logistics,
        Setting::Health,
        Setting::Residential,
        Setting::Office,
        Setting::Port,
        Setting::Construction,
        Setting::Dealership,
        Setting::School,
    ];

    fn scene(setting: Setting) -> Scene<'static> {
        Scene { officer: "Uma Vogel", site: "Pier 9", client: "Bayline", setting, minute: 23 * 60 + 50 }
    }

    #[test]
    fn every_story_is_told_whole_everywhere() {
        let book = Book::open().unwrap();
        let mut kinds = std::collections::BTreeSet::new();
        for (at, setting) in ALL.iter().cycle().take(4000).enumerate() {
            let told = book.tell(&mut Dice::of(7, 1, at as u64), &scene(*setting)).unwrap();
            kinds.insert(told.kind);
            for text in [&told.title, &told.narrative, &told.public, &told.notes, &told.spot] {
                assert!(!text.contains(['{', '}', '[', ']', '|']), "{text}");
                assert!(!text.starts_with(char::is_lowercase), "{text}");
            }
            assert!(told.title.chars().count() <= 200 && told.narrative.len() > 60, "{told:?}");
            assert!(!told.public.contains("Uma Vogel"), "the client side is not told who was on duty");
            for (name, part) in &told.people {
                assert!(told.narrative.contains(name) || told.title.contains(name), "{name} {told:?}");
                assert!(!told.public.contains(name.as_str()), "{told:?}");
                assert!(["suspect", "witness", "victim", "staff", "other"].contains(part));
            }
        }
        assert_eq!(kinds.len(), book.kinds().count());
    }

    #[test]
    fn a_slot_keeps_its_word_and_time_goes_over_midnight() {
        let written = "[lists]\nfruit = [\"apple\", \"pear\"]\n[spots]\nport = [\"quay\"]\n[[story]]\nkind = \"K\"\nweight = 1\n\
            severity = { low = 1 }\ntitles = [\"{fruit} {fruit}\"]\nnarratives = [\"{time} {+20}. [a|b]\"]\n\
            public = [\"\"]\nnotes = [\"\"]\npeople = []\n";
        let book = Book::read(written).unwrap();
        let told = book.tell(&mut Dice::of(1, 1, 1), &scene(Setting::Port)).unwrap();
        assert!(["Apple apple", "Pear pear"].contains(&told.title.as_str()), "{}", told.title);
        assert!(
            ["23:50 00:10. A", "23:50 00:10. B"].contains(&told.narrative.as_str()),
            "{}",
            told.narrative
        );
    }

    #[test]
    fn mistakes_in_the_file_are_named() {
        for (text, word) in
            [("{nobody}", "nobody"), ("a|b", "without ["), ("[a|b", "without ]"), ("{x", "without }")]
        {
            assert!(line(text, &OWN).unwrap_err().contains(word), "{text}");
        }
    }
}
