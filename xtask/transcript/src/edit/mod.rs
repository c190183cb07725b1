//! Makes transcripts from real outputs: blesses and drafts them.

mod bless;
mod candidates;
mod components;
mod draft;
mod matching;
mod pairing;
mod quotes;
mod refusal;
mod rewrite;
mod wording;

pub use bless::Blessed;
pub use refusal::Refusal;
