//! Work behind the scenes. A change and its messages commit together; workers on any node claim them with a lease,
//! try again with growing pauses, and give up visibly.

pub mod events;
pub mod mail;

use std::pin::Pin;

/// Work that ends some time later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
