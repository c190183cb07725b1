//! What cargo and the compiler are asked: programs, chapters with a flaw in them, snippets that must not compile.

pub(crate) mod artifacts;
pub(crate) mod cargo;
pub(crate) mod copies;
pub(crate) mod refused;
