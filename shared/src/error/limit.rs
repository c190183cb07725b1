//! Which resource limit of the process explains the failure of a call, see getrlimit(2).

use std::io;

/// What to add to the message of a failed call: the limit in its way and how high it is, or nothing.
#[cfg(all(feature = "processes", target_os = "linux"))]
pub(super) fn explanation(call: &str, error: &io::Error) -> String {
    use nix::errno::Errno;
    use nix::libc::RLIM_INFINITY;
    use nix::sys::resource::{Resource, getrlimit};

    let errno = error.raw_os_error().map(Errno::from_raw);
    let (resource, name, unit) = match (call, errno) {
        ("mmap", Some(Errno::ENOMEM)) => (Resource::RLIMIT_AS, "address space, ulimit -v", " KiB"),
        // Memory that can be sent to another process counts as a file.
        (_, Some(Errno::EFBIG)) => (Resource::RLIMIT_FSIZE, "size of a file, ulimit -f", " KiB"),
        (_, Some(Errno::EMFILE)) => (Resource::RLIMIT_NOFILE, "open files, ulimit -n", ""),
        _ => return String::new(),
    };
    match getrlimit(resource) {
        // Without a limit, it is the machine that has no more.
        Err(_) | Ok((RLIM_INFINITY, _)) => String::new(),
        Ok((limit, _)) => {
            let limit = if unit.is_empty() { limit } else { limit / 1024 };
            format!("; the limit is {limit}{unit} ({name})")
        }
    }
}

/// Only what forks makes system calls that these limits stop.
#[cfg(not(all(feature = "processes", target_os = "linux")))]
pub(super) fn explanation(_: &str, _: &io::Error) -> String {
    String::new()
}
