//! Makes legal runs: the one that the file shows, and random ones.

use fastrand::Rng;
use rustc_hash::FxHashSet;

use crate::budget::{Budget, Exhausted};
use crate::model::{Kind, Piece, Tally, Times, Transcript, Variable};

/// A legal run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// For each line, its event.
    pub(crate) events: Vec<usize>,
    pub(crate) lines: Vec<String>,
}

/// What it costs to print a line, in steps of a budget.
const STEPS_PER_LINE: usize = 200;

/// The most lines that a `*|` event prints.
const MOST_REPEATS: usize = 3;

/// Sorts the events that can happen next, and the ways of each event: the walk tries the last one first.
pub(crate) trait Guide {
    fn events(&mut self, events: &mut Vec<usize>);

    fn ways(&mut self, ways: &mut Vec<Step>);
}

/// One thing that can happen next.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    event: usize,
    /// Values for the ranges that the event binds; none if an optional event is skipped.
    values: Option<Vec<(usize, String)>>,
}

impl Step {
    fn prints(&self) -> bool {
        self.values.is_some()
    }
}

/// In the order of the file, with every optional event.
pub(crate) struct FileOrder;

impl Guide for FileOrder {
    fn events(&mut self, events: &mut Vec<usize>) {
        events.sort_by_key(|&event| std::cmp::Reverse(event));
    }

    fn ways(&mut self, ways: &mut Vec<Step>) {
        ways.sort_by_key(Step::prints);
    }
}

/// Any order.
pub(crate) struct AnyOrder<'r>(pub(crate) &'r mut Rng);

impl Guide for AnyOrder<'_> {
    fn events(&mut self, events: &mut Vec<usize>) {
        self.0.shuffle(events);
    }

    fn ways(&mut self, ways: &mut Vec<Step>) {
        self.0.shuffle(ways);
    }
}

/// A legal run with the given unforeseeable values; ranges are chosen on the way.
pub(crate) fn walk(
    transcript: &Transcript,
    values: &[String],
    guide: &mut impl Guide,
    budget: &Budget<'_>,
) -> Option<Run> {
    let run = Run { events: Vec::new(), lines: Vec::new() };
    let dead = FxHashSet::default();
    let mut walk = Walk { transcript, values: values.to_vec(), guide, run, dead, budget };
    for (variable, value) in transcript.variables.iter().zip(&mut walk.values) {
        if matches!(variable.kind, Kind::Range(..)) {
            value.clear();
        }
    }
    matches!(walk.search(), Ok(true)).then_some(walk.run)
}

struct Walk<'a, G> {
    transcript: &'a Transcript,
    /// A range without a chosen value is empty.
    values: Vec<String>,
    guide: &'a mut G,
    /// What has happened so far.
    run: Run,
    /// States from which no legal run goes on.
    dead: FxHashSet<(Vec<u32>, Vec<String>, Tally)>,
    budget: &'a Budget<'a>,
}

/// One level of a depth-first search, kept on the heap: recursion over a long run would exhaust the stack.
struct Level {
    done: Vec<u32>,
    tally: Tally,
    /// The step that led here.
    taken: Option<Step>,
    /// The events that are left to try, and the ways of the event before them.
    events: Vec<usize>,
    ways: Vec<Step>,
}

impl<G: Guide> Walk<'_, G> {
    /// Goes on to the end of a legal run, if there is one.
    fn search(&mut self) -> Result<bool, Exhausted> {
        let transcript = self.transcript;
        let done = vec![0; transcript.lanes.len()];
        let mut path = vec![self.level(done, Tally::new(&transcript.rules), None)?];
        while let Some(level) = path.last_mut() {
            if level.ways.is_empty()
                && let Some(event) = level.events.pop()
            {
                level.ways = ways(transcript, event, &self.values, &self.run);
                self.guide.ways(&mut level.ways);
            }
            let Some(step) = level.ways.pop() else {
                if self.complete(level) {
                    return Ok(true);
                }
                if let Some(Level { done, tally, taken, .. }) = path.pop() {
                    self.dead.insert((done, self.values.clone(), tally));
                    taken.iter().for_each(|step| self.undo(step));
                }
                continue;
            };
            let (mut done, mut tally) = (level.done.clone(), level.tally.clone());
            let event = &transcript.events[step.event];
            // A repeated event stays the next one until it is skipped.
            if !step.prints() || event.times != Times::Many {
                done[event.lane] += 1;
            }
            if self.follow(&step, &mut tally) {
                path.push(self.level(done, tally, Some(step))?);
            } else {
                self.undo(&step);
            }
        }
        Ok(false)
    }

    fn level(
        &mut self,
        done: Vec<u32>,
        tally: Tally,
        taken: Option<Step>,
    ) -> Result<Level, Exhausted> {
        self.budget.spend(STEPS_PER_LINE + done.len() + 4 * self.values.len())?;
        let order = &self.transcript.order;
        let here = (done, self.values.clone(), tally);
        let mut events = Vec::new();
        if !self.dead.contains(&here) {
            events.extend(order.next(&here.0).filter(|&event| order.enabled(event, &here.0)));
            self.guide.events(&mut events);
        }
        let (done, _, tally) = here;
        Ok(Level { done, tally, taken, events, ways: Vec::new() })
    }

    fn complete(&self, level: &Level) -> bool {
        let number = |variable: usize| self.values[variable].parse().ok();
        self.transcript.order.next(&level.done).next().is_none()
            && level.tally.end(&self.transcript.rules, number).is_ok()
    }

    /// Prints the step's line, and returns whether the rules allow it.
    fn follow(&mut self, step: &Step, tally: &mut Tally) -> bool {
        let Some(chosen) = &step.values else {
            return true;
        };
        for (variable, value) in chosen {
            self.values[*variable].clone_from(value);
        }
        let line = self.transcript.fill(step.event, |variable| Some(&self.values[variable]));
        let legal = tally.line(&self.transcript.rules, &line).is_ok();
        self.run.lines.push(line);
        self.run.events.push(step.event);
        legal
    }

    fn undo(&mut self, step: &Step) {
        let Some(chosen) = &step.values else {
            return;
        };
        for (variable, _) in chosen {
            self.values[*variable].clear();
        }
        self.run.lines.pop();
        self.run.events.pop();
    }
}

/// All that one enabled event can do.
fn ways(transcript: &Transcript, event: usize, values: &[String], run: &Run) -> Vec<Step> {
    let times = transcript.events[event].times;
    let mut ways = Vec::new();
    if times != Times::Once {
        ways.push(Step { event, values: None });
    }
    let repeats = run.events.iter().rev().filter(|&&other| other == event).count();
    if times == Times::Many && repeats == MOST_REPEATS {
        return ways;
    }
    let mut chosen: Vec<Vec<(usize, String)>> = vec![Vec::new()];
    let mut seen = Vec::new();
    for piece in &transcript.events[event].pattern {
        let Piece::Hole(variable) = piece else {
            continue;
        };
        let Variable { kind: Kind::Range(from, to), fresh, .. } = transcript.variables[*variable]
        else {
            continue;
        };
        if (fresh || values[*variable].is_empty()) && !seen.contains(variable) {
            seen.push(*variable);
            chosen = (from..=to)
                .rev()
                .flat_map(|value| chosen.iter().map(move |head| (head, value)))
                .map(|(head, value)| {
                    head.iter().cloned().chain([(*variable, value.to_string())]).collect()
                })
                .collect();
        }
    }
    ways.extend(chosen.into_iter().map(|values| Step { event, values: Some(values) }));
    ways
}
