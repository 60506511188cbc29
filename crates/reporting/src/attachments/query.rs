//! SQL of attachments, and nothing but SQL.
