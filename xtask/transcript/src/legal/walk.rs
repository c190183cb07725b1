//! Legal runs, made rather than judged: the file's own, and random ones.

use fastrand::Rng;
use rustc_hash::FxHashSet;

use crate::model::{Kind, Piece, Tally, Times, Transcript, Variable};

/// A legal run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// For each line its event.
    pub(crate) events: Vec<usize>,
    pub(crate) lines: Vec<String>,
}

/// Steps after which a walk gives up.
const BUDGET: usize = 5_000;

/// Lines that a `*|` event prints at the most.
const MOST_REPEATS: usize = 3;

/// Chooses one of the events that can happen next: the walk tries them from the last to the first.
pub(crate) trait Guide {
    fn arrange(&mut self, done: &[u32], choices: &mut Vec<Step>);
}

/// What can happen next.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) event: usize,
    /// Values for the ranges that the event binds; none to pass an optional event over.
    values: Option<Vec<(usize, String)>>,
}

impl Step {
    pub(crate) fn prints(&self) -> bool {
        self.values.is_some()
    }
}

/// In the order of the file, nothing left out.
pub(crate) struct FileOrder;

impl Guide for FileOrder {
    fn arrange(&mut self, _: &[u32], choices: &mut Vec<Step>) {
        choices.sort_by_key(|step| std::cmp::Reverse((step.event, !step.prints())));
    }
}

/// Any order.
pub(crate) struct AnyOrder<'r>(pub(crate) &'r mut Rng);

impl Guide for AnyOrder<'_> {
    fn arrange(&mut self, _: &[u32], choices: &mut Vec<Step>) {
        self.0.shuffle(choices);
    }
}

/// A legal run whose unforeseeable values are given; ranges are chosen on the way.
pub(crate) fn walk(
    transcript: &Transcript,
    values: &[String],
    guide: &mut impl Guide,
) -> Option<Run> {
    let run = Run { events: Vec::new(), lines: Vec::new() };
    let dead = FxHashSet::default();
    let mut walk = Walk { transcript, values: values.to_vec(), guide, run, dead, steps: 0 };
    for (variable, value) in transcript.variables.iter().zip(&mut walk.values) {
        if matches!(variable.kind, Kind::Range(..)) {
            value.clear();
        }
    }
    walk.search().then_some(walk.run)
}

struct Walk<'a, G> {
    transcript: &'a Transcript,
    /// A range that is not chosen yet is empty.
    values: Vec<String>,
    guide: &'a mut G,
    /// What has happened so far.
    run: Run,
    /// From where no legal run goes on.
    dead: FxHashSet<(Vec<u32>, Vec<String>, Tally)>,
    steps: usize,
}

/// One level of a depth-first search. On the heap: a run may be longer than the stack is deep.
struct Level {
    done: Vec<u32>,
    tally: Tally,
    /// What led here.
    taken: Option<Step>,
    /// What is left to try.
    choices: Vec<Step>,
}

impl<G: Guide> Walk<'_, G> {
    /// Goes on to the end of a legal run, if there is one.
    fn search(&mut self) -> bool {
        let transcript = self.transcript;
        let done = vec![0; transcript.lanes.len()];
        let mut path = vec![self.level(done, Tally::new(&transcript.rules), None)];
        while let Some(level) = path.last_mut() {
            let Some(step) = level.choices.pop() else {
                if self.complete(level) {
                    return true;
                }
                if let Some(Level { done, tally, taken, .. }) = path.pop() {
                    self.dead.insert((done, self.values.clone(), tally));
                    taken.iter().for_each(|step| self.undo(step));
                }
                continue;
            };
            if self.steps > BUDGET {
                return false;
            }
            let (mut done, mut tally) = (level.done.clone(), level.tally.clone());
            let event = &transcript.events[step.event];
            // A repeated event stays next until it is passed over.
            if !step.prints() || event.times != Times::Many {
                done[event.lane] += 1;
            }
            if self.follow(&step, &mut tally) {
                path.push(self.level(done, tally, Some(step)));
            } else {
                self.undo(&step);
            }
        }
        false
    }

    fn level(&mut self, done: Vec<u32>, tally: Tally, taken: Option<Step>) -> Level {
        self.steps += 1;
        let order = &self.transcript.order;
        let here = (done, self.values.clone(), tally);
        let mut choices = Vec::new();
        if !self.dead.contains(&here) {
            let enabled = order.next(&here.0).filter(|&event| order.enabled(event, &here.0));
            choices.extend(enabled.flat_map(|event| self.ways(event)));
            self.guide.arrange(&here.0, &mut choices);
        }
        let (done, _, tally) = here;
        Level { done, tally, taken, choices }
    }

    fn complete(&self, level: &Level) -> bool {
        let number = |variable: usize| self.values[variable].parse().ok();
        self.transcript.order.next(&level.done).next().is_none()
            && level.tally.end(&self.transcript.rules, number).is_ok()
    }

    /// Prints what the step prints; whether the rules allow it.
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

    /// All that one enabled event can do.
    fn ways(&self, event: usize) -> Vec<Step> {
        let transcript = self.transcript;
        let times = transcript.events[event].times;
        let mut ways = Vec::new();
        if times != Times::Once {
            ways.push(Step { event, values: None });
        }
        let repeats = self.run.events.iter().rev().filter(|&&other| other == event).count();
        if times == Times::Many && repeats == MOST_REPEATS {
            return ways;
        }
        let mut chosen: Vec<Vec<(usize, String)>> = vec![Vec::new()];
        let mut seen = Vec::new();
        for piece in &transcript.events[event].pattern {
            let Piece::Hole(variable) = piece else {
                continue;
            };
            let Variable { kind: Kind::Range(from, to), fresh, .. } =
                transcript.variables[*variable]
            else {
                continue;
            };
            if (fresh || self.values[*variable].is_empty()) && !seen.contains(variable) {
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
}
