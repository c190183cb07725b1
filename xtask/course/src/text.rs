//! What a README shows of its chapter: generated blocks, excerpts of sources, quotations of what a check said.

pub mod blocks;
pub(crate) mod excerpt;
pub(crate) mod quotes;
