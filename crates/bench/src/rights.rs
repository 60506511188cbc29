//! How long the administration of rights takes in a large organization: 5,000 members, 2,000 sites, 200 own roles.

use std::path::Path;

use access::{Feature, Switch, Target};
use kernel::Clock;
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId, RoleId, SiteId};
use people::setup::{self, NewOrganization};
use store::{Batch, Settings as Place, Store, params};

use crate::{Failure, Settings, pages, server, world};

const MEMBERS: usize = 5_000;
const SITES: usize = 2_000;
const ROLES: usize = 200;
/// So many sites each member's role names.
const EACH: usize = 5;

/// Makes the world afresh, and asks one page after the other.
pub async fn measure(settings: &Settings, postgres: Option<&String>) -> Result<(), Failure> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let folder = settings.folder.join(format!("rights-{}", engine.to_lowercase()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let database = match postgres.map(String::as_str) {
        Some("throwaway") => Some(world::throwaway(&folder).await?),
        other => other.map(str::to_owned),
    };
    let database = database.as_deref();
    let (store, made) = build(&folder, database).await?;
    let mut program = server::program(settings, &folder, database)?;
    program.ready("/readyz").await?;
    println!("\n{engine}: {MEMBERS} members, {SITES} sites, {ROLES} own roles; one administrator asks");
    println!("| page | p50 ms | p95 ms | bytes |");
    println!("|---|--:|--:|--:|");
    let cookie = vec![("cookie".to_owned(), format!("session={}", made.administrator.session))];
    for (path, epoch) in [
        ("/office/roles".to_owned(), false),
        ("/office/roles/matrix".to_owned(), false),
        ("/office/roles/matrix?pack=own".to_owned(), false),
        (format!("/office/members/{}", made.member), false),
        (format!("/office/members/{}/sight", made.member), false),
        (format!("/office/access/{}", made.site), false),
        (format!("/office/access/{}?person={}", made.site, made.member), false),
        // Somebody's rights changed a moment ago: nothing that was compiled is of use.
        (format!("/office/access/{}", made.site), true),
        ("/office/members".to_owned(), true),
        (format!("/office/members/{}", made.member), true),
    ] {
        let organization = epoch.then_some(made.organization);
        let said = pages::page(&program, &store, &path, &cookie, organization).await?;
        let when = if epoch { ", rights just changed" } else { "" };
        let path: String = path.split('_').next().unwrap_or_default().chars().take(40).collect();
        println!("| `{path}`{when} | {said} |");
    }
    drop(program);
    store.close().await;
    Ok(())
}

struct Made {
    organization: OrganizationId,
    administrator: world::Asker,
    member: MembershipId,
    site: SiteId,
}

async fn build(folder: &Path, database: Option<&str>) -> Result<(Store, Made), Failure> {
    let place = match database {
        Some(url) => Place::postgres(url),
        None => Place::sqlite(folder.join("bailiwick.db")),
    };
    let store = Store::open(&place)?;
    store.migrate().await?;
    let clock = Clock::system();
    let word = |text: &str| text.parse().map_err(|why: String| -> Failure { why.into() });
    let new = NewOrganization {
        name: word("Large")?,
        hue: 215,
        zone: "UTC".into(),
        features: Feature::ALL.to_vec(),
        switches: Switch::ALL.to_vec(),
    };
    let email = "first@example.com".parse().map_err(|why: String| -> Failure { why.into() })?;
    let organization =
        setup::organization(&store, &clock, &new, email, word("First One")?, None).await?.organization;
    let (client, mut sites) = (ClientId::new(), Vec::new());
    let mut batch = Batch::new();
    batch.run(
        "insert into clients (id, organization_id, name, search, created_at) values ($1, $2, 'Harbour', 'harbour', 0)",
        params![client, organization],
    );
    for at in 0..SITES {
        let (id, name) = (SiteId::new(), format!("Site {at:04}"));
        batch.run(
            "insert into sites (id, organization_id, client_id, name, search, zone, created_at) \
             values ($1, $2, $3, $4, $5, 'UTC', 0)",
            params![id, organization, client, name.as_str(), name.to_lowercase()],
        );
        sites.push(id);
    }
    for at in 0..ROLES {
        let written = format!(
            "[[role]]\nkey = \"own_{at}\"\nname = \"Own {at}\"\nabout = \"Number {at}.\"\naudience = \"staff\"\n\
             portals = [\"office\"]\nreach = \"site\"\nmay = [\"incident: view{}\", \"site: view\", \"shift: view{}\"]\n",
            if at % 2 == 0 { " edit" } else { "" },
            if at % 3 == 0 { " people" } else { " if submitted" },
        );
        batch.run(
            "insert into roles (id, organization_id, key, written, created_at) values ($1, $2, $3, $4, 0)",
            params![RoleId::new(), organization, format!("own_{at}"), written],
        );
    }
    store.commit(batch).await?;
    let mut member = MembershipId::new();
    for chunk in (0..MEMBERS).collect::<Vec<_>>().chunks(500) {
        let mut batch = Batch::new();
        for at in chunk {
            member = MembershipId::new();
            let (account, given, name) = (AccountId::new(), AssignmentId::new(), format!("Member {at:05}"));
            batch.run(
                "insert into accounts (id, email, name, created_at) values ($1, $2, $3, 0)",
                params![account, format!("m{at}@example.com"), name.as_str()],
            );
            batch.run(
                "insert into memberships (id, organization_id, account_id, audience, name, search, created_at) \
                 values ($1, $2, $3, 0, $4, $5, 0)",
                params![member, organization, account, name.as_str(), name.to_lowercase()],
            );
            batch.run(
                "insert into assignments (id, organization_id, membership_id, role_key, granted_at) \
                 values ($1, $2, $3, $4, 0)",
                params![given, organization, member, format!("own_{}", at % ROLES)],
            );
            for site in sites.iter().skip(at % (SITES - EACH)).take(EACH) {
                batch.run(
                    "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) \
                     values ($1, $2, 4, $3)",
                    params![organization, given, *site],
                );
            }
        }
        store.commit(batch).await?;
    }
    let all = vec![Target::Organization];
    let administrator = world::asker(&store, &clock, organization, "customer_admin", all).await?;
    store.optimize().await?;
    let site = *sites.get(SITES / 2).ok_or("no site")?;
    Ok((store, Made { organization, administrator, member, site }))
}
