//! Legal runs, made rather than judged: the file's own, and random ones.

use fastrand::Rng;

use crate::model::{Kind, Piece, Transcript, Variable};
use crate::rule::Tally;
use crate::syntax::{Comparison, Times};

/// A legal run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// For each line its event.
    pub(crate) events: Vec<usize>,
    pub(crate) lines: Vec<String>,
}

/// Steps after which a walk gives up.
const BUDGET: usize = 20_000;

/// Lines that a `*|` event prints at the most.
const MOST_REPEATS: usize = 3;

/// Draws of all values together, until the rules that compare them hold.
const MOST_DRAWS: usize = 1_000;

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

impl Transcript {
    /// The run that the file spells from top to bottom, with neutral values: pids 100, 101, ...
    ///
    /// Empty if the rules forbid that run.
    pub fn neutral(&self) -> Vec<String> {
        let run = walk(self, &neutral_values(self), &mut FileOrder);
        run.map(|run| run.lines).unwrap_or_default()
    }

    /// A legal output at random, or `None` if none was found.
    pub fn sample(&self, rng: &mut Rng) -> Option<Vec<String>> {
        let values = random_values(self, rng)?;
        walk(self, &values, &mut AnyOrder(rng)).map(|run| run.lines)
    }
}

/// For each variable a value that reads well and is the same in every run.
pub(crate) fn neutral_values(transcript: &Transcript) -> Vec<String> {
    let mut pid = 99;
    let value = |variable: &Variable| match variable.kind {
        Kind::Pid | Kind::Tid => {
            pid += 1;
            i64::to_string(&pid)
        }
        Kind::Word => variable.name.clone(),
        Kind::Range(from, _) => from.to_string(),
        Kind::Int => (limit(variable).unwrap_or(42.0) as i64).to_string(),
        Kind::Secs => decimal(limit(variable).unwrap_or(1.0)),
    };
    transcript.variables.iter().map(value).collect()
}

/// The closest value that keeps the bound.
fn limit(variable: &Variable) -> Option<f64> {
    let step = if variable.kind == Kind::Int { 1.0 } else { 0.1 };
    variable.bound.map(|bound| match bound.comparison {
        Comparison::Below => bound.limit - step,
        _ => bound.limit,
    })
}

fn decimal(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.1}")
    } else {
        format!("{}", (value * 1e6).round() / 1e6)
    }
}

/// For each variable a value within its bound, such that the rules that compare variables hold.
pub(crate) fn random_values(transcript: &Transcript, rng: &mut Rng) -> Option<Vec<String>> {
    (0..MOST_DRAWS).find_map(|_| {
        let mut pids: Vec<u32> = Vec::new();
        let mut draw = |variable: &Variable| {
            let base = limit(variable);
            let up = !variable
                .bound
                .is_some_and(|b| matches!(b.comparison, Comparison::AtMost | Comparison::Below));
            let fixed = variable
                .bound
                .is_some_and(|b| b.comparison == Comparison::Equal);
            match variable.kind {
                Kind::Pid | Kind::Tid => loop {
                    let pid = rng.u32(2..4_194_304);
                    if !pids.contains(&pid) {
                        pids.push(pid);
                        return pid.to_string();
                    }
                },
                Kind::Word => (0..6).map(|_| rng.lowercase()).collect(),
                Kind::Range(from, to) => rng.i64(from..=to).to_string(),
                Kind::Int => {
                    let away = if fixed { 0 } else { rng.i64(0..1_000) };
                    (base.unwrap_or(0.0) as i64 + if up { away } else { -away }).to_string()
                }
                Kind::Secs => {
                    let away = if fixed {
                        0.0
                    } else {
                        f64::from(rng.u32(0..30)) / 10.0
                    };
                    decimal((base.unwrap_or(1.0) + if up { away } else { -away }).max(0.0))
                }
            }
        };
        let values: Vec<String> = transcript.variables.iter().map(&mut draw).collect();
        let ranged =
            |variable: usize| matches!(transcript.variables[variable].kind, Kind::Range(..));
        let number = |variable: usize| {
            if ranged(variable) {
                None
            } else {
                values[variable].parse().ok()
            }
        };
        transcript
            .rules
            .iter()
            .all(|rule| rule.holds_for(number))
            .then_some(values)
    })
}

/// A legal run whose unforeseeable values are given; ranges are chosen on the way.
pub(crate) fn walk(
    transcript: &Transcript,
    values: &[String],
    guide: &mut impl Guide,
) -> Option<Run> {
    let mut walk = Walk {
        transcript,
        values: values.to_vec(),
        guide,
        steps: 0,
    };
    for (variable, value) in transcript.variables.iter().zip(&mut walk.values) {
        if matches!(variable.kind, Kind::Range(..)) {
            value.clear();
        }
    }
    let run = Run {
        events: Vec::new(),
        lines: Vec::new(),
    };
    let done = vec![0; transcript.lanes.len()];
    walk.descend(run, &done, &Tally::new(&transcript.rules))
}

struct Walk<'a, G> {
    transcript: &'a Transcript,
    /// A range that is not chosen yet is empty.
    values: Vec<String>,
    guide: &'a mut G,
    steps: usize,
}

impl<G: Guide> Walk<'_, G> {
    fn descend(&mut self, run: Run, done: &[u32], tally: &Tally) -> Option<Run> {
        self.steps += 1;
        let transcript = self.transcript;
        let lanes = &transcript.order.lanes;
        if (0..done.len()).all(|lane| done[lane] as usize == lanes[lane].len()) {
            let number = |variable: usize| self.values[variable].parse().ok();
            return tally.end(&transcript.rules, number).is_ok().then_some(run);
        }
        let next = (0..done.len()).filter_map(|lane| lanes[lane].get(done[lane] as usize).copied());
        let enabled = next.filter(|&event| transcript.order.enabled(event, done));
        let mut steps: Vec<Step> = enabled.flat_map(|event| self.ways(event, &run)).collect();
        self.guide.arrange(done, &mut steps);
        while let Some(step) = steps.pop() {
            if self.steps > BUDGET {
                return None;
            }
            let (mut run, mut done, mut tally) = (run.clone(), done.to_vec(), tally.clone());
            let event = &transcript.events[step.event];
            let Some(chosen) = &step.values else {
                done[event.lane] += 1;
                if let found @ Some(_) = self.descend(run, &done, &tally) {
                    return found;
                }
                continue;
            };
            for (variable, value) in chosen {
                self.values[*variable].clone_from(value);
            }
            let line = transcript.fill(step.event, |variable| Some(&self.values[variable]));
            let legal = tally.line(&transcript.rules, &line).is_ok();
            run.lines.push(line);
            run.events.push(step.event);
            // A repeated event stays next until it is passed over.
            if event.times != Times::Many {
                done[event.lane] += 1;
            }
            if legal && let found @ Some(_) = self.descend(run, &done, &tally) {
                return found;
            }
            for (variable, _) in chosen {
                self.values[*variable].clear();
            }
        }
        None
    }

    /// All that one enabled event can do.
    fn ways(&self, event: usize, run: &Run) -> Vec<Step> {
        let transcript = self.transcript;
        let times = transcript.events[event].times;
        let mut ways = Vec::new();
        if times != Times::Once {
            ways.push(Step {
                event,
                values: None,
            });
        }
        let repeats = run
            .events
            .iter()
            .rev()
            .filter(|&&other| other == event)
            .count();
        if times == Times::Many && repeats == MOST_REPEATS {
            return ways;
        }
        let mut chosen: Vec<Vec<(usize, String)>> = vec![Vec::new()];
        let mut seen = Vec::new();
        for piece in &transcript.events[event].pattern {
            let Piece::Hole(variable) = piece else {
                continue;
            };
            let Variable {
                kind: Kind::Range(from, to),
                fresh,
                ..
            } = transcript.variables[*variable]
            else {
                continue;
            };
            if (fresh || self.values[*variable].is_empty()) && !seen.contains(variable) {
                seen.push(*variable);
                chosen = (from..=to)
                    .rev()
                    .flat_map(|value| chosen.iter().map(move |head| (head, value)))
                    .map(|(head, value)| {
                        head.iter()
                            .cloned()
                            .chain([(*variable, value.to_string())])
                            .collect()
                    })
                    .collect();
            }
        }
        ways.extend(chosen.into_iter().map(|values| Step {
            event,
            values: Some(values),
        }));
        ways
    }
}
