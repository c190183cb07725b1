//! Builds with cargo and the compiler: chapters, copies of chapters with a flaw, snippets that must not compile.

pub(crate) mod artifacts;
pub(crate) mod cargo;
pub(crate) mod copies;
pub(crate) mod harness;
pub(crate) mod refused;
