//! The generated parts of a README: blocks, excerpts from sources, and quotations of reports.

pub mod blocks;
pub(crate) mod excerpt;
pub(crate) mod quotes;
