//! `bailiwick serve` and `bailiwick work`: processes that run until they are told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt as _;
use kernel::Clock;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cli::Refusal;
use crate::ops;
use crate::settings::Settings;

/// How long requests under way may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(15);

/// What a process serves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Role {
    /// Sends mail and does other work behind the scenes, too.
    pub(crate) works: bool,
    /// Its world is a demo: the sign-in page lists the people in it.
    pub(crate) demo: bool,
}

/// Opens the database and brings it up to date.
pub(crate) async fn open(settings: &Settings) -> Result<Store, Refusal> {
    let store = Store::open(&settings.database)?;
    for migration in store.migrate().await? {
        tracing::info!(migration, "applied");
    }
    Ok(store)
}

/// What requests share, and what the work behind the scenes decides with.
fn app(settings: &Settings, store: &Store, clock: Clock, demo: bool) -> Result<web::App, Refusal> {
    let mut features = crate::features();
    features.push(ops::feature());
    Ok(web::App::new(
        store.clone(),
        store::files::Files::open(&settings.files, crate::settings::keys())?,
        clock,
        web::Config {
            public_url: settings.public_url.clone(),
            demo,
            tiles_url: settings.tiles_url.clone(),
            behind_proxy: settings.behind_proxy,
        },
        features,
    ))
}

/// Finds out whom to tell of what happened, and sends what waits. Any number of nodes may do it at once.
fn behind_the_scenes(
    app: &web::App,
    transport: jobs::mail::Transport,
    stopped: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let look = Arc::new(web::notices::Worker(app.clone()));
    let (store, clock) = (app.store.clone(), app.clock.clone());
    vec![
        tokio::spawn(people::journal::job::run(store.clone(), clock.clone(), stopped.clone())),
        tokio::spawn(people::reviews::job::run(app.clone(), stopped.clone())),
        tokio::spawn(web::notices::run(app.clone(), stopped.clone())),
        tokio::spawn(people::run_changes(app.clone(), stopped.clone())),
        tokio::spawn(timekeeping::run(app.clone(), stopped.clone())),
        tokio::spawn(field::run(app.clone(), stopped.clone())),
        tokio::spawn(safety::run(app.clone(), stopped.clone())),
        tokio::spawn(jobs::mail::run(store, clock, transport, look, stopped.clone())),
    ]
}

/// Serves until told to stop.
pub(crate) async fn run(settings: &Settings, role: Role) -> Result<(), Refusal> {
    let store = open(settings).await?;
    let clock = Clock::system();
    let metrics = Arc::new(ops::Metrics::new(&clock));
    let app = app(settings, &store, clock, role.demo)?;
    let router = web::mount::router(app.clone())
        .layer(axum::Extension(crate::checks::Ground(settings.database.clone())))
        .layer(from_fn_with_state(Arc::clone(&metrics), ops::observe));
    let transport = mail(settings)?;
    let listener = listen(settings.listen).await?;
    let apart = match settings.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };

    let (stop, stopped) = watch::channel(false);
    let mut others: Vec<JoinHandle<()>> = Vec::new();
    if role.works {
        others.extend(behind_the_scenes(&app, transport, &stopped));
    }
    if let Some(listener) = apart {
        let router = ops::apart(store.clone(), metrics);
        let ending = ended(stopped.clone());
        others.push(tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(ending).await {
                tracing::error!(%error, "metrics are not served any more");
            }
        }));
    }
    tracing::info!(address = %listener.local_addr().unwrap_or(settings.listen), engine = ?store.engine(), "serving");
    let listener = listener.tap_io(|stream| {
        // Pages are written in one go; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(ended(stopped));
    let mut serving = tokio::spawn(serving.into_future());
    tokio::select! {
        () = told_to_stop() => tracing::info!("stopping: requests under way are finished first"),
        over = &mut serving => return Err(Refusal(format!("the server ended by itself: {over:?}"))),
    }
    let _ = stop.send(true);
    if tokio::time::timeout(DRAIN, &mut serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
        serving.abort();
    }
    if let Err(error) = app.write_reads().await {
        tracing::warn!(%error, "the last reads could not be noted");
    }
    finish(others, &store).await;
    Ok(())
}

/// Does the work behind the scenes until told to stop.
pub(crate) async fn work(settings: &Settings) -> Result<(), Refusal> {
    let store = open(settings).await?;
    let app = app(settings, &store, Clock::system(), false)?;
    let (stop, stopped) = watch::channel(false);
    let work = behind_the_scenes(&app, mail(settings)?, &stopped);
    tracing::info!(engine = ?store.engine(), "working");
    told_to_stop().await;
    let _ = stop.send(true);
    finish(work, &store).await;
    Ok(())
}

async fn finish(others: Vec<JoinHandle<()>>, store: &Store) {
    for other in others {
        if tokio::time::timeout(DRAIN, other).await.is_err() {
            tracing::warn!("some work did not finish in time; it is taken up again at the next start");
        }
    }
    store.close().await;
    tracing::info!("stopped");
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Refusal> {
    TcpListener::bind(address).await.map_err(|why| Refusal(format!("cannot listen on {address}: {why}")))
}

async fn ended(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// How mail leaves.
fn mail(settings: &Settings) -> Result<jobs::mail::Transport, Refusal> {
    Ok(match &settings.smtp_url {
        Some(url) => jobs::mail::Transport::smtp(url, &settings.mail_from)?,
        None => jobs::mail::Transport::folder(settings.data_dir.join("outbox"), &settings.mail_from)?,
    })
}

/// Waits for SIGTERM or an interrupt from the keyboard.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = match signal(SignalKind::terminate()) {
        Ok(term) => term,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
