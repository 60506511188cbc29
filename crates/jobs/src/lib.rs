//! Work behind the scenes. A change and its messages commit together; workers on any node claim them with a lease,
//! try again with growing pauses, and give up visibly.

pub mod mail;
