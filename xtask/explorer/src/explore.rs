//! Plays every schedule of a program, or one of them again.

use std::collections::HashMap;
use std::fmt::Display;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::engine::play::{Player, Program};
use crate::engine::search::{Search, Tree};
use crate::engine::{Ended, Trace};
use crate::report::{Ending, Incomplete, Limits, Memory, Outcome, Report, Schedule};

/// How many schedules are played between two looks at the clock.
const SCHEDULES_PER_LOOK: u64 = 64;

/// What an explored program may return.
pub trait Returned {
    /// Its error, if it failed.
    fn error(self) -> Option<String>;
}

impl Returned for () {
    fn error(self) -> Option<String> {
        None
    }
}

impl<T, E: Display> Returned for Result<T, E> {
    fn error(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

/// What a program has returned, with its error as a text.
///
/// # Errors
///
/// The program's error.
pub fn ended(returned: impl Returned) -> Result<(), String> {
    returned.error().map_or(Ok(()), Err)
}

fn program<R: Returned>(program: impl Fn() -> R + 'static) -> Program {
    Rc::new(move || ended(program()))
}

/// Plays every schedule of `main`, which uses the threads, locks and atomics of [`swapped`](crate::swapped).
///
/// # Errors
///
/// `main` does not do the same when it is called again, or there is no memory for the stacks of the threads.
pub fn explore<R: Returned>(
    main: impl Fn() -> R + 'static,
    memory: Memory,
    limits: Limits,
) -> io::Result<Report> {
    explore_after(main, memory, &[], limits)
}

/// Plays every schedule of `main` that begins with these choices.
///
/// # Errors
///
/// As for [`explore`], and if there is no such schedule.
pub fn explore_after<R: Returned>(
    main: impl Fn() -> R + 'static,
    memory: Memory,
    choices: &[u32],
    limits: Limits,
) -> io::Result<Report> {
    let end = Instant::now() + Duration::from_millis(limits.milliseconds);
    // With weak memory, what follows a state depends on which stores each thread knows: too much to be worth comparing.
    let tree = Tree::new(choices.to_vec(), limits.merged && memory == Memory::Sequential);
    let mut player = Player::new(program(main), memory, Search::All(tree), Trace::off());
    let mut found = Found::default();
    let incomplete = loop {
        let ended = player.play()?;
        player.abandon();
        let made = player.choices();
        match ended {
            Ended::Different => {
                return Err(io::Error::other(
                    "the program does not repeat itself: after the same choices, it has done something else",
                ));
            }
            Ended::Impossible(number) => return Err(impossible(made, number)),
            _ if made < choices.len() => return Err(too_many(made, choices)),
            _ => {}
        }
        found.played += 1;
        let (output, panics) = player.seen();
        let goes_on = player.search(|search| {
            let tree = tree_of(search);
            if let Ended::Whole(ending) = ended {
                let outcome = Outcome { output, ending, panics, count: 0, replay: Vec::new() };
                tree.ended(found.add(outcome, || tree.choices()));
            }
            tree.advance()
        });
        if !goes_on {
            break found.is_endless.then_some(Incomplete::Steps);
        }
        if found.played >= limits.schedules {
            break Some(Incomplete::Schedules);
        }
        if found.played.is_multiple_of(SCHEDULES_PER_LOOK) && Instant::now() >= end {
            break Some(Incomplete::Time);
        }
    };
    let held_back = player.held_back();
    let (states, total) = player.search(|search| tree_of(search).finish());
    let mut schedules = 0_u128;
    for (outcome, count) in total {
        schedules = schedules.saturating_add(count);
        found.outcomes[outcome as usize].count = count;
    }
    let Found { outcomes, played, .. } = found;
    Ok(Report { outcomes, schedules, played, states, incomplete, held_back })
}

fn tree_of(search: &mut Search) -> &mut Tree {
    match search {
        Search::All(tree) => tree,
        Search::List { .. } => unreachable!("every schedule is played"),
    }
}

/// The outcomes that were found so far.
#[derive(Default)]
struct Found {
    numbers: HashMap<Outcome, u32>,
    outcomes: Vec<Outcome>,
    played: u64,
    is_endless: bool,
}

impl Found {
    /// The number of an outcome. A new one gets the next number.
    fn add(&mut self, outcome: Outcome, choices: impl FnOnce() -> Vec<u32>) -> u32 {
        if let Some(number) = self.numbers.get(&outcome) {
            return *number;
        }
        self.is_endless |= outcome.ending == Ending::Endless;
        let number = self.outcomes.len() as u32;
        self.outcomes.push(Outcome { replay: choices(), ..outcome.clone() });
        self.numbers.insert(outcome, number);
        number
    }
}

/// Plays the schedule of these choices, and says what each thread did. Stops there if the program then has another
/// choice.
///
/// # Errors
///
/// A number cannot be chosen, or there is no memory for the stacks of the threads.
pub fn replay<R: Returned>(
    main: impl Fn() -> R + 'static,
    memory: Memory,
    choices: &[u32],
) -> io::Result<Schedule> {
    let list = Search::list(choices.to_vec());
    let mut player = Player::new(program(main), memory, list, Trace::on());
    let ended = player.play()?;
    let (schedule, used) = (player.schedule(&ended), player.choices());
    match ended {
        Ended::Impossible(number) => Err(impossible(used, number)),
        _ if used < choices.len() => Err(too_many(used, choices)),
        _ => Ok(schedule),
    }
}

fn impossible(used: usize, number: u32) -> io::Error {
    let what = format!("choice {} cannot be {number}", used + 1);
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

fn too_many(used: usize, choices: &[u32]) -> io::Error {
    let what = format!("the schedule has {used} choices, and {} were given", choices.len());
    io::Error::new(io::ErrorKind::InvalidInput, what)
}
