//! The closed words of incidents (ROLES.md: MyProtektor, GuardHouse).

use kernel::text::closed;

closed! {
    /// How bad it is.
    #[derive(PartialOrd, Ord)]
    pub enum Severity: i64 {
        /// Worth noting.
        Low = 0 => "low",
        /// Needs attention.
        Medium = 1 => "medium",
        /// Needs attention soon.
        High = 2 => "high",
        /// Needs attention now.
        Critical = 3 => "critical",
    }
}

closed! {
    /// How far the work on it is.
    #[derive(PartialOrd, Ord)]
    pub enum Status: i64 {
        /// Filed; nobody has taken it up yet.
        New = 0 => "new",
        /// Being worked on.
        Active = 1 => "active",
        /// Somebody looks over what was done.
        Review = 2 => "review",
        /// Nothing more to do.
        Resolved = 3 => "resolved",
        /// Filed away: takes no edits until it is opened again.
        Closed = 4 => "closed",
    }
}

closed! {
    /// Out of what kind of work it was reported.
    pub enum Source: i64 {
        /// A post at a static site.
        Static = 0 => "static",
        /// A patrol.
        Patrol = 1 => "patrol",
        /// The running log of a site.
        OccurrenceLog = 2 => "occurrence_log",
    }
}

closed! {
    /// What somebody had to do with it.
    pub enum Part: i64 {
        /// Saw it.
        Witness = 0 => "witness",
        /// Suffered from it.
        Victim = 1 => "victim",
        /// May have done it.
        Suspect = 2 => "suspect",
        /// Works there.
        Staff = 3 => "staff",
        /// Anything else.
        Other = 4 => "other",
    }
}

closed! {
    /// A column of the board. The table computes it from status and escalation.
    #[derive(PartialOrd, Ord)]
    pub enum Lane: i64 {
        /// New, or escalated.
        Urgent = 0 => "urgent",
        /// Being worked on.
        Active = 1 => "active",
        /// Looked over.
        Review = 2 => "review",
        /// Resolved or closed.
        Resolved = 3 => "resolved",
    }
}

closed! {
    /// Was it approved? What a report says of itself (ROLES.md: per-site report options).
    pub enum Approval: i64 {
        /// Approval is required and was not given yet.
        No = 0 => "no",
        /// Approved.
        Yes = 1 => "yes",
        /// The site asked for no approval when the report was handed in.
        NotApplicable = 2 => "n/a",
    }
}

impl Severity {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    /// The badge's word.
    pub(crate) const fn badge(self) -> ui::Severity {
        match self {
            Self::Low => ui::Severity::Low,
            Self::Medium => ui::Severity::Medium,
            Self::High => ui::Severity::High,
            Self::Critical => ui::Severity::Critical,
        }
    }
}

impl Status {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Active => "Active",
            Self::Review => "In review",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
        }
    }

    /// The badge's colour.
    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::New => ui::Tone::Danger,
            Self::Active => ui::Tone::Warning,
            Self::Review => ui::Tone::Info,
            Self::Resolved => ui::Tone::Success,
            Self::Closed => ui::Tone::Neutral,
        }
    }
}

impl Source {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Static => "Static site",
            Self::Patrol => "Patrol",
            Self::OccurrenceLog => "Occurrence log",
        }
    }
}

impl Part {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Witness => "Witness",
            Self::Victim => "Victim",
            Self::Suspect => "Suspect",
            Self::Staff => "Staff",
            Self::Other => "Other",
        }
    }
}

impl Lane {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Urgent => "Urgent",
            Self::Active => "Active",
            Self::Review => "Review",
            Self::Resolved => "Resolved",
        }
    }
}

impl Approval {
    /// From what is stored.
    #[must_use]
    pub const fn of(required: bool, given: bool) -> Self {
        match (required, given) {
            (_, true) => Self::Yes,
            (true, false) => Self::No,
            (false, false) => Self::NotApplicable,
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::No => "No",
            Self::Yes => "Yes",
            Self::NotApplicable => "N/A",
        }
    }
}
