//! Tasks that are not answered yet, and what those who wait for them will see.

use std::cell::{Cell, OnceCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use super::task::Outcome;

/// A task that was given out. It is pending until it is answered; its handle has it as long as somebody may ask.
#[derive(Default)]
pub(super) struct Task {
    pub(super) answer: OnceCell<Answer>,
    callbacks: Cell<Vec<Callback>>,
}

pub(super) type Callback = Box<dyn FnOnce(&Answer)>;

/// What has become of a task, and its result as bytes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) result: Vec<u8>,
}

impl Task {
    /// Calls the callback once, when the task is answered: now, if it is.
    pub(super) fn on_answer(&self, callback: impl FnOnce(&Answer) + 'static) {
        match self.answer.get() {
            Some(answer) => callback(answer),
            None => {
                let mut callbacks = self.callbacks.take();
                callbacks.push(Box::new(callback));
                self.callbacks.set(callbacks);
            }
        }
    }

    pub(super) fn settle(&self, outcome: Outcome, result: &[u8]) {
        let answer = self.answer.get_or_init(|| Answer { outcome, result: result.to_vec() });
        for callback in self.callbacks.take() {
            callback(answer);
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("answer", &self.answer).finish_non_exhaustive()
    }
}

/// The pending tasks of one queue. Their numbers follow each other, and most are answered nearly in turn: so they stand
/// in a row, and a number is a place in it.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// The number of the first in the row.
    first: u32,
    /// `None` where a task is answered, unless it is the first.
    row: VecDeque<Option<Rc<Task>>>,
    length: usize,
}

impl Pending {
    /// Adds the next task. Its number is one more than the last one's.
    pub(super) fn push(&mut self, number: u32, task: Rc<Task>) {
        if self.row.is_empty() {
            self.first = number;
        }
        self.row.push_back(Some(task));
        self.length += 1;
    }

    /// Takes the task of that number; `None` if it is answered already.
    pub(super) fn take(&mut self, number: u32) -> Option<Rc<Task>> {
        let place = number.wrapping_sub(self.first) as usize;
        let task = self.row.get_mut(place)?.take()?;
        while let Some(None) = self.row.front() {
            self.row.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        self.length -= 1;
        Some(task)
    }

    /// From now on none of them calls anybody.
    pub(super) fn take_callbacks(&self) -> Vec<Callback> {
        self.row.iter().flatten().flat_map(|task| task.callbacks.take()).collect()
    }

    /// Takes all.
    pub(super) fn take_all(&mut self) -> Vec<Rc<Task>> {
        self.length = 0;
        self.row.drain(..).flatten().collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.length
    }
}
