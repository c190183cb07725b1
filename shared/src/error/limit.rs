//! Which resource limit of the process was in the way of a call, see getrlimit(2).

use std::fmt::{self, Display, Formatter};
use std::io;

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit};

/// A limit that a call has run into, and its value at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// RLIMIT_AS: the bytes of address space.
    AddressSpace(u64),
    /// RLIMIT_FSIZE: the bytes of a file. Memory that can be sent to another process counts as a file.
    FileSize(u64),
    /// RLIMIT_NOFILE: the number of open descriptors.
    OpenFiles(u64),
}

impl Limit {
    /// The limit that explains why the call failed with this error, if one does.
    pub(super) fn behind(call: &str, error: &io::Error) -> Option<Self> {
        match (call, Errno::from_raw(error.raw_os_error()?)) {
            ("mmap", Errno::ENOMEM) => set(Resource::RLIMIT_AS).map(Self::AddressSpace),
            (_, Errno::EFBIG) => set(Resource::RLIMIT_FSIZE).map(Self::FileSize),
            (_, Errno::EMFILE) => set(Resource::RLIMIT_NOFILE).map(Self::OpenFiles),
            _ => None,
        }
    }
}

/// The value of a limit. `None` if there is no limit: then the machine itself has no more to give.
fn set(resource: Resource) -> Option<u64> {
    let (limit, _) = getrlimit(resource).ok()?;
    (limit != nix::libc::RLIM_INFINITY).then_some(limit)
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddressSpace(bytes) => {
                write!(f, "address space is limited to {} KiB (ulimit -v)", bytes / 1024)
            }
            Self::FileSize(bytes) => {
                write!(f, "files are limited to {} KiB (ulimit -f)", bytes / 1024)
            }
            Self::OpenFiles(number) => {
                write!(f, "open files are limited to {number} (ulimit -n)")
            }
        }
    }
}
