//! Looking through somebody's eyes, read-only.
//!
//! A preview is a state of the asker's own session: no session and no token of the other person is made. Each request
//! asks anew whether the asker may still look, and compiles the other person's plan with the evaluator that decides
//! for that person's own requests. Whatever is not a read is refused before any handler.

mod query;

use std::sync::Arc;

use access::{Action, Assignment, Authority, Permission, Plan, Refusal, Resource, Role, Target, permission};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use jiff::tz::TimeZone;
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId, PreviewId};
use kernel::secret::Secret;
use kernel::{Audience, Error, Portal, Result, Timestamp};
use maud::{Markup, html};
use store::Batch;
use store::journal::Entry;

use crate::app::App;
use crate::context::{Door, Who};
use crate::identity::{self, Identified};
use crate::problem;

/// Who may look through somebody's eyes.
pub const IMPERSONATE: Permission = permission(Resource::Account, Action::Impersonate);

/// How long a preview lasts, in minutes.
pub const MINUTES: i64 = 30;

/// Where a preview is told of and from where it is left.
pub const PATH: &str = "/preview";
/// Where it is ended, by POST.
pub const STOP_PATH: &str = "/preview/stop";

/// What a preview says of itself on every page.
#[derive(Clone, Debug)]
pub struct Banner {
    /// Whose eyes, as the asker named them.
    pub whom: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub ends_at: Timestamp,
    /// Where the asker came from.
    pub back: String,
    /// The zone its times are told in.
    pub zone: String,
}

/// A preview, as a request finds it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Which one.
    pub id: PreviewId,
    /// Who looks.
    pub asker: Who,
    /// Their roles.
    pub asker_roles: String,
    /// Whose eyes; none for a role that nobody need hold.
    pub member: Option<MembershipId>,
    /// What every page says of it.
    pub banner: Banner,
    /// Why it shows nothing any more; it has to be left.
    pub over: Option<String>,
    /// Why the person sees nothing at all, if so.
    pub nothing: Option<String>,
}

/// Whose eyes.
#[derive(Clone, Debug)]
pub enum Whom {
    /// A member.
    Member(MembershipId),
    /// A role at targets that nobody need hold.
    Role(Arc<Role>, Vec<Target>),
}

/// What there is to look with.
#[derive(Debug)]
pub struct Eyes {
    who: Who,
    authority: Authority,
}

impl Eyes {
    /// The plan as of an instant.
    #[must_use]
    pub fn plan(&self, now: Timestamp) -> Plan {
        self.authority.compile(now)
    }

    /// What they hold.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }
}

/// May the asker look through these eyes? Never upwards: whatever is held there must be the asker's to give, as with
/// a password reset. Answers the eyes.
///
/// # Errors
/// [`Error::NotFound`] for nobody the asker may know of, [`Error::Forbidden`] with a sentence; or the store's.
pub async fn may_look(
    app: &App,
    asker: &Authority,
    asker_who: &Who,
    whom: &Whom,
    stand_in: MembershipId,
    now: Timestamp,
) -> Result<Eyes> {
    let organization = asker.organization;
    let mine = asker.compile(now);
    match whom {
        Whom::Member(id) => {
            let member = query::member(&app.store, organization, *id).await?.ok_or(Error::NotFound)?;
            mine.permit(IMPERSONATE, &member.facts)?;
            let mut theirs = identity::authority(&app.store, organization, *id, now).await?;
            let targets: Vec<Target> =
                theirs.assignments.iter().flat_map(|a| a.targets.iter().copied()).collect();
            let mut hierarchy = query::hierarchy(&app.store, organization, targets).await?;
            hierarchy.roles = app.roles(organization).await?;
            access::may_manage(asker, &theirs, now, &hierarchy).map_err(|refusal| match refusal {
                Refusal::OneselfOnly => Error::forbidden("These are your own eyes already."),
                other => Error::forbidden(format!("You cannot look through these eyes. {other}")),
            })?;
            theirs.active = theirs.active && !member.archived;
            let who = Who { logo: asker_who.logo.clone(), ..member.who };
            Ok(Eyes { who, authority: theirs })
        }
        Whom::Role(role, targets) => {
            let mut hierarchy = query::hierarchy(&app.store, organization, targets.iter().copied()).await?;
            hierarchy.roles = app.roles(organization).await?;
            if !mine.may_ever(IMPERSONATE) {
                return Err(Error::NotFound);
            }
            for target in targets {
                mine.permit_new(IMPERSONATE, &hierarchy.facts(organization, *target))?;
            }
            let clients = clients(role, targets, &hierarchy);
            let assignment = Assignment {
                id: AssignmentId::from_uuid(stand_in.uuid()),
                role: role.clone(),
                targets: targets.clone(),
                from: None,
                until: None,
                granted_by: None,
                granted_at: now,
            };
            let theirs = Authority {
                membership: stand_in,
                audience: role.audience,
                active: true,
                clients,
                subcontractor: false,
                share_all: false,
                live_clock_ins: false,
                assignments: vec![assignment],
                ..asker.clone()
            };
            access::may_assign(asker, None, &theirs, now, &hierarchy).map_err(|refusal| match refusal {
                Refusal::Unfit(sentence) => Error::field("targets", sentence),
                other => Error::forbidden(format!("You cannot look with this role. {other}")),
            })?;
            let who = Who {
                account: AccountId::from_uuid(stand_in.uuid()),
                membership: stand_in,
                audience: role.audience,
                name: format!("Somebody who is {}", role.name),
                email: String::new(),
                hats: Vec::new(),
                session: None,
                token: None,
                ..asker_who.clone()
            };
            Ok(Eyes { who, authority: theirs })
        }
    }
}

/// The clients that somebody outside the staff would belong to with these targets.
fn clients(role: &Role, targets: &[Target], hierarchy: &access::Hierarchy) -> Vec<ClientId> {
    if role.audience == Audience::Staff {
        return Vec::new();
    }
    let mut clients: Vec<ClientId> = targets
        .iter()
        .filter_map(|target| match target {
            Target::Client(id) => Some(*id),
            Target::Site(id) => hierarchy.client_of.get(&id.uuid()).map(|id| ClientId::from_uuid(*id)),
            _ => None,
        })
        .collect();
    clients.sort_unstable();
    clients.dedup();
    clients
}

/// How a role at targets is named on the banner: "Supervisor at Dock 4".
///
/// # Errors
/// The store's.
pub async fn label(
    app: &App,
    organization: OrganizationId,
    role: &Role,
    targets: &[Target],
) -> Result<String> {
    let mut names = Vec::new();
    for target in targets.iter().take(3) {
        names.extend(query::name(&app.store, organization, *target).await?);
    }
    if targets.len() > names.len() {
        names.push(format!("{} more", targets.len() - names.len()));
    }
    Ok(if names.is_empty() {
        format!("somebody who is {}", role.name)
    } else {
        format!("somebody who is {} at {}", role.name, names.join(", "))
    })
}

/// What a session in a preview acts as: the other person's side, name and plan. None when it is in no preview.
///
/// # Errors
/// The store's.
pub(crate) async fn identify(
    app: &App,
    asker: &Who,
    now: Timestamp,
) -> Result<Option<(Identified, Timestamp)>> {
    let Some(session) = asker.session else { return Ok(None) };
    let Some(stored) = query::stored(&app.store, session).await? else { return Ok(None) };
    let mine = identity::authority(&app.store, asker.organization, asker.membership, now).await?;
    let plan = mine.compile(now);
    let mut preview = Preview {
        id: stored.id,
        asker: asker.clone(),
        asker_roles: crate::context::role_names(&plan),
        member: stored.member,
        banner: stored.banner.clone(),
        over: None,
        nothing: None,
    };
    let stand_in = MembershipId::from_uuid(stored.id.uuid());
    let eyes = if now >= stored.banner.ends_at {
        Err(format!("Its {MINUTES} minutes are over."))
    } else {
        match whom(app, asker.organization, &stored).await? {
            None => Err("The role is no longer there.".to_owned()),
            Some(whom) => match may_look(app, &mine, asker, &whom, stand_in, now).await {
                Ok(eyes) => Ok(eyes),
                Err(Error::NotFound) => Err("You may not look through these eyes any more.".to_owned()),
                Err(Error::Forbidden(why)) => Err(why),
                Err(Error::Invalid(_)) => Err("The role cannot be held like that any more.".to_owned()),
                Err(other) => return Err(other),
            },
        }
    };
    let until = plan.valid_until.into_iter().chain([stored.banner.ends_at]).min().unwrap_or(now);
    let (who, plan, until) = match eyes {
        Ok(eyes) => {
            let plan = identity::compiled(app, &eyes.authority, now).await?;
            preview.nothing = nothing(&eyes, &plan);
            let until = plan.valid_until.map_or(until, |end| end.min(until));
            (eyes.who, plan, until)
        }
        Err(why) => {
            preview.over = Some(why);
            // Nothing can be shown with it, whatever forgets to look at `over`.
            let nobody = Authority { membership: stand_in, assignments: Vec::new(), ..mine };
            (asker.clone(), nobody.compile(now), until.max(now))
        }
    };
    let found = Identified { who: Arc::new(who), plan: Arc::new(plan), preview: Some(Arc::new(preview)) };
    Ok(Some((found, until)))
}

async fn whom(app: &App, organization: OrganizationId, stored: &query::Stored) -> Result<Option<Whom>> {
    if let Some(member) = stored.member {
        return Ok(Some(Whom::Member(member)));
    }
    let Some(key) = &stored.role else { return Ok(None) };
    let role = app.roles(organization).await?.role(key).cloned();
    let targets = stored.targets.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    Ok(role.map(|role| Whom::Role(role, targets)))
}

/// Why somebody sees nothing at all.
fn nothing(eyes: &Eyes, plan: &Plan) -> Option<String> {
    if !eyes.authority.active {
        return Some(format!(
            "{} is deactivated: a deactivated member cannot sign in and sees nothing.",
            eyes.who.name
        ));
    }
    if !plan.portals.is_empty() {
        return None;
    }
    let because: Vec<String> = plan
        .suppressed
        .iter()
        .filter(|s| s.permission.is_none())
        .filter_map(|s| {
            let role = &plan.held.get(usize::from(s.source))?.role.name;
            Some(format!("{role}: {}", access::sentence::because(s.because)))
        })
        .collect();
    Some(if because.is_empty() {
        format!("{} holds no role. A member without a role sees nothing.", eyes.who.name)
    } else {
        format!("No role of {} opens a portal now. {}.", eyes.who.name, because.join("; "))
    })
}

/// The preview that the browser with this cookie is in, and what it acts as.
///
/// # Errors
/// The store's.
pub async fn current(app: &App, cookie: Option<&str>) -> Result<Option<Identified>> {
    let Some(cookie) = cookie else { return Ok(None) };
    let now = app.clock.now();
    let Some(asker) = identity::by_session(app, &Secret::presented(cookie), now).await? else {
        return Ok(None);
    };
    Ok(identify(app, &asker, now).await?.map(|(found, _)| found))
}

impl Preview {
    /// Adds a line about the preview to the journal: it is the asker who did it.
    pub fn note(
        &self,
        batch: &mut Batch,
        at: Timestamp,
        action: &str,
        detail: &serde_json::Value,
        address: &str,
    ) {
        store::journal::append(
            batch,
            &Entry {
                organization: self.asker.organization,
                at,
                account: Some(self.asker.account),
                membership: Some(self.asker.membership),
                name: &self.asker.name,
                roles: &self.asker_roles,
                action,
                resource: Resource::Account.word(),
                record: self.member.map(kernel::Id::uuid),
                label: &self.banner.whom,
                detail: &detail.to_string(),
                address,
            },
        );
    }

    /// Notes that a page is looked at. What cannot be noted is not shown.
    pub(crate) async fn note_page(&self, app: &App, parts: &http::request::Parts, door: Door) -> Result<()> {
        let path: String = format!("{}{}", door.prefix(), parts.uri).chars().take(500).collect();
        let mut batch = Batch::new();
        let detail = serde_json::json!({ "preview": self.id, "page": path });
        self.note(&mut batch, app.clock.now(), "preview_page", &detail, &identity::address(app, parts));
        app.store.commit(batch).await.map(|_| ())
    }
}

/// The banner's content: who, why, until when, and the way out. It works without scripts.
#[must_use]
pub fn banner(banner: &Banner) -> Markup {
    let zone = TimeZone::get(&banner.zone).unwrap_or(TimeZone::UTC);
    html! {
        section.preview-banner aria-label="Preview" {
            (ui::icon::eye())
            p {
                strong { "You look through the eyes of " bdi { (banner.whom) } ", read-only" }
                span.preview-why { "Why: " bdi { (banner.reason) } ". Until " (ui::time_exact(banner.ends_at, &zone)) ". Each page you open is written into the journal." }
            }
            form action=(STOP_PATH) method="post" { (ui::submit(ui::Kind::Quiet, "Stop preview")) }
        }
    }
}

/// The page that says where one stands: in a preview, of whom, and through which doors to look.
#[must_use]
pub fn page(found: &Identified) -> Option<Markup> {
    let preview = found.preview.as_ref()?;
    let body = html! {
        div.banner { (banner(&preview.banner)) }
        @if let Some(over) = &preview.over {
            p { "This preview is over. " (over) " Stop it to go on as yourself." }
        } @else if let Some(nothing) = &preview.nothing {
            p { (nothing) }
        } @else {
            p { "Look at what they see:" }
            ul.stack {
                @for portal in &found.plan.portals {
                    li { a.btn href=(Door::Portal(*portal).prefix()) { (portal_name(*portal)) } }
                }
            }
        }
    };
    let title = if preview.over.is_some() { "The preview is over" } else { "Preview" };
    Some(ui::bare(
        &ui::Bare {
            title,
            organization: &found.who.organization_name,
            hue: found.who.hue,
            ..ui::Bare::default()
        },
        body,
    ))
}

const fn portal_name(portal: Portal) -> &'static str {
    match portal {
        Portal::Office => "The office",
        Portal::Field => "The field app",
        Portal::Client => "The client portal",
    }
}

/// Never kept by anybody: a page of a preview must not come back as a page of one's own.
pub(crate) fn unkept(mut response: Response) -> Response {
    response.headers_mut().remove(header::ETAG);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a preview that is over answers at every door.
pub(crate) fn over(found: &Identified) -> Response {
    match page(found) {
        Some(page) => unkept((StatusCode::FORBIDDEN, page).into_response()),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Is this a read?
pub(crate) fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What somebody may still do while they look through another's eyes: leave the preview, or sign out.
const LEAVING: [&str; 2] = [STOP_PATH, ui::SIGN_OUT_PATH];

/// The layer around everything with cookies: in a preview nothing but reading goes through, whichever handler it was
/// meant for. The API takes no cookies; a token is never in a preview.
pub(crate) async fn read_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let cookie = identity::session_cookie(&app, request.headers());
    let Some(cookie) = cookie.filter(|_| !path.starts_with("/api/") && !LEAVING.contains(&path)) else {
        return next.run(request).await;
    };
    if reads(request.method()) {
        return under_banner(&app, &cookie, next.run(request).await).await;
    }
    match query::presented(&app.store, &Secret::presented(&cookie), app.clock.now()).await {
        Ok(None) => next.run(request).await,
        Ok(Some(stored)) => refuse(&stored.banner),
        Err(error) => problem::render(None, None, &error),
    }
}

/// An error that no door renders (an address that leads nowhere) still says that this is a preview.
async fn under_banner(app: &App, cookie: &str, response: Response) -> Response {
    let Some(carried) = response.extensions().get::<problem::Carried>().cloned() else { return response };
    match query::presented(&app.store, &Secret::presented(cookie), app.clock.now()).await {
        Ok(Some(stored)) => {
            unkept(problem::render_under(Some(banner(&stored.banner)), None, None, &carried.0))
        }
        Ok(None) | Err(_) => response,
    }
}

/// The refusal of anything but reading.
pub(crate) fn refuse(banner_of: &Banner) -> Response {
    let error = Error::forbidden(
        "you are looking through somebody else's eyes, and that is read-only: nothing was changed. Stop the preview to go on as yourself",
    );
    unkept(problem::render_under(Some(banner(banner_of)), None, None, &error))
}
