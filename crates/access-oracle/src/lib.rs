//! access-oracle
