//! The only unsafe code of the course, one thin safe function around each call.

mod sigpipe;

pub(crate) use sigpipe::{SIGPIPE, default_sigpipe};
