//! A scene ends when it cannot print.
//!
//! The reader may have gone, as `head` does, or the disk may be full. Then `println!` panics in whichever process or
//! thread calls it, while others may be waiting for that one. So the whole scene ends, see `sys/leader.rs`: with status
//! 141, silently if the reader has gone, and with one line on stderr otherwise.

use std::io::{self, ErrorKind, Write};
use std::panic;

#[cfg(unix)]
pub(super) use crate::sys::UNREAD;
#[cfg(unix)]
use crate::sys::{end_scene, lead};

/// The same as on Unix.
#[cfg(not(unix))]
pub(super) const UNREAD: u8 = 141;

/// Installs the panic hook that does so. Call it in the process that plays the scene, before the scene.
pub(super) fn end_scene_when_unwritable() {
    #[cfg(unix)]
    lead();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match panic.payload_as_str() {
        // The hook gets only std's text, not the error itself.
        Some(text) if text.starts_with("failed printing to ") => {
            end_scene(text.ends_with("(os error 32)")); // EPIPE, on every Unix that Rust runs on.
        }
        _ => report(panic),
    }));
}

/// Whether a scene may have failed because its reader has gone: a child has ended with status 141, or a flush has
/// failed.
pub(super) fn reader_has_gone() -> bool {
    #[cfg(all(feature = "processes", target_os = "linux"))]
    if crate::sys::reader_has_gone() {
        return true;
    }
    // Text that could not be flushed is still in the buffer, and fails again.
    io::stdout().flush().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// Ends the scene if its error is that a flush has failed, on a full disk for example.
pub(super) fn end_if_unwritable() {
    if io::stdout().flush().is_err() {
        end_scene(false);
    }
}

/// Without fork there are no other processes to end.
#[cfg(not(unix))]
fn end_scene(_reader_has_gone: bool) -> ! {
    std::process::exit(UNREAD.into())
}
