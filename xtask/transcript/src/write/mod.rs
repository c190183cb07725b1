//! What is made of a transcript, and of what: pictures, blessed and drafted files.

mod bless;
mod draft;
mod picture;

pub use bless::Blessed;
