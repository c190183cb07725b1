//! Transcripts made from real outputs: blessed and drafted ones.

mod bless;
mod candidates;
mod draft;
mod pairing;
mod quotes;
mod wording;

pub use bless::{Blessed, Refusal};
