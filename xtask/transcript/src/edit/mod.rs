//! Makes transcripts from real outputs: blesses and drafts them.

mod bless;
mod candidates;
mod draft;
mod pairing;
mod quotes;
mod wording;

pub use bless::{Blessed, Refusal};
