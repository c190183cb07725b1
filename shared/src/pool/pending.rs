//! Tasks that are not done yet, and what their handles will see.

use std::cell::{Cell, OnceCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use super::task::TaskStatus;
use crate::Result;

/// A task as the caller sees it. The caller has it until it is done, and its handle has it as long as the handle lives.
#[derive(Default)]
pub(super) struct Task {
    /// Empty until the task is done or has failed.
    pub(super) completion: OnceCell<Completion>,
    /// What to call then.
    callbacks: Cell<Vec<Callback>>,
}

pub(super) type Callback = Box<dyn FnOnce(&Completion)>;

/// What has become of a task, and its result, encoded.
#[derive(Debug)]
pub(super) struct Completion {
    status: TaskStatus,
    result: Vec<u8>,
}

impl Completion {
    /// The encoded result, or the error of a task that has failed.
    pub(super) fn result(&self) -> Result<&[u8]> {
        self.status.check().map(|()| &*self.result)
    }
}

impl Task {
    /// Calls the callback once: when the task completes, or now if it has.
    pub(super) fn on_completion(&self, callback: impl FnOnce(&Completion) + 'static) {
        match self.completion.get() {
            Some(completion) => callback(completion),
            None => {
                let mut callbacks = self.callbacks.take();
                callbacks.push(Box::new(callback));
                self.callbacks.set(callbacks);
            }
        }
    }

    pub(super) fn complete(&self, status: TaskStatus, result: &[u8]) {
        let completion =
            self.completion.get_or_init(|| Completion { status, result: result.to_vec() });
        for callback in self.callbacks.take() {
            callback(completion);
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("completion", &self.completion).finish_non_exhaustive()
    }
}

/// The pending tasks of one queue, by number. The numbers are consecutive and most tasks complete nearly in order, so a
/// deque serves: the index of a task is its number minus the first one's.
#[derive(Debug, Default)]
pub(super) struct PendingTasks {
    /// The number of the first task in the deque.
    first: u32,
    /// `None` where a task has completed before an earlier one. The first is never `None`.
    tasks: VecDeque<Option<Rc<Task>>>,
    /// How many are not `None`.
    length: usize,
}

impl PendingTasks {
    /// Adds the next task. Its number is one more than the last one's.
    pub(super) fn push(&mut self, number: u32, task: Rc<Task>) {
        if self.tasks.is_empty() {
            self.first = number;
        }
        self.tasks.push_back(Some(task));
        self.length += 1;
    }

    /// Removes the task of this number: `None` if it has completed before.
    pub(super) fn remove(&mut self, number: u32) -> Option<Rc<Task>> {
        let index = number.wrapping_sub(self.first) as usize;
        let task = self.tasks.get_mut(index)?.take()?;
        while let Some(None) = self.tasks.front() {
            self.tasks.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        self.length -= 1;
        Some(task)
    }

    /// Removes all tasks.
    pub(super) fn drain(&mut self) -> Vec<Rc<Task>> {
        self.length = 0;
        self.tasks.drain(..).flatten().collect()
    }

    /// Removes all callbacks: none of them will be called.
    pub(super) fn take_callbacks(&self) -> Vec<Callback> {
        self.tasks.iter().flatten().flat_map(|task| task.callbacks.take()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }
}
