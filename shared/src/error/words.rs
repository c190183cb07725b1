//! The text of each error: what was called, why it failed, what to do.

use std::error;
use std::fmt::{self, Display, Formatter};

use super::{Error, limit};

// By hand: a derive would make every chapter wait for a parser of Rust.
impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { call, source } => {
                write!(f, "{call} failed: {source}{}", limit::explanation(call, source))
            }
            Self::Call { place, source } => write!(f, "the call at {place} failed: {source}"),

            Self::ProcessLimit => f.write_str(
                "fork failed: EAGAIN, no further process is allowed; end some, or raise the limit (ulimit -u)",
            ),
            Self::ForkWithThreads { threads } => write!(
                f,
                "fork refused: {threads} threads are running, and the child would get only one of them; \
                 fork before starting threads"
            ),
            Self::ForkHoldingLock { locks } => write!(
                f,
                "fork refused: this thread holds {}, which the child would not hold; release {} first",
                number(*locks, "lock or permit", "locks or permits"),
                if *locks == 1 { "it" } else { "them" },
            ),
            Self::NotParent => f.write_str(
                "only the process that started a child or a pool can use it, wait for it or stop it",
            ),
            Self::NotOwner => f.write_str(
                "this end of a pipe belongs to the process that started this one; \
                 move it into the child: Process::new(move || ..)",
            ),

            Self::NotFound { program } => write!(
                f,
                "cannot start {program}: no such program; correct the name, or install it"
            ),
            Self::CannotStart { program, source } => {
                write!(f, "cannot start {program}: {source}{}", limit::explanation("exec", source))
            }
            Self::ProgramTimedOut { program } => {
                write!(f, "{program} timed out; its process group was killed")
            }
            Self::NoStdin { program } => write!(
                f,
                "{program} has no pipe for its input; start it with .stdin(Stdio::piped())"
            ),

            Self::Recovered => f.write_str(
                "the last holder of the lock ended without releasing it; what it guards may be half changed",
            ),
            Self::AlreadyHeld => f.write_str(
                "acquire refused: this thread already holds the lock; use an RLock to acquire it twice",
            ),
            Self::TimedOut => {
                f.write_str("timed out: what the call waited for did not come in time")
            }
            Self::BarrierBroken => f.write_str(
                "the barrier is broken: a process that waited at it gave up; make a new one",
            ),
            Self::NoRoom { call, room } => {
                write!(f, "{call} refused: there is room for {room} at a time")
            }

            Self::Full { size } => {
                write!(f, "the queue is full: it has {}", number(*size, "item", "items"))
            }
            Self::Empty => f.write_str("the queue is empty"),
            Self::Closed => f.write_str("closed: nothing more will come through"),
            Self::TooLarge { size, room } => write!(
                f,
                "the message has {size} bytes, and the longest that fits has {room}; send it in parts, or make more room"
            ),
            Self::Encode { type_name, reason } => {
                write!(f, "cannot encode a value of type {type_name}: {reason}")
            }
            Self::Decode { type_name, reason } => {
                write!(f, "cannot decode a value of type {type_name}: {reason}")
            }

            Self::Panicked(message) => write!(f, "the task panicked: {message}"),
            #[cfg(all(feature = "processes", target_os = "linux"))]
            Self::WorkerDied { worker, exit } => {
                write!(f, "worker {worker} died in mid-task: {exit}")
            }
            Self::Terminated => f.write_str("the pool was terminated before the task was done"),
            Self::PoolFailed { reason } => write!(f, "the pool has stopped: {reason}"),
            Self::NoWorkers => f.write_str("a pool needs at least one worker"),

            Self::ManagerGone => f.write_str(
                "the manager of this queue has ended; keep the Manager alive while its handles are sent",
            ),
            Self::OtherUser => f.write_str(
                "the manager of this queue belongs to another user, and gives the queue only to processes of that user",
            ),

            Self::Option { name, value, reason } => write!(f, "--{name} {value}: {reason}"),
            Self::Skip(reason) => write!(f, "skipped: {reason}"),
            Self::Other(error) => error.fmt(f),
        }
    }
}

/// A number and its noun: "1 item", "2 items".
fn number(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::System { source, .. }
            | Self::Call { source, .. }
            | Self::CannotStart { source, .. } => Some(source),
            // Our text is this error's own text, so our cause is its cause.
            Self::Other(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;

    use super::*;

    #[test]
    fn a_failed_call_names_its_cause_and_any_other_error_speaks_for_itself() {
        let call = Error::from(io::Error::other("no such thing"));
        assert_eq!(call.source().unwrap().to_string(), "no such thing");

        let wrapped = Error::other(call);
        assert!(wrapped.to_string().ends_with(" failed: no such thing"), "{wrapped}");
        assert_eq!(wrapped.source().unwrap().to_string(), "no such thing");

        assert!(Error::Empty.source().is_none());
    }
}
