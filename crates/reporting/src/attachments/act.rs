//! What can be done with attachments. Each function finds the record within the plan first; the class decides the
//! rest.

use std::collections::HashMap;

use access::{Facts, FieldClass, Permit, Resource};
use kernel::id::AttachmentId;
use kernel::{Error, FieldErrors, Result};
use store::Batch;
use uuid::Uuid;
use web::input::{Excess, MOST_FILES};
use web::{Ctx, Upload};

use super::content::{self, Kind, Taken, name};
use super::model::{ABOUT, AttachmentOut, BY, CLASSES, ORIGINAL, UploadForm};
use super::parent::{self, Note, Parent, Record};
use super::query::{self, Row};

/// The most attachments of a record.
const MOST_OF_ONE: usize = 200;

/// Files that were checked, cleaned and kept; [`attach`] ties them to a record.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    name: String,
    kind: Kind,
    bytes: u64,
    size: Option<(u32, u32)>,
    digest: [u8; 32],
    clean_digest: [u8; 32],
    thumbnail_digest: Option<[u8; 32]>,
    taken: Option<Taken>,
    /// Why it can never be shown outside, if it cannot.
    stays: Option<String>,
}

/// Checks, cleans and keeps the contents of uploaded files. Nothing is visible before [`attach`] is committed. The
/// asker's permit must have been asked for before: decoding is dear.
///
/// # Errors
/// [`Error::Invalid`] at `files` with one sentence for each file that cannot be taken.
pub(crate) async fn prepare(ctx: &Ctx, files: Vec<Upload>) -> Result<Prepared> {
    let mut errors = FieldErrors::default();
    // Look at all before the first is decoded: most refusals need only the first bytes.
    for file in &files {
        if let Err(why) = refused(file).map_or_else(|| content::sniff(&file.name, &file.bytes).map(drop), Err)
        {
            errors.add("files", complaint(&file.name, &why));
        }
    }
    errors.check()?;
    let (mut prepared, mut errors) = (Prepared::default(), FieldErrors::default());
    for file in files {
        let sent = file.name.clone();
        match take(ctx, file).await? {
            Ok(file) => prepared.files.push(file),
            Err(why) => errors.add("files", complaint(&sent, &why)),
        }
    }
    errors.check()?;
    Ok(prepared)
}

fn refused(file: &Upload) -> Option<String> {
    file.excess.map(|excess| match excess {
        Excess::Large => content::too_large(),
        Excess::Many => format!("at most {MOST_FILES} files are taken at once; send the others afterwards"),
    })
}

fn complaint(name: &str, why: &str) -> String {
    // The name as sent may hold anything; what is shown of it is short and plain.
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    if shown.is_empty() { why.to_owned() } else { format!("{shown}: {why}") }
}

/// Cleans one file away from the requests, and keeps what came of it.
async fn take(ctx: &Ctx, file: Upload) -> Result<Result<File, String>> {
    let worker = web::picture::turn().await?;
    let work = tokio::task::spawn_blocking(move || {
        let taking = content::take(&file.name, &file.bytes)?;
        let stays = content::may_leave(taking.kind, &taking.clean).err();
        Ok::<_, String>((file, taking, stays))
    });
    let (file, taking, stays) = match work.await.map_err(Error::internal)? {
        Ok(taken) => taken,
        Err(why) => return Ok(Err(why)),
    };
    drop(worker);
    let files = &ctx.app.files;
    let digest = files.put(file.bytes).await?;
    let bytes = taking.clean.len() as u64;
    let clean_digest = files.put(taking.clean).await?;
    let thumbnail_digest = match taking.thumbnail {
        Some(small) => Some(files.put(small).await?),
        None => None,
    };
    Ok(Ok(File {
        name: name::clean(&file.name, taking.kind),
        kind: taking.kind,
        bytes,
        size: taking.size,
        digest,
        clean_digest,
        thumbnail_digest,
        taken: taking.taken,
        stays,
    }))
}

/// Adds prepared files to the batch that makes or changes their record. `zone` is the record's: cameras write local
/// times. The class is [`FieldClass::Operational`] unless the asker chose another one and may ([`upload`]).
pub(crate) fn attach(
    ctx: &Ctx,
    batch: &mut Batch,
    permit: &Permit,
    (resource, record): (Resource, Uuid),
    zone: &str,
    class: FieldClass,
    prepared: &Prepared,
) {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    for file in &prepared.files {
        let row = Row {
            id: AttachmentId::new(),
            class,
            name: file.name.clone(),
            media_type: file.kind.media_type().to_owned(),
            bytes: file.bytes,
            width: file.size.map(|(width, _)| width),
            height: file.size.map(|(_, height)| height),
            digest: file.digest,
            clean_digest: file.clean_digest,
            thumbnail_digest: file.thumbnail_digest,
            taken_at: file.taken.and_then(|taken| taken.at(&zone)),
            added_at: ctx.now(),
            added_by_name: String::new(),
            archived: false,
        };
        query::insert(batch, permit, query::New { resource, record, row, added_by_name: &ctx.who.name });
    }
}

/// The attachments of a record that the asker's plan shows, oldest first; archived ones are left out. The record
/// must have been found within the plan: `facts` are what that gave.
///
/// # Errors
/// The store's.
pub(crate) async fn of(
    ctx: &Ctx,
    resource: Resource,
    record: Uuid,
    facts: &Facts,
) -> Result<Vec<AttachmentOut>> {
    Ok(seen(ctx, resource, record, facts, false).await?.into_iter().map(|(_, out)| out).collect())
}

/// What the asker sees of a record's attachments, with the rows behind it. The one place that decides.
async fn seen(
    ctx: &Ctx,
    resource: Resource,
    record: Uuid,
    facts: &Facts,
    archived: bool,
) -> Result<Vec<(Row, AttachmentOut)>> {
    let shows = |class| ctx.plan.shows(resource, class, facts);
    let (about, by, original) = (shows(ABOUT), shows(BY), shows(ORIGINAL));
    let rows = query::all(ctx.store(), ctx.who.organization, resource, record).await?;
    let mut places: HashMap<&'static str, usize> = HashMap::new();
    Ok(rows
        .into_iter()
        .filter(|row| row.archived == archived && shows(row.class))
        .map(|row| {
            let kind = Kind::of(&row.media_type).unwrap_or(Kind::Text);
            let place = places.entry(kind.noun()).and_modify(|n| *n += 1).or_insert(1);
            let out = AttachmentOut {
                id: row.id,
                name: if about { row.name.clone() } else { name::neutral(kind, *place) },
                class: about.then_some(row.class),
                media_type: row.media_type.clone(),
                bytes: row.bytes,
                width: row.width,
                height: row.height,
                thumbnail: row.thumbnail_digest.is_some(),
                original: original && row.digest != row.clean_digest,
                taken_at: if about { row.taken_at } else { None },
                added_at: about.then_some(row.added_at),
                added_by: by.then(|| row.added_by_name.clone()),
                archived: row.archived,
            };
            (row, out)
        })
        .collect())
}

/// An attachment with the record it hangs on.
pub(super) struct Found {
    pub(super) parent: &'static Parent,
    pub(super) record: Record,
    pub(super) out: AttachmentOut,
    row: Row,
}

/// One attachment that the asker sees. Not there, record not seen, class not shown, put away: all the same miss.
pub(super) async fn find(ctx: &Ctx, id: AttachmentId) -> Result<Found> {
    let row = query::parent(ctx.store(), ctx.who.organization, id).await?;
    let (resource, record) = row.ok_or(Error::NotFound)?;
    let resource: Resource = resource.parse().map_err(Error::internal)?;
    let parent = parent::of(resource).ok_or(Error::NotFound)?;
    let record = (parent.find)(ctx, record).await?;
    let archived = ctx.plan.check(parent.changes, &record.facts);
    for archived in [false, true].into_iter().take(1 + usize::from(archived)) {
        let all = seen(ctx, resource, record.id, &record.facts, archived).await?;
        if let Some((row, out)) = all.into_iter().find(|(row, _)| row.id == id) {
            return Ok(Found { parent, record, out, row });
        }
    }
    Err(Error::NotFound)
}

/// The attachments of a record, current or put away.
pub(super) async fn list(
    ctx: &Ctx,
    parent: &'static Parent,
    record: Uuid,
    archived: bool,
) -> Result<(Record, Vec<AttachmentOut>)> {
    let record = (parent.find)(ctx, record).await?;
    if archived && !ctx.plan.check(parent.changes, &record.facts) {
        return Err(Error::NotFound);
    }
    let all = seen(ctx, parent.resource, record.id, &record.facts, archived).await?;
    Ok((record, all.into_iter().map(|(_, out)| out).collect()))
}

/// May this person decide what the client side sees of this record?
pub(super) fn may_release(ctx: &Ctx, parent: &Parent, facts: &Facts) -> bool {
    parent.releases.iter().any(|permission| ctx.plan.check(*permission, facts))
}

/// The classes this person can give: those they see themselves, and the client's only if they may release.
pub(super) fn classes(ctx: &Ctx, parent: &Parent, facts: &Facts) -> Vec<FieldClass> {
    let releases = may_release(ctx, parent, facts);
    CLASSES
        .iter()
        .map(|(class, ..)| *class)
        .filter(|class| *class != FieldClass::Public || releases)
        .filter(|class| ctx.plan.shows(parent.resource, *class, facts))
        .collect()
}

fn class(ctx: &Ctx, parent: &Parent, facts: &Facts, typed: &web::Text) -> Result<FieldClass> {
    let wrong = |why| Error::field("class", why);
    if typed.is_blank() {
        return Ok(FieldClass::Operational);
    }
    let class: FieldClass = typed.parse().map_err(wrong)?;
    if !CLASSES.iter().any(|(known, ..)| *known == class) {
        return Err(wrong("choose one of: operational, public, people, notes".into()));
    }
    if class == FieldClass::Public && !may_release(ctx, parent, facts) {
        let first = parent.releases.first().ok_or(Error::NotFound)?;
        // The refusal in the core's own words.
        ctx.plan.permit(*first, facts)?;
    }
    if !ctx.plan.shows(parent.resource, class, facts) {
        return Err(wrong("choose a class that you see yourself".into()));
    }
    Ok(class)
}

/// Takes in more files for a record.
pub(super) async fn upload(
    ctx: &Ctx,
    parent: &'static Parent,
    record: Uuid,
    form: &UploadForm,
    files: Vec<Upload>,
) -> Result<Vec<AttachmentOut>> {
    let (record, permit) = (parent.change)(ctx, record).await?;
    let class = class(ctx, parent, &record.facts, &form.class)?;
    if files.is_empty() {
        return Err(Error::field("files", "choose at least one file"));
    }
    let before = query::all(ctx.store(), permit.organization(), parent.resource, record.id).await?;
    if before.len() + files.len() > MOST_OF_ONE {
        return Err(Error::field("files", format!("one record takes at most {MOST_OF_ONE} files")));
    }
    let prepared = prepare(ctx, files).await?;
    if class == FieldClass::Public {
        let mut errors = FieldErrors::default();
        for file in &prepared.files {
            if let Some(why) = &file.stays {
                errors.add("files", complaint(&file.name, why));
            }
        }
        errors.check()?;
    }
    let mut batch = Batch::new();
    attach(ctx, &mut batch, &permit, (parent.resource, record.id), &record.zone, class, &prepared);
    let changes: Vec<_> =
        prepared.files.iter().map(|file| (class, String::new(), told(&file.name, class))).collect();
    (parent.note)(ctx, &mut batch, &record, Note { action: "attach", changes: &changes });
    ctx.commit_new(batch, &format!("{}/attachments", parent.path(record.id))).await?;
    let known: Vec<AttachmentId> = before.iter().map(|row| row.id).collect();
    let mut all = of(ctx, parent.resource, record.id, &record.facts).await?;
    all.retain(|out| !known.contains(&out.id));
    Ok(all)
}

/// A file in the words of the history.
fn told(name: &str, class: FieldClass) -> String {
    format!("{name} ({})", super::model::class_label(class))
}

/// Changes who may see a file.
pub(super) async fn set_class(ctx: &Ctx, id: AttachmentId, typed: &web::Text) -> Result<Found> {
    let found = find(ctx, id).await?;
    let facts = &found.record.facts;
    if typed.is_blank() {
        return Err(Error::field("class", "choose who may see it"));
    }
    let wanted = class(ctx, found.parent, facts, typed)?;
    let out = wanted == FieldClass::Public || found.row.class == FieldClass::Public;
    let permit = if out && may_release(ctx, found.parent, facts) {
        // Publishing a file is a decision about the record's release, which stays open when its words are closed.
        let held =
            found.parent.releases.iter().find(|p| ctx.plan.check(**p, facts)).ok_or(Error::NotFound)?;
        ctx.plan.permit(*held, facts)?
    } else if out {
        let first = found.parent.releases.first().ok_or(Error::NotFound)?;
        ctx.plan.permit(*first, facts)?
    } else {
        (found.parent.change)(ctx, found.record.id).await?.1
    };
    if found.row.class == wanted {
        return Ok(found);
    }
    if wanted == FieldClass::Public {
        may_leave(ctx, &found.row).await?;
    }
    let mut batch = Batch::new();
    query::set_class(&mut batch, &permit, &found.row, wanted);
    let action = match (found.row.class, wanted) {
        (_, FieldClass::Public) => "show_file",
        (FieldClass::Public, _) => "hide_file",
        _ => "reclass_file",
    };
    // Told to those who see both classes: the more guarded of the two.
    let guarded = found.row.class.max(wanted);
    let change = (guarded, told(&found.row.name, found.row.class), told(&found.row.name, wanted));
    (found.parent.note)(ctx, &mut batch, &found.record, Note { action, changes: &[change] });
    ctx.commit(batch).await?;
    find(ctx, id).await
}

/// Refuses to show outside what could not be cleaned.
async fn may_leave(ctx: &Ctx, row: &Row) -> Result<()> {
    let Some(kind) = Kind::of(&row.media_type) else {
        return Err(Error::internal("a type that is not ours"));
    };
    let clean = kept(ctx, &row.clean_digest).await?;
    let _worker = web::picture::turn().await?;
    tokio::task::spawn_blocking(move || content::may_leave(kind, &clean))
        .await
        .map_err(Error::internal)?
        .map_err(Error::conflict)
}

/// Puts a file away, or takes it back.
pub(super) async fn set_archived(ctx: &Ctx, id: AttachmentId, archived: bool) -> Result<Found> {
    let found = find(ctx, id).await?;
    let (_, permit) = (found.parent.change)(ctx, found.record.id).await?;
    if found.row.archived == archived {
        return Ok(found);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, &found.row, archived);
    let (action, name) = (if archived { "archive_file" } else { "restore_file" }, found.row.name.clone());
    let (before, after) = if archived { (name, String::new()) } else { (String::new(), name) };
    let changes = [(found.row.class, before, after)];
    (found.parent.note)(ctx, &mut batch, &found.record, Note { action, changes: &changes });
    ctx.commit(batch).await?;
    find(ctx, id).await
}

/// Which content of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Clean,
    Thumbnail,
    Original,
}

/// A content on its way out.
pub(super) struct Content {
    /// The record it belongs to.
    pub(super) of: (Resource, Uuid),
    pub(super) name: String,
    pub(super) media_type: &'static str,
    /// A browser may show it: a picture of ours, never somebody's bytes.
    pub(super) inline: bool,
    pub(super) bytes: Vec<u8>,
}

/// A content, for whoever sees the attachment; the original for those who may know where it was taken.
pub(super) async fn read(ctx: &Ctx, id: AttachmentId, which: Which) -> Result<Content> {
    let found = find(ctx, id).await?;
    let kind = Kind::of(&found.row.media_type).unwrap_or(Kind::Text);
    let name = found.out.name.clone();
    match which {
        Which::Clean => Ok(Content {
            of: (found.parent.resource, found.record.id),
            name,
            media_type: kind.media_type(),
            inline: kind.is_picture(),
            bytes: kept(ctx, &found.row.clean_digest).await?,
        }),
        Which::Thumbnail => {
            let digest = found.row.thumbnail_digest.ok_or(Error::NotFound)?;
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            Ok(Content {
                of: (found.parent.resource, found.record.id),
                name: format!("{stem}-small.jpg"),
                media_type: Kind::Jpeg.media_type(),
                inline: true,
                bytes: kept(ctx, &digest).await?,
            })
        }
        Which::Original => {
            if !found.out.original {
                return Err(Error::NotFound);
            }
            let bytes = kept(ctx, &found.row.digest).await?;
            // The original can be of another type than what was made of it; its content says which.
            let kind = content::sniff(&name, &bytes).unwrap_or(kind);
            Ok(Content {
                of: (found.parent.resource, found.record.id),
                name: name::clean(&name, kind),
                media_type: kind.media_type(),
                inline: false,
                bytes,
            })
        }
    }
}

/// Bytes that a row names. If they are gone that is our loss, not the asker's mistake.
async fn kept(ctx: &Ctx, digest: &[u8; 32]) -> Result<Vec<u8>> {
    ctx.app.files.get(digest).await.map_err(|error| match error {
        Error::NotFound => Error::Unavailable("the content of an attachment is missing".into()),
        other => other,
    })
}

/// Does a film or document need a warning before the client sees it?
pub(super) fn is_document(out: &AttachmentOut) -> bool {
    Kind::of(&out.media_type).is_some_and(Kind::is_document)
}
