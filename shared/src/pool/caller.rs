//! The caller's side: submits tasks, receives results, and completes the tasks that they belong to.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use super::builder::Dispatch;
use super::master::Master;
use super::pending::{PendingTasks, Task};
use super::shared_state::{SharedState, TaskId};
use super::task::{Call, Functions, TaskStatus};
use crate::deadline::{is_over, next_check};
use crate::ring::Ring;
use crate::stderr::print_line;
use crate::sys::fork_count;
use crate::{Error, Result, wire};

/// The most results to receive before the clock is read again.
const BATCH: usize = 1024;

/// How long to wait for room for a task before the caller receives results again.
const ROOM_TIMEOUT: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(super) struct Caller {
    shared: Rc<SharedState>,
    dispatch: Dispatch,
    /// [`fork_count`] of the process that made the pool. A forked child has another count.
    forks: u32,
    /// Borrowed for a moment only, never while a callback runs: callbacks may use the pool.
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    /// `None` when it has been joined or stopped.
    master: Option<Master>,
    /// For each queue of tasks, those that are not done.
    pending: Vec<PendingTasks>,
    /// How many tasks were submitted. Determines whose turn it is.
    submitted: usize,
    /// Why no further task will be done.
    failure: Option<TaskStatus>,
}

impl Caller {
    pub(super) fn new(shared: Rc<SharedState>, master: Master, dispatch: Dispatch) -> Self {
        let pending = shared.tasks.iter().map(|_| PendingTasks::default()).collect();
        let state = State { master: Some(master), pending, submitted: 0, failure: None };
        Self { shared, dispatch, forks: fork_count(), state: RefCell::new(state) }
    }

    /// Puts a task into a queue. `append` writes its argument, or a chunk of arguments. In the worker, `call` reads
    /// what `append` has written, and calls `function`.
    pub(super) fn submit<A, R>(
        &self,
        function: fn(A) -> R,
        call: Call<fn(A) -> R>,
        append: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<Rc<Task>> {
        let queue = self.choose_queue();
        let number = wire::with_buffer(|message| {
            wire::append(&self.number_of(function, call)?, message)?;
            append(message)?;
            self.put(queue, message)
        })?;
        // The result cannot be delivered before this: the caller itself receives it, in a later call.
        let task = Rc::new(Task::default());
        self.state.borrow_mut().pending[queue].push(number, Rc::clone(&task));
        Ok(task)
    }

    /// Receives results until a condition holds: `false` if it does not at the deadline.
    pub(super) fn wait_until(
        &self,
        deadline: Option<Instant>,
        holds: impl Fn() -> bool,
    ) -> Result<bool> {
        while !holds() {
            self.check()?;
            let is_over = is_over(deadline);
            self.receive(next_check(deadline))?;
            if is_over {
                return Ok(holds());
            }
        }
        Ok(true)
    }

    /// Receives the results that are there, or the first that comes before the deadline.
    fn receive(&self, deadline: Instant) -> Result<()> {
        let SharedState { results, overflow, past, .. } = &*self.shared;
        let deadline = if overflow.is_empty() { deadline } else { *past };
        wire::with_buffer(|message| {
            match results.get(message, Some(deadline), |_, _| {}) {
                Ok(()) => self.deliver(message)?,
                Err(Error::Empty) if overflow.is_empty() => return self.check_master(),
                Err(Error::Empty) => {}
                Err(error) => return Err(error),
            }
            self.receive_batch(message)
        })
    }

    /// Completes the task that a message is about.
    fn deliver(&self, mut message: &[u8]) -> Result<()> {
        if message.is_empty() {
            return Ok(()); // It says only that there is something in the overflow.
        }
        let (TaskId { queue, number }, status) = wire::take(&mut message)?;
        if let TaskStatus::PoolFailed(_) = status {
            self.fail(&status);
            return Ok(());
        }
        // A worker may die just after it has sent a result. Then the master's report about this task comes second, and
        // finds the task completed.
        let task = self.state.borrow_mut().pending[queue as usize].remove(number);
        if let Some(task) = task {
            task.complete(status, message);
        }
        Ok(())
    }

    /// The number by which a message names this function.
    fn number_of<A, R>(&self, function: fn(A) -> R, call: Call<fn(A) -> R>) -> Result<usize> {
        self.shared.functions.number(function, call).ok_or_else(|| {
            Error::other(format!("a pool has room for {} different functions", Functions::MAX))
        })
    }

    fn choose_queue(&self) -> usize {
        let queues = self.shared.tasks.len();
        let mut state = self.state.borrow_mut();
        state.submitted += 1;
        match self.dispatch {
            Dispatch::Shared => 0,
            Dispatch::RoundRobin => (state.submitted - 1) % queues,
            Dispatch::Random => fastrand::usize(..queues),
        }
    }

    /// Puts a task's message into a queue, and returns its number there.
    fn put(&self, queue: usize, message: &[u8]) -> Result<u32> {
        loop {
            self.check()?;
            match self.shared.tasks[queue].put(message, Some(self.shared.past)) {
                // The queue is full. Use the time to receive results.
                Err(Error::Full { .. }) => self.receive(Instant::now() + ROOM_TIMEOUT)?,
                put => return put,
            }
        }
    }

    pub(super) fn workers(&self) -> usize {
        self.shared.workers()
    }

    /// Receives what came during a wait. It does not wait again: a wait reads the clock twice and may sleep.
    fn receive_batch(&self, message: &mut Vec<u8>) -> Result<()> {
        let SharedState { results, overflow, past, .. } = &*self.shared;
        for _ in 0..results.len().min(BATCH) {
            // A callback may have received some of them.
            if results.get(message, Some(*past), |_, _| {}).is_err() {
                break;
            }
            self.deliver(message)?;
        }
        if overflow.take(message)? {
            self.deliver(message)?;
        }
        Ok(())
    }

    fn receive_rest(&self) -> Result<()> {
        while self.has_results() {
            self.receive(self.shared.past)?;
        }
        Ok(())
    }

    fn has_results(&self) -> bool {
        !(self.shared.results.is_empty() && self.shared.overflow.is_empty())
    }

    /// Completes all tasks that are not done with this status, and refuses further tasks.
    fn fail(&self, status: &TaskStatus) {
        let mut state = self.state.borrow_mut();
        state.failure.get_or_insert_with(|| status.clone());
        let pending: Vec<_> = state.pending.iter_mut().flat_map(PendingTasks::drain).collect();
        drop(state);
        pending.iter().for_each(|task| task.complete(status.clone(), &[]));
    }

    /// An error if no further task will be done.
    fn check(&self) -> Result<()> {
        if !self.is_owner() {
            return Err(Error::NotParent);
        }
        self.state.borrow().failure.as_ref().map_or(Ok(()), TaskStatus::check)
    }

    /// Whether this process made the pool. In a forked child the pool is a copy, and its processes are the parent's.
    fn is_owner(&self) -> bool {
        self.forks == fork_count()
    }

    fn pending(&self) -> usize {
        self.state.borrow().pending.iter().map(PendingTasks::len).sum()
    }

    /// If the master has ended and no result is left to receive, the pending tasks will never be done.
    fn check_master(&self) -> Result<()> {
        let poll = |master: &mut Master| master.child.join_timeout(Duration::ZERO);
        let exit = self.state.borrow_mut().master.as_mut().map(poll).transpose()?;
        let Some(exit) = exit.flatten() else { return Ok(()) };
        // Checked after the master's end: whatever it and the workers had sent is there by now.
        if self.pending() > 0 && !self.has_results() {
            self.fail(&TaskStatus::PoolFailed(format!("its master ended: {exit}")));
        }
        Ok(())
    }

    /// Closes the queues: the workers end when they have emptied them.
    pub(super) fn close(&self) {
        // To close a copy must not close the pool.
        if self.is_owner() {
            self.shared.tasks.iter().for_each(Ring::close);
        }
    }

    /// Waits until all tasks are done and all processes have ended: `false` if that is not so at the deadline.
    pub(super) fn join(&self, deadline: Option<Instant>) -> Result<bool> {
        if !self.wait_until(deadline, || self.pending() == 0)? {
            return Ok(false);
        }
        self.check()?;
        let mut state = self.state.borrow_mut();
        let Some(master) = &mut state.master else { return Ok(true) };
        let timeout =
            deadline.map_or(Duration::MAX, |deadline| deadline.duration_since(Instant::now()));
        let has_ended = master.child.join_timeout(timeout)?.is_some();
        if !has_ended {
            return Ok(false);
        }
        state.master = None;
        drop(state);
        self.receive_rest()?; // The master may have reported why the pool has failed.
        self.check().map(|()| true)
    }

    /// Kills the workers. The pending tasks complete as terminated.
    pub(super) fn terminate(&self) -> Result<()> {
        if !self.is_owner() {
            return Err(Error::NotParent);
        }
        let stopped = self.stop();
        self.fail(&TaskStatus::Terminated);
        stopped
    }

    /// Terminates a pool that is dropped, with a warning if tasks are not done.
    pub(super) fn shut_down(&self) {
        if !self.is_owner() || self.state.borrow().master.is_none() {
            return;
        }
        if thread::panicking() {
            // A callback may be what has panicked, and a second panic now would abort the process. So no callback is
            // called any more.
            let state = self.state.borrow();
            let callbacks: Vec<_> =
                state.pending.iter().flat_map(PendingTasks::take_callbacks).collect();
            drop(state); // What a callback has captured may use the pool when it is dropped.
            drop(callbacks);
        }
        let _ = self.stop();
        let pending = self.pending();
        if pending > 0 {
            print_line(format_args!(
                "a pool was dropped with tasks not done: {pending}; close and join it, or terminate it"
            ));
        }
        self.fail(&TaskStatus::Terminated);
    }

    /// Kills the workers, then receives what they had sent: the result of a task that is done is not lost.
    fn stop(&self) -> Result<()> {
        let mut state = self.state.borrow_mut();
        // From here on a callback that submits a task or waits for one gets an error. It would wait for ever.
        state.failure.get_or_insert(TaskStatus::Terminated);
        let master = state.master.take();
        drop(state);
        master.map_or(Ok(()), Master::stop)?;
        self.receive_rest()
    }
}
