//! How each failure is told: what was called, why it failed, what to do.

use std::error;
use std::fmt::{self, Display, Formatter};

use super::Error;

// By hand: a derive would make every chapter wait for a parser of Rust.
impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { call, source } => write!(f, "{call} failed: {source}"),
            Self::Call { place, source } => write!(f, "the call at {place} failed: {source}"),

            Self::ProcessLimit => f.write_str(
                "fork failed: EAGAIN, no further process is allowed; end some, or raise the limit (ulimit -u)",
            ),
            Self::Threaded { threads } => write!(
                f,
                "fork refused: {threads} threads are running, and the child would get only one of them; \
                 fork before starting threads"
            ),
            Self::Holding { locks } => write!(
                f,
                "fork refused: locks or permits held here: {locks}, and the child would not hold them; \
                 release them before"
            ),
            Self::NotParent => f.write_str(
                "only the process that started a child or a pool can wait for it, stop it or use it",
            ),
            #[cfg(all(feature = "processes", target_os = "linux"))]
            Self::ChildFailed { name, exit } => write!(f, "{name} failed: {exit}"),
            Self::NotOwner => f.write_str(
                "this end of a pipe belongs to the process that started this one; \
                 move it into the child: Process::new(move || ..)",
            ),

            Self::NotFound { program } => write!(
                f,
                "cannot start {program}: no such program; correct the name, or install it"
            ),
            Self::CannotStart { program, source } => write!(f, "cannot start {program}: {source}"),
            Self::ProgramTimedOut { program } => {
                write!(f, "{program} had not ended at its limit; its process group was killed")
            }
            Self::NoStdin { program } => write!(
                f,
                "{program} has no pipe for its input; start it with .stdin(Stdio::piped())"
            ),

            Self::Recovered => f.write_str(
                "its last holder ended without releasing it; what it guards may be half changed",
            ),
            Self::Held => f.write_str(
                "acquire refused: this thread holds the lock already; use an RLock to hold it twice",
            ),
            Self::TimedOut => f.write_str("the limit was over before what was waited for came"),
            Self::Broken => {
                f.write_str("the barrier is broken: a process gave up, or aborted or reset it")
            }
            Self::Room { call, room } => {
                write!(f, "{call} refused: there is room for {room} at a time")
            }

            Self::Full { size } => write!(f, "the queue is full: it has {size} items"),
            Self::Empty => f.write_str("the queue is empty"),
            Self::Closed => f.write_str("closed: nothing more comes through"),
            Self::TooLarge { size, room } => write!(
                f,
                "the message has {size} bytes, and there is room for {room}; send it in parts, or make more room"
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
            Self::NoWorkers => f.write_str("a pool needs one worker at least"),

            Self::ManagerGone => f.write_str(
                "no manager keeps this queue: it has ended; let the Manager live as long as its handles are sent",
            ),
            Self::OtherUser => f.write_str(
                "the manager of this queue belongs to another user, and gives the queue only to that user",
            ),

            Self::Option { name, value, reason } => write!(f, "--{name} {value}: {reason}"),
            Self::Skip(reason) => write!(f, "skipped: {reason}"),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::System { source, .. }
            | Self::Call { source, .. }
            | Self::CannotStart { source, .. } => Some(source),
            // It speaks for itself: its words are ours, so its cause is ours too.
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
