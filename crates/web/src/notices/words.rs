//! The closed words of notices.

use kernel::text::closed;

closed! {
    /// How often somebody is mailed about a sort of event.
    #[derive(PartialOrd, Ord)]
    pub enum Cadence: i64 {
        /// Never.
        Off = 0 => "off",
        /// As soon as it happened.
        AtOnce = 1 => "at_once",
        /// Once a day, all in one message.
        Daily = 2 => "daily",
    }
}

impl Cadence {
    /// What the settings call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::AtOnce => "At once",
            Self::Daily => "Once a day",
        }
    }
}

closed! {
    /// What was decided for one person about one event.
    pub enum Outcome: i64 {
        /// A message was written.
        Mailed = 0 => "mailed",
        /// It waits for the daily message.
        Digest = 1 => "digest",
        /// They do not subscribe.
        NotSubscribed = 2 => "not_subscribed",
        /// They subscribe, but may not see the record.
        MayNotSee = 3 => "may_not_see",
        /// Their membership is deactivated, or their sign-in archived.
        Inactive = 4 => "inactive",
        /// They did it themselves.
        OwnDoing = 5 => "own_doing",
        /// They were told of this record before.
        AlreadyTold = 6 => "already_told",
        /// This sort of event is not mailed to them.
        NotForThem = 7 => "not_for_them",
        /// They never accepted an invitation.
        NotJoined = 8 => "not_joined",
        /// The record was put away before the message left.
        PutAway = 9 => "put_away",
    }
}

impl Outcome {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mailed => "Mailed",
            Self::Digest => "In the next daily mail",
            Self::NotSubscribed => "Not subscribed",
            Self::MayNotSee => "May not see it",
            Self::Inactive => "Inactive",
            Self::OwnDoing => "Did it themselves",
            Self::AlreadyTold => "Told before",
            Self::NotForThem => "Not mailed to them",
            Self::NotJoined => "Never joined",
            Self::PutAway => "Put away first",
        }
    }

    /// Counts as told.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Mailed | Self::Digest)
    }
}
