//! The process that starts the workers, waits for their ends, and replaces them.
//!
//! It does nothing else, so it reacts at once when a worker dies. A fork copies the forking process: the master's
//! memory is as small as the caller's was when it made the pool, and the master has no second thread that would forbid
//! the fork.
//!
//! # Why there is a master
//!
//! Three designs were considered:
//!
//! - *A socket pair for each worker, served by the master.* Every task and every result would pass through one more
//!   process. Even a bare pipe passes some 1 M tasks a second, where rings pass 4 M.
//! - *Rings, and workers that are the caller's children.* This saves a process. But a dead worker is replaced only when
//!   the caller next calls the pool, and never once the caller has a second thread or holds a lock: fork refuses then.
//!   A caller that waits for something else, such as an event that the next task sets, would wait for ever.
//! - *Rings and a master.* This is the design here. The workers are looked after whatever the caller does. The price is
//!   a process of some 300 KiB, and a single point of failure: if the master is killed, the pool is lost, and its
//!   handles report that.

use std::io::{self, PipeReader};
use std::rc::Rc;
use std::time::Duration;

use nix::sys::signal::Signal;
use rustix::event::{PollFd, PollFlags};

use super::builder::Builder;
use super::shared_state::{SharedState, TaskId, WorkerState};
use super::task::TaskStatus;
use super::worker;
use crate::descriptor::Descriptor;
use crate::poll::ready;
use crate::{Child, Error, Exit, Pid, Process, Result, wire};

/// How long the master may take to end the workers and itself. After that it is killed.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// How many workers in a row may be killed in their initializer. More is no coincidence: the initializer may take too
/// much memory, for example.
const MAX_KILLS_IN_INITIALIZER: u32 = 10;

/// The caller's handle to the master.
#[derive(Debug)]
pub(super) struct Master {
    pub(super) child: Child,
    /// The write end of a pipe. Nothing is written to it: the master ends when it is closed, by `stop` or by the
    /// caller's death.
    control: Descriptor,
}

impl Master {
    /// Ends the master and all workers.
    pub(super) fn stop(self) -> Result<()> {
        let Self { mut child, control } = self;
        drop(control);
        // A master that was stopped by a signal does not notice. When it is killed, the system kills its workers.
        if child.join_timeout(STOP_TIMEOUT)?.is_none() {
            child.kill()?;
            child.join()?;
        }
        Ok(())
    }
}

/// Runs in the caller.
pub(super) fn start(shared: Rc<SharedState>, builder: Builder) -> Result<Master> {
    let (reader, writer) = io::pipe().map_err(Error::system("pipe"))?;
    let control = Descriptor::new(writer);
    let work = move || Workers::new(&shared, &builder).supervise(&reader);
    let child = Process::new(work).name("Master").start()?;
    Ok(Master { child, control })
}

/// What the master knows about its workers.
struct Workers<'a> {
    shared: &'a SharedState,
    builder: &'a Builder,
    /// The running workers, each at its index. `None` where one has ended and no further task can come.
    running: Vec<Option<Child>>,
    /// For each index, how many workers in a row were killed in their initializer.
    killed_in_initializer: Vec<u32>,
}

impl<'a> Workers<'a> {
    fn new(shared: &'a SharedState, builder: &'a Builder) -> Self {
        let killed_in_initializer = vec![0; builder.workers];
        Self { shared, builder, running: Vec::new(), killed_in_initializer }
    }

    /// Runs in the master, until the caller closes the control pipe or no further task can come.
    fn supervise(mut self, control: &PipeReader) -> Result<()> {
        let ended = self.run(control);
        let (reason, ended) = match ended {
            Ok(()) => return Ok(()),
            // The worker has printed its error.
            Err(Error::PoolFailed { reason }) => (reason, Ok(())),
            Err(error) => (error.to_string(), Err(error)),
        };
        self.report(TaskId::POOL, &TaskStatus::PoolFailed(reason))?;
        ended
    }

    fn run(&mut self, control: &PipeReader) -> Result<()> {
        for index in 0..self.builder.workers {
            let worker = self.start_worker(index)?;
            self.running.push(Some(worker));
        }
        while self.running.iter().any(Option::is_some) {
            if self.wait(control)? {
                // All at once. Dropping them then waits for each.
                self.running.iter().flatten().for_each(|worker| _ = worker.kill());
                return Ok(());
            }
            for index in 0..self.running.len() {
                if let Some(ended) = self.running[index].take_if(|worker| !worker.is_alive()) {
                    self.replace(index, ended)?;
                }
            }
        }
        Ok(())
    }

    fn start_worker(&self, index: usize) -> Result<Child> {
        let (shared, builder) = (self.shared, self.builder);
        shared.set_state(index, WorkerState::Starting);
        let name = format!("Worker-{}", index + 1);
        Process::new(move || worker::run(shared, index, builder)).name(name).start()
    }

    /// Waits until a worker ends: `false`, or the caller closes the control pipe: `true`.
    fn wait(&self, control: &PipeReader) -> Result<bool> {
        let workers = self.running.iter().flatten();
        let pidfds: Vec<_> = workers.map(Child::pidfd).collect::<Result<_>>()?;
        let mut descriptors = vec![PollFd::new(control, PollFlags::IN)];
        descriptors.extend(pidfds.iter().map(|pidfd| PollFd::new(pidfd, PollFlags::IN)));
        ready(&mut descriptors, None)?;
        Ok(!descriptors[0].revents().is_empty())
    }

    /// Reports the task that a worker has died of, if there is one. Starts the next worker, if there is work left.
    fn replace(&mut self, index: usize, worker: Child) -> Result<()> {
        let pid = worker.pid();
        let exit = worker.join()?;
        match self.shared.state(index) {
            WorkerState::Starting => self.count_failed_start(index, pid, &exit)?,
            state => {
                self.killed_in_initializer[index] = 0;
                if let WorkerState::Claimed(number) = state {
                    let died = TaskStatus::Died { worker: pid.as_raw(), exit };
                    self.report_loss(index, number, &died)?;
                }
            }
        }
        let tasks = &self.shared.tasks[self.shared.queue_of(index)];
        if !(tasks.is_closed() && tasks.is_empty()) {
            self.running[index] = Some(self.start_worker(index)?);
        }
        Ok(())
    }

    /// Reports a task that a dead worker had claimed, unless the task is still in its queue.
    fn report_loss(&self, index: usize, number: u32, died: &TaskStatus) -> Result<()> {
        let queue = self.shared.queue_of(index);
        // The worker may have died between its claim and the taking, and another worker may have taken the task just
        // now. That one has first withdrawn the claim. So if the task is taken and the claim is still there, it was the
        // dead worker that took it. The state must be read again, after `is_taken`.
        if self.shared.tasks[queue].is_taken(number)
            && self.shared.state(index) == WorkerState::Claimed(number)
        {
            self.report(TaskId { queue: queue as u32, number }, died)?;
        }
        Ok(())
    }

    /// An initializer that fails by itself would fail again, and so on for ever: then the pool fails.
    fn count_failed_start(&mut self, index: usize, worker: Pid, exit: &Exit) -> Result<()> {
        self.killed_in_initializer[index] += 1;
        let kills = self.killed_in_initializer[index];
        if !is_killed(exit) || kills == MAX_KILLS_IN_INITIALIZER {
            let reason = format!("the initializer of worker {worker} failed: {exit}");
            return Err(Error::PoolFailed { reason });
        }
        Ok(())
    }

    fn report(&self, id: TaskId, status: &TaskStatus) -> Result<()> {
        self.shared.send(&wire::encode(&(id, status))?)
    }
}

/// Whether another process has ended it. A crash raises other signals, and would come again.
fn is_killed(exit: &Exit) -> bool {
    let from_others = [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP];
    // In doubt it was: if the worker ends again and again, that is counted.
    *exit == Exit::Unknown
        || from_others.iter().any(|signal| *exit == Exit::Signal((*signal).into()))
}
