//! The process between host and program: whatever the program starts, the supervisor ends.
//!
//! Every run has a supervisor of its own: the host's program once more (see [`supervise_if_asked`]). It is a process and
//! no thread since it is a child subreaper, so that a process of the run that loses its parent becomes the supervisor's
//! child: beside other runs it is still known to be this one's. And it outlives a host that is killed: its stdin is a
//! tether; when it is cut, the supervisor kills the run and ends.
//!
//! It has a session of its own. So neither the terminal's Ctrl-C nor its Ctrl-Z reaches the run, which needs to be ended
//! and stopped in order, and the program has no terminal to spoil.

mod capture;
mod watch;

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::sys::prctl;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::unistd::setsid;

use self::watch::{Signals, Watch};
use crate::message::{Assignment, Ended, Message};
use crate::recording::{Ending, Line};
use crate::{leftover, processes};

pub use self::capture::{MOST_BYTES, MOST_LINES};

/// The name under which the host starts itself as a supervisor. `ps` shows it.
pub(crate) const NAME: &str = "runner-supervise";

/// Whether this program's `main` has called [`supervise_if_asked`].
static HOOKED: AtomicBool = AtomicBool::new(false);

pub(crate) fn is_hooked() -> bool {
    HOOKED.load(Ordering::Relaxed)
}

/// To be called first in `main` of every program that records runs. In a process that a [`Runner`](crate::Runner) has
/// started as a supervisor it does that work and never returns; in any other it returns at once.
///
/// A supervisor must be a process of its own, yet a library has no program to start. The one that is surely there, and
/// of the same version, is the host itself, as /proc/self/exe; that it is asked shows its name, `argv[0]`, so that no
/// command line of the host's is taken.
pub fn supervise_if_asked() {
    HOOKED.store(true, Ordering::Relaxed);
    if env::args_os().next().is_some_and(|name| name == NAME) {
        let served = serve();
        // Without a reader the host is dead, and no one can be told.
        process::exit(i32::from(served.is_err()));
    }
}

/// Does what stdin says.
fn serve() -> io::Result<()> {
    let mut host = Host { messages: io::stdout() };
    let mut line = String::new();
    let mut tether = BufReader::with_capacity(1, io::stdin().lock());
    tether.read_line(&mut line)?;
    drop(tether);
    let assignment: Assignment = serde_json::from_str(&line)?;
    let last = match perform(&assignment, &mut host) {
        Ok(Some(ended)) => Some(Message::Ended(ended)),
        Ok(None) => None,
        Err(Fault::Start(error)) => Some(Message::NotStarted(error.to_string())),
        Err(Fault::Own(error)) => Some(Message::Failed(error.to_string())),
    };
    let told = last.map_or(Ok(()), |last| host.tell(&last));
    // The host looks at the run's folder now, and cuts the tether when it has; or when it dies.
    while watch::next(&mut io::stdin())?.is_some() {}
    assignment.folder.remove();
    told
}

/// Why a run failed that is not the program's fault.
enum Fault {
    Start(io::Error),
    Own(io::Error),
}

impl<E: Into<io::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Own(error.into())
    }
}

struct Host {
    messages: io::Stdout,
}

impl Host {
    fn tell(&mut self, message: &Message) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.messages.write_all(&line)?;
        self.messages.flush()
    }

    fn tell_lines(&mut self, lines: Vec<Line>) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.tell(&Message::Printed(lines)) }
    }
}

/// Runs the program, and ends all that it started; None if the host cancelled the run.
fn perform(assignment: &Assignment, host: &mut Host) -> Result<Option<Ended>, Fault> {
    _ = setsid(); // It fails only in a process that leads a group already.
    assignment.mark.put_on()?;
    prctl::set_child_subreaper(true)?;
    let signals = Signals::listen()?;

    let mut watch = Watch::start(assignment)?;
    let ending = watch.until_the_end(&signals, host);
    // First the witness, then the end of everybody: a failed watch, too, leaves nothing behind.
    let leftovers = match ending {
        Ok(Some(Ending::Code(_) | Ending::Signal(_))) => leftover::left_behind(&watch.census),
        Ok(Some(Ending::Deadline | Ending::SupervisorKilled(_))) => leftover::running(),
        _ => Vec::new(),
    };
    processes::kill_descendants(watch.group());
    let Some(ending) = ending? else {
        return Ok(None);
    };
    watch.drain(host)?;
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = (used.user_time() + used.system_time()).num_microseconds();
    Ok(Some(Ended {
        ending,
        processes: watch.census.finish(),
        leftovers,
        wall: watch.wall,
        processor: Some(Duration::from_micros(microseconds.cast_unsigned())),
    }))
}
