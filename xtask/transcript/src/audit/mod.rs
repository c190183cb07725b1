//! Is a transcript as strict as it looks?

mod oracle;

use fastrand::Rng;
use oracle::legal;

use crate::judge::{Timing, Verdict};
use crate::legal::{AnyOrder, Guide, Run, Step, random_values, walk};
use crate::model::{Kind, Piece, Transcript};

/// How a transcript did.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// Legal outputs that were accepted, of `legal` sampled.
    pub legal_accepted: usize,
    /// Legal outputs that were tried.
    pub legal: usize,
    /// Illegal outputs that were rejected, of `illegal` made.
    pub illegal_rejected: usize,
    /// Illegal outputs that were tried.
    pub illegal: usize,
    /// Edges that a rule keeps from being broken alone, as `before / after`.
    pub excused: Vec<String>,
    /// What went wrong, each with the output in question.
    pub failures: Vec<String>,
}

/// Legal outputs sampled.
const SAMPLES: usize = 200;

/// Runs that are spoilt in every way.
const SPOILT_RUNS: usize = 3;

impl Transcript {
    /// Tries legal outputs, which must be accepted, and spoilt ones, which must be rejected.
    ///
    /// Spoilt are: for every covering edge the two lines swapped, and every line dropped, doubled, with another pid,
    /// with another number. A spoilt output that is legal all the same (two lines that read alike) does not count.
    pub fn audit(&self, seed: u64) -> Audit {
        let mut auditor =
            Auditor { transcript: self, rng: Rng::with_seed(seed), audit: Audit::default() };
        auditor.legal();
        auditor.swapped();
        auditor.spoilt();
        auditor.audit
    }
}

struct Auditor<'t> {
    transcript: &'t Transcript,
    rng: Rng,
    audit: Audit,
}

impl Auditor<'_> {
    fn legal(&mut self) {
        for _ in 0..SAMPLES {
            let Some(lines) = self.transcript.sample(&mut self.rng) else {
                self.audit.legal += 1;
                self.audit.failures.push(
                    "no legal output could be made: do the rules contradict the events?".to_owned(),
                );
                return;
            };
            self.audit.legal += 1;
            match self.transcript.judge(&joined(&lines), Timing::Judged) {
                Verdict::Accepted(_) => self.audit.legal_accepted += 1,
                Verdict::Rejected(why) => {
                    self.fail("a legal output was rejected", &lines, &why.to_string());
                }
                Verdict::Undecided { states } => {
                    self.fail(
                        "a legal output was undecided",
                        &lines,
                        &format!("after {states} states"),
                    );
                }
            }
        }
    }

    fn swapped(&mut self) {
        for edge in self.transcript.covering_edges() {
            let (before, after) = (edge.before, edge.after);
            let Some(values) = random_values(self.transcript, &mut self.rng) else {
                return;
            };
            let mut guide =
                SideBySide { transcript: self.transcript, before, after, rng: &mut self.rng };
            let run = walk(self.transcript, &values, &mut guide);
            let neighbours =
                |run: &Run| run.events.windows(2).position(|pair| pair == [before, after]);
            let Some((run, line)) = run.and_then(|run| neighbours(&run).map(|line| (run, line)))
            else {
                let text = |event: usize| self.transcript.events[event].text.as_str();
                self.audit.excused.push(format!("{} / {}", text(before), text(after)));
                continue;
            };
            let mut lines = run.lines.clone();
            lines.swap(line, line + 1);
            self.illegal(
                &run,
                &lines,
                &format!("lines {} and {} swapped ({})", line + 1, line + 2, edge.reason),
            );
        }
    }

    fn spoilt(&mut self) {
        for _ in 0..SPOILT_RUNS {
            let Some(values) = random_values(self.transcript, &mut self.rng) else {
                return;
            };
            let Some(run) = walk(self.transcript, &values, &mut AnyOrder(&mut self.rng)) else {
                return;
            };
            for line in 0..run.lines.len() {
                let number = line + 1;
                let mut dropped = run.lines.clone();
                dropped.remove(line);
                self.illegal(&run, &dropped, &format!("line {number} dropped"));
                let mut doubled = run.lines.clone();
                doubled.insert(line, run.lines[line].clone());
                self.illegal(&run, &doubled, &format!("line {number} doubled"));
                for (what, text) in self.altered(&run, line) {
                    let mut lines = run.lines.clone();
                    lines[line] = text;
                    self.illegal(&run, &lines, &format!("line {number}: {what}"));
                }
            }
        }
    }

    /// The line with one of its numbers changed, in each way that should matter.
    fn altered(&self, run: &Run, line: usize) -> Vec<(String, String)> {
        let transcript = self.transcript;
        let event = run.events[line];
        let mut altered = Vec::new();
        let mut rest = run.lines[line].as_str();
        let mut before = String::new();
        for piece in &transcript.events[event].pattern {
            let (part, changed) = match piece {
                Piece::Text(text) => {
                    (text.as_str(), next_number(text).map(|text| ("another number", text)))
                }
                Piece::Hole(variable) => {
                    let kind = transcript.variables[*variable].kind;
                    let length = rest.find(|c| !kind.allows(c)).unwrap_or(rest.len());
                    let part = &rest[..length];
                    (part, self.another(*variable, part))
                }
            };
            rest = &rest[part.len().min(rest.len())..];
            if let Some((what, changed)) = changed {
                altered.push((what.to_owned(), format!("{before}{changed}{rest}")));
            }
            before.push_str(part);
        }
        altered
    }

    /// A value that a variable must not have here, if there is one.
    fn another(&self, variable: usize, value: &str) -> Option<(&'static str, String)> {
        let transcript = self.transcript;
        let kind = transcript.variables[variable].kind;
        let twice = (0..transcript.events.len())
            .filter(|&event| transcript.variables_of(event).any(|v| v == variable))
            .count()
            > 1;
        match kind {
            Kind::Range(_, to) => Some(("a number out of range", (to + 1).to_string())),
            Kind::Pid | Kind::Tid if twice => {
                Some(("another pid", (value.parse::<u64>().ok()? + 4_194_304).to_string()))
            }
            Kind::Int if twice => {
                Some(("another number", (value.parse::<i64>().ok()? + 1).to_string()))
            }
            Kind::Secs if twice => Some(("another number", format!("{value}9"))),
            Kind::Secs => {
                let below = "0.0".to_owned();
                (!transcript.variables[variable].admits(&below))
                    .then_some(("too short a time", below))
            }
            _ => None,
        }
    }

    /// Judges an output that should be illegal, unless it happens to be legal.
    fn illegal(&mut self, run: &Run, lines: &[String], what: &str) {
        if lines == run.lines || legal(self.transcript, lines) {
            return;
        }
        self.audit.illegal += 1;
        match self.transcript.judge(&joined(lines), Timing::Judged) {
            Verdict::Rejected(_) => self.audit.illegal_rejected += 1,
            Verdict::Accepted(_) => self.fail("an illegal output was accepted", lines, what),
            Verdict::Undecided { states } => self.fail(
                "an illegal output was undecided",
                lines,
                &format!("{what}, after {states} states"),
            ),
        }
    }

    fn fail(&mut self, what: &str, lines: &[String], why: &str) {
        self.audit.failures.push(format!("{what}: {why}\n{}", joined(lines)));
    }
}

/// Steers a run so that two events come one directly after the other.
struct SideBySide<'a> {
    transcript: &'a Transcript,
    before: usize,
    after: usize,
    rng: &'a mut Rng,
}

impl Guide for SideBySide<'_> {
    fn arrange(&mut self, done: &[u32], choices: &mut Vec<Step>) {
        let order = &self.transcript.order;
        let lane = |event: usize| self.transcript.events[event].lane;
        let happened = |event: usize| done[lane(event)] > order.position[event];
        if happened(self.before) && !happened(self.after) {
            choices.retain(|step| step.event == self.after && step.prints());
        } else if !happened(self.before) {
            let mut then = done.to_vec();
            then[lane(self.before)] = then[lane(self.before)].max(order.position[self.before] + 1);
            let ready = order.enabled(self.after, &then);
            choices.retain(|step| step.event != self.before || (ready && step.prints()));
        }
        AnyOrder(self.rng).arrange(done, choices);
    }
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The text with its last number one greater, if it has one.
fn next_number(text: &str) -> Option<String> {
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = text[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let number = text[start..end].parse::<u64>().ok()?.checked_add(1)?;
    Some(format!("{}{number}{}", &text[..start], &text[end..]))
}
