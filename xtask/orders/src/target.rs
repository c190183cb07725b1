//! What an attack holds back.

use std::collections::BTreeSet;
use std::fmt;

use crate::class::Class;
use crate::task::TaskName;
use crate::view::{Move, Printed, View};

/// What one run of the [`Adversary`](crate::Adversary) holds back until nothing else can move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Every line. When only lines are left, the eldest task prints first.
    EveryLine,
    /// Every line. When only lines are left, the one that has waited least comes first.
    EveryLineNewestFirst,
    /// Each line of a class.
    Class(Class),
    /// A task whose latest line is of a class: it stays where that line left it, in a critical section perhaps.
    After(Class),
    /// All that a task does.
    Task(TaskName),
    /// One line.
    Line(String),
}

impl Target {
    /// Whether a move must wait for all others.
    pub(crate) fn holds(&self, next: &Move, view: &View<'_>) -> bool {
        match self {
            Target::EveryLine | Target::EveryLineNewestFirst => next.prints().is_some(),
            Target::Class(class) => next.lines().any(|line| Class::of(line) == *class),
            Target::After(class) => {
                let mut latest = view.printed.iter().rev();
                let latest = latest.find(|printed| printed.task == next.task);
                latest.is_some_and(|printed| Class::of(&printed.line) == *class)
            }
            Target::Task(task) => next.task == *task,
            Target::Line(line) => next.lines().any(|printed| printed == line),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::EveryLine => write!(out, "every line is late"),
            Target::EveryLineNewestFirst => write!(out, "every line is late, the newest one least"),
            Target::Class(class) => write!(out, "each line {:?} is late", class.to_string()),
            Target::After(class) => {
                write!(out, "a task that has printed {:?} is late", class.to_string())
            }
            Target::Task(task) => write!(out, "task {task} is late"),
            Target::Line(line) => write!(out, "the line {line:?} is late"),
        }
    }
}

/// A line that earlier runs have printed.
#[derive(Debug)]
pub(crate) struct KnownLine {
    line: String,
    class: Class,
    pub(crate) tasks: BTreeSet<TaskName>,
    /// The classes of the lines that its task printed directly before.
    follows: BTreeSet<Class>,
    /// How many runs have printed it.
    runs: usize,
    /// The events of the transcript that have claimed it.
    pub(crate) events: BTreeSet<usize>,
}

impl KnownLine {
    /// Whether an attack on this target holds back the line.
    fn is_held_by(&self, target: &Target) -> bool {
        match target {
            Target::EveryLine | Target::EveryLineNewestFirst => true,
            Target::Class(class) => self.class == *class,
            Target::After(class) => self.follows.contains(class),
            Target::Task(task) => self.tasks.contains(task),
            Target::Line(line) => self.line == *line,
        }
    }
}

/// The lines that earlier runs have printed, from which the targets follow.
#[derive(Debug, Default)]
pub(crate) struct KnownLines(Vec<KnownLine>);

impl KnownLines {
    /// Learns the lines of a run, and the events that have claimed them.
    pub(crate) fn learn(&mut self, printed: &[Printed], events: &[Option<usize>]) {
        for (index, Printed { task, line }) in printed.iter().enumerate() {
            let before = printed[..index].iter().rev().find(|before| before.task == *task);
            let is_first = printed[..index].iter().all(|before| before.line != *line);
            let known = self.known(line);
            known.runs += usize::from(is_first);
            known.tasks.insert(task.clone());
            known.follows.extend(before.map(|before| Class::of(&before.line)));
            known.events.extend(events.get(index).copied().flatten());
        }
    }

    /// The lines that an attack on this target holds back.
    pub(crate) fn held_by(&self, target: &Target) -> impl Iterator<Item = &KnownLine> {
        self.0.iter().filter(|known| known.is_held_by(target))
    }

    fn known(&mut self, line: &str) -> &mut KnownLine {
        let index = self.0.iter().position(|known| known.line == line).unwrap_or_else(|| {
            self.0.push(KnownLine {
                line: line.to_owned(),
                class: Class::of(line),
                tasks: BTreeSet::new(),
                follows: BTreeSet::new(),
                runs: 0,
                events: BTreeSet::new(),
            });
            self.0.len() - 1
        });
        &mut self.0[index]
    }

    /// All targets that are known, in the order in which they are tried if no arrow says otherwise: first what holds
    /// back most, then what breaks a rule about lines that come several times.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let mut targets = vec![Target::EveryLine, Target::EveryLineNewestFirst];
        // A class of one line is that line.
        let count = |class: &Class| self.0.iter().filter(|known| known.class == *class).count();
        let mut classes: Vec<&Class> = Vec::new();
        for known in &self.0 {
            if !classes.contains(&&known.class) {
                classes.push(&known.class);
            }
        }
        let (wide, narrow): (Vec<&Class>, Vec<&Class>) =
            classes.into_iter().partition(|class| count(class) > 1);
        for class in wide {
            targets.extend([Target::After(class.clone()), Target::Class(class.clone())]);
        }
        targets.extend(narrow.into_iter().map(|class| Target::After(class.clone())));
        let tasks: BTreeSet<&TaskName> = self.0.iter().flat_map(|known| &known.tasks).collect();
        targets.extend(tasks.into_iter().map(|task| Target::Task(task.clone())));
        // A line with an address or a time in it does not come again, and cannot be held.
        let again = self.0.iter().filter(|known| known.runs > 1);
        targets.extend(again.map(|known| Target::Line(known.line.clone())));
        targets
    }
}
