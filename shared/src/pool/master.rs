//! The process that starts the workers, waits for their ends, and replaces them.
//!
//! It does nothing else. So it is there at once when a worker dies. Its forks copy no more than its parent had when it
//! made the pool, and no thread forbids them, whatever the parent does meanwhile.

use std::io::{self, PipeReader, PipeWriter};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use nix::sys::signal::Signal;
use rustix::event::{PollFd, PollFlags};

use super::builder::Builder;
use super::common::{Common, Doing, Id};
use super::task::Outcome;
use super::worker::work;
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::{Child, Error, Exit, Process, Result, wire};

/// A started master, and the write end of the pipe that controls it.
#[derive(Debug)]
pub(super) struct Master {
    pub(super) child: Child,
    /// Nothing is ever written. Its end, by `stop` or by the caller's death, is the order to end.
    control: Descriptor,
}

/// How long the master may take to kill the workers before it is killed itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// After so many kills in a row it is no chance: an initializer takes too much memory, for example.
const ENOUGH: u32 = 10;

impl Master {
    /// Ends the master, and with it all workers.
    pub(super) fn stop(self) -> Result<()> {
        let Self { mut child, control } = self;
        drop(control);
        // One that has been stopped does not hear. When it is killed, the system kills its workers.
        if child.join_timeout(PATIENCE)?.is_none() {
            child.kill()?;
            child.join()?;
        }
        Ok(())
    }
}

pub(super) fn start(common: Rc<Common>, builder: Builder) -> Result<Master> {
    let (reader, writer): (PipeReader, PipeWriter) = io::pipe().map_err(Error::system("pipe"))?;
    let control = Descriptor::new(writer);
    let child =
        Process::new(move || supervise(&common, &builder, &reader)).name("Master").start()?;
    Ok(Master { child, control })
}

/// Runs in the master, until the caller closes the control pipe, or all work is done.
fn supervise(common: &Common, builder: &Builder, control: &PipeReader) -> Result<()> {
    let hire = |index| {
        let name = format!("Worker-{}", index + 1);
        Process::new(move || work(common, index, builder)).name(name).start()
    };
    let mut workers: Vec<Option<Child>> = Vec::new();
    // For each place, how many workers in a row were killed in their initializer.
    let mut killed_early = vec![0; builder.workers];
    for index in 0..builder.workers {
        workers.push(Some(hire(index).inspect_err(|error| give_up(common, &error.to_string()))?));
    }
    while workers.iter().any(Option::is_some) {
        if wait(control, &workers)? {
            // All at once. Dropping them then waits for each.
            workers.iter().flatten().for_each(|worker| _ = worker.kill());
            return Ok(());
        }
        for (index, place) in workers.iter_mut().enumerate() {
            let Some(worker) = place.take_if(|worker| !worker.is_alive()) else { continue };
            let pid = worker.pid();
            let exit = worker.join()?;
            let queue = index % common.tasks.len();
            let tasks = &common.tasks[queue];
            let doing = || Doing::from(common.doing[index].load(Ordering::SeqCst));
            if doing() != Doing::Starting {
                killed_early[index] = 0;
            }
            match doing() {
                // Looked at twice: in between, another worker may have taken the task that this one had only noted.
                noted @ Doing::Task(number) if tasks.is_taken(number) && doing() == noted => {
                    let outcome = Outcome::Died { worker: pid.as_raw(), exit };
                    report(common, Id { queue: queue as u32, number }, &outcome)?;
                }
                Doing::Starting => {
                    killed_early[index] += 1;
                    // Who fails by itself would fail again, and so on for ever.
                    if !is_killed(&exit) || killed_early[index] == ENOUGH {
                        give_up(common, &format!("the initializer of worker {pid} failed: {exit}"));
                        return Ok(());
                    }
                }
                _ => {}
            }
            if !(tasks.is_closed() && tasks.is_empty()) {
                common.doing[index].store(Doing::Starting.into(), Ordering::SeqCst);
                *place =
                    Some(hire(index).inspect_err(|error| give_up(common, &error.to_string()))?);
            }
        }
    }
    Ok(())
}

/// Whether somebody else has ended it: a crash raises its own signals, and comes again.
fn is_killed(exit: &Exit) -> bool {
    let from_others = [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP];
    // In doubt it was: if the worker ends again and again, that is counted.
    *exit == Exit::Unknown
        || from_others.iter().any(|signal| *exit == Exit::Signal((*signal).into()))
}

/// Waits until a worker has ended, or the control pipe has been closed: `true`.
fn wait(control: &PipeReader, workers: &[Option<Child>]) -> Result<bool> {
    let pidfds: Vec<_> = workers.iter().flatten().map(Child::pidfd).collect::<Result<_>>()?;
    let mut descriptors = vec![PollFd::new(control, PollFlags::IN)];
    descriptors.extend(pidfds.iter().map(|pidfd| PollFd::new(pidfd, PollFlags::IN)));
    ready(&mut descriptors, None)?;
    Ok(!descriptors[0].revents().is_empty())
}

fn report(common: &Common, id: Id, outcome: &Outcome) -> Result<()> {
    common.results.put(&wire::encode(&(id, outcome))?, None).map(drop)
}

/// Tells the caller why no task will be done any more. Nobody to tell it to is no further failure.
fn give_up(common: &Common, reason: &str) {
    let _ = report(common, Id::NONE, &Outcome::PoolFailed(reason.to_owned()));
}
