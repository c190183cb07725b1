//! What is asked of an exploration, and what it answers: plain values, which can be sent as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A scene, and what to do with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// The name of the scene, as `CHAPTER/SCENE`.
    pub scene: String,
    /// The values of the function's arguments, by their names.
    pub sizes: BTreeMap<String, i64>,
    /// Which store a load may read.
    pub memory: Memory,
    /// What to do.
    pub mode: Mode,
}

/// What to do with a scene.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Mode {
    /// Play every schedule.
    Explore(Limits),
    /// Play every schedule that begins with these choices.
    ExploreAfter(Vec<u32>, Limits),
    /// Play one schedule, until these choices are used up.
    Replay(Vec<u32>),
}

/// Which store a load may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Memory {
    /// The latest one: threads take turns on one memory.
    Sequential,
    /// Any one that the memory orderings allow, in the manner of C11.
    Weak,
}

/// How much work an exploration may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most schedules to play.
    pub schedules: u64,
    /// The most milliseconds to play them.
    pub milliseconds: u64,
    /// Whether the part of a schedule that begins in a known state is counted instead of being played again.
    pub merged: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { schedules: 20_000_000, milliseconds: 10_000, merged: true }
    }
}

/// What an exploration has found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Every outcome, in the order in which they were found.
    pub outcomes: Vec<Outcome>,
    /// How many schedules are known; `u128::MAX` if there are more.
    #[serde(with = "large")]
    pub schedules: u128,
    /// How many of them were played, to their end or to a known state.
    pub played: u64,
    /// In how many different states there was a choice, if states were merged.
    pub states: Option<u64>,
    /// Why these are not all schedules, if they are not.
    pub incomplete: Option<Incomplete>,
    /// Whether a thread that looked again and again was held back until another one acted. Schedules in which it looks
    /// more often than [`FRUITLESS`](crate::FRUITLESS) times in a row are then left out.
    pub held_back: bool,
}

/// Why an exploration has not found every schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Incomplete {
    /// It has played as many schedules as it may.
    Schedules,
    /// It took as long as it may.
    Time,
    /// A schedule had more steps than [`STEPS`](crate::STEPS), and was stopped.
    Steps,
}

/// What a program can print, and how it then ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outcome {
    /// What it printed on stdout.
    pub output: String,
    /// How it ended.
    pub ending: Ending,
    /// The panics of threads other than main.
    pub panics: Vec<Panic>,
    /// In how many schedules; `u128::MAX` if there are more.
    #[serde(with = "large")]
    pub count: u128,
    /// The choices of one of these schedules.
    pub replay: Vec<u32>,
}

/// How a schedule ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// The program returned.
    Returned,
    /// The program returned an error.
    Failed(String),
    /// Main panicked.
    Panicked(Panic),
    /// No thread can ever go on. These have not ended.
    Deadlock(Vec<Blocked>),
    /// It was stopped after [`STEPS`](crate::STEPS) steps.
    Endless,
}

/// A panic of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Panic {
    /// The thread's name.
    pub thread: String,
    /// The line that panicked.
    pub line: u32,
    /// The message.
    pub message: String,
}

/// A thread that can never go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Blocked {
    /// Its name.
    pub thread: String,
    /// The line in which it waits.
    pub line: u32,
    /// What it waits for, such as `lock b`.
    pub wants: String,
    /// The threads that hold what it wants, or that it waits for.
    pub waits_for: Vec<String>,
    /// What it holds meanwhile.
    pub holds: Vec<Held>,
}

/// A lock that a thread holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Held {
    /// The lock, such as `lock a`.
    pub lock: String,
    /// The line that took it.
    pub line: u32,
}

/// One schedule, up to the first choice that was not given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Schedule {
    /// What the threads did, in order.
    pub steps: Vec<Step>,
    /// What was printed so far.
    pub output: String,
    /// How it ended; none if there is a next choice.
    pub ending: Option<Ending>,
    /// The panics of threads other than main.
    pub panics: Vec<Panic>,
    /// Every thread, in the order of their numbers.
    pub threads: Vec<ThreadStatus>,
    /// The next choice; none if the schedule has ended.
    pub question: Option<Question>,
}

/// One step of one thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The thread's number: main is 0, and the others count in the order of their start.
    pub thread: u32,
    /// Its line in the source.
    pub line: u32,
    /// What it did, such as `reads 0 from counter`.
    pub what: String,
    /// The line that it printed, if it printed one.
    pub printed: Option<String>,
    /// How many of the choices were used up before this step.
    pub choices: usize,
    /// The threads that could not go on or were held back, and what each waited for, if this step was the only one that
    /// was possible.
    pub waiting: Vec<(u32, String)>,
}

/// Where a thread is, and what it does next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadStatus {
    /// Its name.
    pub thread: String,
    /// The line of its next step.
    pub line: u32,
    /// What it does next, such as `take lock b`, or what it waits for, such as `lock b`; empty if it has ended.
    pub next: String,
    /// The text that it is about to print.
    pub prints: Option<String>,
    /// Whether it can go on now.
    pub can_go_on: bool,
    /// Whether it has ended.
    pub has_ended: bool,
    /// The threads that hold what it wants, or that it waits for.
    pub waits_for: Vec<String>,
    /// What it holds.
    pub holds: Vec<Held>,
}

/// A choice, with the numbers that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which thread makes the next step?
    Thread(Vec<u32>),
    /// Which of these threads does `notify_one` wake?
    Waiter(Vec<u32>),
    /// Which store does a load read? Each is given by how many stores later ones there are, with its value.
    Store(Vec<(u32, String)>),
}

impl Question {
    /// The numbers that answer it.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        let (threads, stores) = match self {
            Self::Thread(threads) | Self::Waiter(threads) => (&threads[..], &[][..]),
            Self::Store(stores) => (&[][..], &stores[..]),
        };
        threads.iter().copied().chain(stores.iter().map(|(number, _)| *number))
    }
}

/// Numbers that may be larger than a number of JSON, as texts.
mod large {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
