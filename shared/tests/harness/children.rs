//! What tests with several processes need: children, programs that play an act, storms.

#[path = "limits.rs"]
mod limits;

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{self, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, pause};
use shared::sync::Event;
use shared::{Child, Exit, Process, Result};

pub(crate) use self::limits::{TENTH, fails_after_its_limit};
use crate::harness::{deadline, eventually, play, state};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
/// What has not come after this will not come: long enough for a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// How many kills a storm has: a plain run makes a tenth of those that `STORM=full` makes.
pub(crate) fn kills(full: u32) -> u32 {
    if env::var_os("STORM").is_some_and(|storm| storm == "full") { full } else { full / 10 }
}

/// So many sleeps of a tenth of a second are more than the harness waits for.
///
/// A sleeper that misses its wake-up looks again by itself after a tenth of a second. If that happens once, a busy
/// machine may be the cause; a test in which it happens every time runs into its deadline.
pub(crate) fn many_looks() -> u128 {
    deadline().as_millis() / TENTH.as_millis() * 4 / 3
}

/// The call must give up at its limit, not at its next look, which is a thousand times as far away.
pub(crate) fn keeps_short_limits<T>(mut call: impl FnMut(Duration) -> T) {
    (0..many_looks()).for_each(|_| drop(call(TENTH / 1000)));
}

pub(crate) fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

/// A child that does its work and then waits to be killed. Returns when the work is done.
pub(crate) fn start_and_stay(work: impl FnOnce() -> Result<()>) -> Child {
    let done = Event::new().unwrap();
    let child = start(|| {
        work()?;
        done.set();
        loop {
            pause();
        }
    });
    assert!(done.wait_timeout(PATIENCE), "the child has not done its work");
    child
}

pub(crate) fn join_all(children: impl IntoIterator<Item = Child>) {
    for child in children {
        assert_eq!(child.join().unwrap(), Exit::Code(0));
    }
}

pub(crate) fn asleep(pid: Pid) {
    eventually("it sleeps", PATIENCE, || state(pid).is_some_and(|(state, _)| state == 'S'));
}

/// This program once more, playing an act in a group of its own. Returns when the act has said that it is ready.
///
/// From here on this process is the one that orphans are handed to.
pub(crate) fn actor(act: &str) -> process::Child {
    prctl::set_child_subreaper(true).unwrap();
    let mut command = play(act);
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut actor = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(actor.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    actor
}

/// Reaps every child and every orphan. Panics if one of them is alive at the limit.
pub(crate) fn all_end_within(limit: Duration) {
    let start = Instant::now();
    loop {
        match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return,
            Ok(WaitStatus::StillAlive) => {
                assert!(start.elapsed() < limit, "alive after {limit:?}");
                thread::sleep(Duration::from_millis(1));
            }
            end => drop(end.unwrap()),
        }
    }
}
