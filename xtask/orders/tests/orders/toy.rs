//! Toy programs: tasks with lines, locks, channels, events and barriers, run by an interpreter.
//!
//! The interpreter does what a director does with real processes. A line, a lock and a birth are points, where a task
//! waits to be chosen. All else happens as soon as it can.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};

use orders::{Choose, Conclusion, End, Move, Program, TaskName};

use crate::law::Law;

/// What a task does next. Locks, channels, events, barriers and cells are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// Prints a line. `{me}`, `{parent}`, `{child}` and `{value}` are filled in.
    Say(&'static str),
    /// Starts a task with this script.
    Spawn(usize),
    /// Waits until all tasks that it has started have ended.
    JoinAll,
    Lock(usize),
    Unlock(usize),
    Send(usize),
    Receive(usize),
    Set(usize),
    Wait(usize),
    /// Passes until an event is set.
    PollUntil(usize),
    /// Waits at a barrier for so many tasks.
    Meet(usize, u32),
    /// Reads a cell.
    Load(usize),
    /// Stores one more than it has read.
    StoreNext(usize),
}

/// A program: its first task runs the first script.
pub(crate) struct Toy {
    pub(crate) scripts: Vec<Vec<Op>>,
    pub(crate) law: Law,
    /// Whether the birth of a task is a point.
    pub(crate) births: bool,
    /// How often it was run.
    pub(crate) runs: usize,
}

#[derive(Hash)]
struct Task {
    name: TaskName,
    parent: Option<TaskName>,
    script: usize,
    next: usize,
    born: bool,
    children: u32,
    value: u32,
}

/// The state of a run.
#[derive(Default, Hash)]
struct World {
    tasks: Vec<Task>,
    /// Holders of locks, messages in channels, set events, arrivals at barriers, values of cells.
    locks: BTreeMap<usize, TaskName>,
    messages: BTreeMap<usize, u32>,
    events: BTreeMap<usize, bool>,
    arrivals: BTreeMap<usize, u32>,
    cells: BTreeMap<usize, u32>,
    /// The lines, without their order.
    printed: BTreeMap<String, u32>,
}

impl Toy {
    pub(crate) fn new(scripts: &[&[Op]], law: Law) -> Toy {
        let scripts = scripts.iter().map(|script| script.to_vec()).collect();
        Toy { scripts, law, births: true, runs: 0 }
    }

    /// Where only lines, locks and cells are points.
    pub(crate) fn without_births(self) -> Toy {
        Toy { births: false, ..self }
    }
}

impl Program for Toy {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        self.runs += 1;
        let mut world = World::default();
        world.tasks.push(Task::new(TaskName::first(), None, 0, true));
        let mut lines = Vec::new();
        loop {
            self.settle(&mut world);
            let mut moves: Vec<(Move, usize)> =
                (0..world.tasks.len()).filter_map(|task| self.ready(&world, task)).collect();
            moves.sort();
            if moves.is_empty() {
                let finished = |task: &Task| task.next == self.scripts[task.script].len();
                let all = world.tasks.iter().all(finished);
                let end = if all { End::Finished } else { End::Stuck };
                return Ok(self.law.judge(end, &lines));
            }
            let (options, tasks): (Vec<Move>, Vec<usize>) = moves.into_iter().unzip();
            let mut hasher = DefaultHasher::new();
            world.hash(&mut hasher);
            let Some(number) = choose(&options, hasher.finish()) else {
                return Ok(self.law.judge(End::Stopped, &lines));
            };
            if let Some(line) = options[number].prints() {
                lines.push(line.to_owned());
                *world.printed.entry(line.to_owned()).or_default() += 1;
            }
            self.make(&mut world, tasks[number]);
        }
    }
}

impl Toy {
    fn op(&self, task: &Task) -> Option<Op> {
        self.scripts[task.script].get(task.next).copied()
    }

    /// The move of a task that is at a point.
    fn ready(&self, world: &World, number: usize) -> Option<(Move, usize)> {
        let task = &world.tasks[number];
        let name = match self.op(task)? {
            _ if !task.born => "birth",
            Op::Say(text) => {
                return Some((Move::print(task.name.clone(), task.fill(text)), number));
            }
            Op::Lock(lock) if !world.locks.contains_key(&lock) => "lock",
            Op::PollUntil(_) => "poll",
            Op::Load(_) => "load",
            Op::StoreNext(_) => "store",
            _ => return None,
        };
        Some((Move::other(task.name.clone(), name), number))
    }

    /// Makes the move of a task that is at a point.
    fn make(&self, world: &mut World, number: usize) {
        let op = self.op(&world.tasks[number]).expect("it is at a point");
        let task = &mut world.tasks[number];
        if !task.born {
            task.born = true;
            return;
        }
        match op {
            Op::Lock(lock) => drop(world.locks.insert(lock, task.name.clone())),
            Op::Load(cell) => task.value = *world.cells.entry(cell).or_default(),
            Op::StoreNext(cell) => {
                task.value += 1;
                world.cells.insert(cell, task.value);
            }
            Op::PollUntil(event) if !world.events.contains_key(&event) => return,
            _ => {}
        }
        task.next += 1;
    }

    /// Lets each task go on to its next point, or until it is blocked.
    fn settle(&self, world: &mut World) {
        let mut moved = true;
        while moved {
            moved = false;
            for number in 0..world.tasks.len() {
                while self.go_on(world, number) {
                    moved = true;
                }
            }
        }
    }

    /// Makes the next step of a task, if it is no point and the task is not blocked.
    fn go_on(&self, world: &mut World, number: usize) -> bool {
        let Some(op) = self.op(&world.tasks[number]).filter(|_| world.tasks[number].born) else {
            return false;
        };
        match op {
            Op::Spawn(script) => {
                let task = &mut world.tasks[number];
                task.children += 1;
                let child = task.name.child(task.children);
                let parent = Some(task.name.clone());
                world.tasks.push(Task::new(child, parent, script, !self.births));
            }
            Op::JoinAll => {
                let me = &world.tasks[number].name;
                let mut children =
                    world.tasks.iter().filter(|task| task.parent.as_ref() == Some(me));
                if children.any(|child| self.op(child).is_some()) {
                    return false;
                }
            }
            Op::Unlock(lock) => drop(world.locks.remove(&lock)),
            Op::Send(channel) => *world.messages.entry(channel).or_default() += 1,
            Op::Receive(channel) => match world.messages.get_mut(&channel) {
                Some(messages) if *messages > 0 => *messages -= 1,
                _ => return false,
            },
            Op::Set(event) => drop(world.events.insert(event, true)),
            Op::Wait(event) if world.events.contains_key(&event) => {}
            Op::Meet(barrier, parties) => {
                // An odd state of the task means that it has arrived.
                let task = &mut world.tasks[number];
                let arrivals = world.arrivals.entry(barrier).or_default();
                if task.value.is_multiple_of(2) {
                    task.value += 1;
                    *arrivals += 1;
                }
                if *arrivals < parties {
                    return false;
                }
                task.value += 1;
            }
            _ => return false,
        }
        world.tasks[number].next += 1;
        true
    }
}

impl Task {
    fn new(name: TaskName, parent: Option<TaskName>, script: usize, born: bool) -> Task {
        Task { name, parent, script, next: 0, born, children: 0, value: 0 }
    }

    fn fill(&self, text: &str) -> String {
        let parent = self.parent.as_ref().map_or(String::new(), |parent| format!("<{parent}>"));
        text.replace("{me}", &format!("<{}>", self.name))
            .replace("{parent}", &parent)
            .replace("{child}", &format!("<{}>", self.name.child(self.children)))
            .replace("{value}", &self.value.to_string())
    }
}
