//! Tasks, named so that two runs can be compared.

use std::fmt;
use std::str::FromStr;

/// A process or a thread, named by its birth: `0` is the first task, `0.2` its second child, `0.2.1` the first child of
/// that one.
///
/// A process id differs from run to run, and this name does not. Parents are less than their children, and elder
/// siblings less than younger ones.
///
/// ```
/// use orders::TaskName;
///
/// let child = TaskName::first().child(2);
/// assert_eq!(child.to_string(), "0.2");
/// assert_eq!("0.2".parse(), Ok(child));
/// # Ok::<(), orders::NoTaskName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskName(Vec<u32>);

/// A text that is not the name of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTaskName(String);

impl TaskName {
    /// The task that a program begins with.
    pub fn first() -> TaskName {
        TaskName(vec![0])
    }

    /// The child of this task that was born as number `number`, from 1.
    pub fn child(&self, number: u32) -> TaskName {
        TaskName(self.0.iter().copied().chain([number]).collect())
    }

    /// Whether `other` is a child of this task, or a child's child, and so on.
    pub(crate) fn is_ancestor_of(&self, other: &TaskName) -> bool {
        other.0.len() > self.0.len() && other.0.starts_with(&self.0)
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u32::to_string).collect();
        out.pad(&numbers.join("."))
    }
}

impl FromStr for TaskName {
    type Err = NoTaskName;

    fn from_str(text: &str) -> Result<TaskName, NoTaskName> {
        let numbers = text.split('.').map(str::parse).collect::<Result<_, _>>();
        numbers.map(TaskName).map_err(|_| NoTaskName(text.to_owned()))
    }
}

impl fmt::Display for NoTaskName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} is not the name of a task, such as 0.2.1", self.0)
    }
}

impl std::error::Error for NoTaskName {}
