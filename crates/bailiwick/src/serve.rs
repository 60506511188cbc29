//! `bailiwick serve`: one process that answers requests and does the work behind the scenes.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Clock;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::Refusal;
use crate::settings::Settings;

/// How long requests under way may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until told to stop.
pub(crate) async fn run(settings: &Settings) -> Result<(), Refusal> {
    let store = Store::open(&settings.database)?;
    let applied = store.migrate().await?;
    for name in &applied {
        tracing::info!(migration = name, "applied");
    }
    let clock = Clock::system();
    let app = web::App::new(
        store.clone(),
        store::files::Files::local(&settings.files),
        clock.clone(),
        web::Config {
            public_url: settings.public_url.clone(),
            demo: false,
            tiles_url: settings.tiles_url.clone(),
            behind_proxy: settings.behind_proxy,
        },
        crate::features(),
    );
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|why| format!("cannot listen on {}: {why}", settings.listen))?;
    let (stop, stopped) = watch::channel(false);
    let transport = mail(settings)?;
    let worker = tokio::spawn(jobs::mail::run(store.clone(), clock, transport, stopped.clone()));
    tracing::info!(address = %listener.local_addr().unwrap_or(settings.listen), "serving");
    let service = web::mount::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let mut draining = stopped.clone();
    let serving = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            let _ = draining.changed().await;
        })
        .into_future();
    let mut serving = tokio::spawn(serving);
    tokio::select! {
        () = told_to_stop() => tracing::info!("stopping: requests under way are finished first"),
        ended = &mut serving => return Err(Refusal(format!("the server ended by itself: {ended:?}"))),
    }
    let _ = stop.send(true);
    if tokio::time::timeout(DRAIN, &mut serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
        serving.abort();
    }
    let _ = tokio::time::timeout(DRAIN, worker).await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// How mail leaves.
pub(crate) fn mail(settings: &Settings) -> Result<jobs::mail::Transport, Refusal> {
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
