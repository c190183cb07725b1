//! The only unsafe code of the course, one thin safe function around each call.

#[cfg(all(feature = "processes", target_os = "linux"))]
mod end_with_parent;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod fork;
mod sigpipe;
#[cfg(all(feature = "processes", target_os = "linux"))]
mod write;

#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use end_with_parent::end_with_parent;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use fork::{exit_now, fork};
pub(crate) use sigpipe::{SIGPIPE, default_sigpipe};
#[cfg(all(feature = "processes", target_os = "linux"))]
pub(crate) use write::write_quietly;
