//! What a policy sees where it has to choose.

use std::borrow::Cow;
use std::fmt;

use crate::task::TaskName;

/// A point of a run: several tasks are ready, and one of them goes on.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// What can happen next: at least one move, in the order of the tasks.
    pub moves: &'v [Move],
    /// The lines so far.
    pub printed: &'v [Printed],
    /// The signature of the program's state: see [`Program::run`](crate::Program::run).
    pub state: u64,
}

/// One task goes on with one action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Move {
    /// Which task.
    pub task: TaskName,
    /// What it does first. It then goes on by itself until it is ready for its next action, or blocked.
    pub action: Action,
}

/// What a task is about to do.
///
/// The texts are the same in each run that comes here. So they show a process id as `<0.2>`, the name of its task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It prints this text: one line, or several.
    Print(String),
    /// It does something else: `birth`, `sleep`, `wake`, `lock` ...
    Other(Cow<'static, str>),
}

/// A line that a run has printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Printed {
    /// The task that printed it.
    pub task: TaskName,
    /// The line, without the newline.
    pub line: String,
}

impl Move {
    /// A move that prints.
    pub fn print(task: TaskName, text: impl Into<String>) -> Move {
        Move { task, action: Action::Print(text.into()) }
    }

    /// Any other move.
    pub fn other(task: TaskName, name: impl Into<Cow<'static, str>>) -> Move {
        Move { task, action: Action::Other(name.into()) }
    }

    /// The text that it prints.
    pub fn prints(&self) -> Option<&str> {
        match &self.action {
            Action::Print(text) => Some(text),
            Action::Other(_) => None,
        }
    }

    /// The lines that it prints.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.prints().into_iter().flat_map(str::lines)
    }
}

impl fmt::Display for Move {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Action::Print(text) => write!(out, "{} prints {:?}", self.task, text.trim_end()),
            Action::Other(name) => write!(out, "{} {name}", self.task),
        }
    }
}
