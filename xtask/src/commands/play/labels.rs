//! Names for the tasks of a directed run: the lanes of the transcript in which they print.

use std::collections::BTreeMap;

use runner::{Act, Blocked, Move, Name, Step};
use transcript::{Timing, Transcript};

use super::position::lanes;
use super::processes::printed;

/// What is known about the tasks of a run at one moment.
pub(super) struct Labels<'a> {
    transcript: &'a Transcript,
    lanes: BTreeMap<Name, usize>,
    pids: BTreeMap<Name, i32>,
    /// Whether the scene prints numbers of processes, so that the reader has to know them.
    has_pids: bool,
    /// Who printed each line so far.
    authors: Vec<Name>,
    /// The lines of a whole run, in which the director chose: who printed each, and its text without numbers of
    /// processes.
    usual: Vec<(Name, String)>,
}

impl<'a> Labels<'a> {
    /// `lanes` are those of the lines that the steps have printed. `usual` are the steps of a whole run.
    pub(super) fn new(
        transcript: &'a Transcript,
        (steps, lanes_so_far): (&[Step], &[Option<usize>]),
        usual: &[Step],
        (options, blocked): (&[Move], &[Blocked]),
    ) -> Self {
        let moves = || steps.iter().map(|step| &step.made).chain(options);
        let mut pids: BTreeMap<Name, i32> = BTreeMap::new();
        pids.extend(moves().map(|made| (made.thread.clone(), made.pid)));
        pids.extend(blocked.iter().map(|blocked| (blocked.thread.clone(), blocked.pid)));
        let authors = authors(steps);
        let output: String = printed(usual).collect();
        let usual_lanes = lanes(transcript, &transcript.judge(&output, Timing::Waived));
        let usual_authors = self::authors(usual);
        // What this run shows counts more than what another one has shown.
        let mut known = only_lanes(&authors, lanes_so_far);
        for (name, lane) in only_lanes(&usual_authors, &usual_lanes) {
            if !known.contains_key(&name) && !known.values().any(|other| *other == lane) {
                known.insert(name, lane);
            }
        }
        let has_pids = moves().any(|made| {
            made.act == Act::Print && made.neutral != made.text && made.neutral.contains('<')
        });
        let neutral: String = usual
            .iter()
            .filter(|step| step.made.act == Act::Print)
            .map(|step| step.made.neutral.as_str())
            .collect();
        let usual = usual_authors.into_iter().zip(neutral.lines().map(str::to_owned)).collect();
        Self { transcript, lanes: known, pids, has_pids, authors, usual }
    }

    /// The lane in which the task prints, if no other one prints there.
    pub(super) fn lane(&self, task: &Name) -> Option<usize> {
        self.lanes.get(task).copied()
    }

    /// `child`, `child (4711)`, `process 4711`, `thread 0.2`.
    pub(super) fn name(&self, task: &Name) -> String {
        let lane = self.lane(task).and_then(|lane| self.transcript.lanes().get(lane));
        let pid = self.pids.get(task).copied().unwrap_or(0);
        let is_alone = self.pids.values().filter(|other| **other == pid).count() == 1;
        match lane {
            Some(lane) if is_alone && self.has_pids => format!("{lane} ({pid})"),
            Some(lane) => lane.clone(),
            None if is_alone => format!("process {pid}"),
            None => format!("thread {task}"),
        }
    }

    /// What a blocked task waits for, with names in the place of numbers of processes.
    pub(super) fn waits(&self, blocked: &Blocked) -> String {
        let Some(on) = &blocked.on else { return "waits".to_owned() };
        let named = |word: &str| {
            let digits = word.trim_end_matches(',');
            let pid: i32 = digits.parse().ok()?;
            // The first of its threads.
            let (name, _) = self.pids.iter().find(|(_, other)| **other == pid)?;
            Some(format!("{}{}", self.name(name), &word[digits.len()..]))
        };
        let text = on.to_string();
        let words = text.split(' ').map(|word| named(word).unwrap_or_else(|| word.to_owned()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The next line that the task has printed in another run, if it has printed more there than here.
    pub(super) fn later(&self, task: &Name) -> Option<String> {
        let so_far = self.authors.iter().filter(|author| *author == task).count();
        let mut lines = self.usual.iter().filter(|(author, _)| author == task);
        let (_, line) = lines.nth(so_far)?;
        Some(format!("later: {}", self.with_pids(line)))
    }

    /// The text with the numbers of processes in the place of `<0.2>`, where they are known.
    fn with_pids(&self, text: &str) -> String {
        let known = |text: String, (name, pid): (&Name, &i32)| {
            text.replace(&format!("<{name}>"), &pid.to_string())
        };
        self.pids.iter().fold(runner::escaped(text), known)
    }

    /// For each line so far, the name of the task that printed it.
    pub(super) fn authors(&self) -> Vec<String> {
        self.authors.iter().map(|author| self.name(author)).collect()
    }
}

/// For each line that the steps have printed, the task that has ended it. A task may print a line in several pieces.
fn authors(steps: &[Step]) -> Vec<Name> {
    let mut authors = Vec::new();
    let mut is_open = false;
    for made in steps.iter().map(|step| &step.made).filter(|made| made.act == Act::Print) {
        let lines = made.text.matches('\n').count();
        authors.extend(std::iter::repeat_n(made.thread.clone(), lines));
        is_open = !made.text.ends_with('\n') && !made.text.is_empty();
    }
    let last = steps.iter().rev().find(|step| step.made.act == Act::Print);
    authors.extend(last.filter(|_| is_open).map(|step| step.made.thread.clone()));
    authors
}

/// The lane of each task that prints in only one, and shares it with no other task.
fn only_lanes(authors: &[Name], lanes: &[Option<usize>]) -> BTreeMap<Name, usize> {
    let pairs: Vec<_> =
        authors.iter().zip(lanes).filter_map(|(author, lane)| Some((author, (*lane)?))).collect();
    let is_only = |(author, lane): &(&Name, usize)| {
        pairs.iter().all(|(other, others)| (other == author) == (others == lane))
    };
    pairs
        .iter()
        .filter(|pair| is_only(pair))
        .map(|(author, lane)| ((*author).clone(), *lane))
        .collect()
}
