//! The process between host and program. It ends every process that the program starts.
//!
//! Every run has its own supervisor, which is a second process of the host's program (see [`supervise_if_asked`]). It
//! must be a process, because only a process can be a child subreaper: a process of the run that loses its parent
//! becomes the supervisor's child, and cannot be confused with a process of another run. It also outlives a host that
//! is killed. Its stdin is a tether: when the tether is cut, the supervisor kills the run and ends.
//!
//! It has its own session. So the terminal's Ctrl-C and Ctrl-Z do not reach the run, which must be ended and stopped in
//! the right order. And the program has no terminal that it could disturb.

mod capture;
mod watch;

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::sys::prctl;
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::setsid;

use self::watch::{Signals, Watch};
use crate::message::{Assignment, Ended, Message, Word};
use crate::others::Others;
use crate::recording::{Ending, Line};
use crate::schedule::{NotStarted, Refusal};
use crate::{leftover, others, processes};

pub use self::capture::{MOST_BYTES, MOST_LINES};

/// The name under which the host starts its program as a supervisor. `ps` shows it.
pub(crate) const NAME: &str = "runner-supervise";

/// Whether this program's `main` has called [`supervise_if_asked`].
static HOOKED: AtomicBool = AtomicBool::new(false);

pub(crate) fn is_hooked() -> bool {
    HOOKED.load(Ordering::Relaxed)
}

/// Call this first in `main` of every program that records runs. In a process that a [`Runner`](crate::Runner) has
/// started as a supervisor it does the supervisor's work and never returns. In any other process it returns at once.
///
/// A supervisor must be a process, yet a library has no program to start. The host's own program, /proc/self/exe,
/// always exists and has the same version. The name `argv[0]` says that it is to be a supervisor, so the host's command
/// line needs no special option.
pub fn supervise_if_asked() {
    HOOKED.store(true, Ordering::Relaxed);
    if env::args_os().next().is_some_and(|name| name == NAME) {
        let served = serve();
        // If writing fails, the host is dead, and there is nothing to report to.
        process::exit(i32::from(served.is_err()));
    }
}

/// Does what the messages on stdin ask for.
fn serve() -> io::Result<()> {
    // Not io::stdin, which has a buffer: the watch waits for the descriptor, and would not notice a word in a buffer.
    let tether = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut host = Host { messages: io::stdout(), tether };
    let assignment = Assignment::read(&mut host.tether)?;
    let last = match perform(&assignment, &mut host) {
        Ok(Some(ended)) => Some(Message::Ended(ended)),
        Ok(None) => None,
        Err(Fault::Start(error)) => Some(Message::NotStarted(error.to_string())),
        Err(Fault::Undirected(refusal)) => Some(Message::Undirected(refusal)),
        Err(Fault::Own(error)) => Some(Message::Failed(error.to_string())),
    };
    let sent = last.map_or(Ok(()), |last| host.send(&last));
    // The host now looks at the run's folder, and then cuts the tether. Its death cuts the tether too.
    while Word::read(&mut host.tether)?.is_some() {}
    assignment.folder.remove();
    sent
}

/// Why a run failed for a reason that is not the program's.
enum Fault {
    Start(io::Error),
    Undirected(Refusal),
    Own(io::Error),
}

impl From<NotStarted> for Fault {
    fn from(reason: NotStarted) -> Self {
        match reason {
            NotStarted::Program(error) => Self::Start(error),
            NotStarted::Undirected(refusal) => Self::Undirected(refusal),
            NotStarted::Own(error) => Self::Own(error),
        }
    }
}

impl<E: Into<io::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Own(error.into())
    }
}

struct Host {
    messages: io::Stdout,
    /// The words that it sends.
    tether: File,
}

impl Host {
    fn send(&mut self, message: &Message) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.messages.write_all(&line)?;
        self.messages.flush()
    }

    fn send_lines(&mut self, lines: Vec<Line>) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.send(&Message::Printed(lines)) }
    }
}

/// Runs the program, and ends everything that it started. Returns None if the host cancelled the run.
fn perform(assignment: &Assignment, host: &mut Host) -> Result<Option<Ended>, Fault> {
    _ = setsid(); // It fails only in a process that leads a group already.
    assignment.mark.put_on()?;
    prctl::set_child_subreaper(true)?;
    let signals = Signals::listen()?;

    let others = Others::from_now_on();
    let mut watch = Watch::start(assignment)?;
    let ending = watch.until_the_end(&signals, host);
    // First look at what is left, then kill every process. This happens even if the watch failed, so that nothing is
    // left behind.
    let leftovers = match ending {
        Ok(Some(Ending::Code(_) | Ending::Signal(_))) => {
            leftover::left_behind(&watch.census, assignment.launch.linger)
        }
        Ok(Some(Ending::Deadline | Ending::Stuck | Ending::SupervisorKilled(_))) => {
            leftover::running()
        }
        _ => Vec::new(),
    };
    processes::kill_descendants(watch.group());
    let Some(ending) = ending? else {
        return Ok(None);
    };
    let steps = std::mem::take(&mut watch.steps);
    watch.drain(host)?;
    let processor = others::processor_time(&getrusage(UsageWho::RUSAGE_CHILDREN)?);
    let waited = watch.census.delay(processor);
    let by_others =
        others.map_or(Duration::ZERO, |others| others.delay(processor, waited, watch.wall));
    Ok(Some(Ended {
        ending,
        delay: waited.max(by_others),
        processes: watch.census.finish(),
        leftovers,
        wall: watch.wall,
        processor: Some(processor),
        steps,
    }))
}
