//! Who is at the other end of a Unix socket.

use std::io;
use std::mem;
use std::os::fd::{AsFd, AsRawFd};

use nix::libc::{self, SO_PEERCRED, SOL_SOCKET, getsockopt, ucred};
use nix::unistd::geteuid;

use crate::sys::{Error, Result};

/// Whether it is a process of this one's user. The kernel notes that when the two are connected, see unix(7).
///
/// nix's form of the call needs a further dependency. In rustix's the pid is never 0, but the kernel gives 0 for a
/// process that this one cannot see.
pub(crate) fn is_own_user(socket: impl AsFd) -> Result<bool> {
    let mut peer = ucred { pid: 0, uid: 0, gid: 0 };
    let mut length = mem::size_of::<ucred>() as libc::socklen_t;
    let descriptor = socket.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed, so it is open; `peer` can take `length` bytes, and is a value whatever they
    // are.
    let status = unsafe {
        getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, (&raw mut peer).cast(), &mut length)
    };
    if status != 0 {
        return Err(Error::call("getsockopt")(io::Error::last_os_error()));
    }
    Ok(peer.uid == geteuid().as_raw())
}
