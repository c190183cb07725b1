//! Names for the tasks of a directed run: the lanes of the transcript in which they print.

use std::collections::BTreeMap;

use runner::{Act, Blocked, Move, Name, Step, WaitsFor};
use transcript::{Timing, Transcript, Verdict};

use crate::directed::{does, does_next};

/// A task that is about to print, and the lane of its line.
pub(crate) type Pending = (Name, Option<usize>);

/// What is known about the tasks of a run at one moment.
pub(crate) struct Labels<'a> {
    transcript: &'a Transcript,
    lanes: BTreeMap<Name, usize>,
    pids: BTreeMap<Name, i32>,
    /// Whether the scene prints numbers of processes, so that the reader has to know them.
    has_pids: bool,
    /// The task that printed each line so far.
    authors: Vec<Name>,
    /// The lines of a run in the usual order: the task that printed each, and its text as [`told`] has it. Empty if
    /// this run has left that order.
    usual: Vec<(Name, String)>,
}

impl<'a> Labels<'a> {
    /// `lanes_so_far` are the lanes of the lines that the steps have printed, and `pending` are the lanes of the lines
    /// that come next, one a task. `usual` are the steps of a run in the usual order, and whether it still tells
    /// something about this one. `options` are all moves that were possible at any moment. `blocked` are the tasks that
    /// have waited at any moment; they give the pids.
    pub(crate) fn new(
        transcript: &'a Transcript,
        (steps, lanes_so_far, pending): (&[Step], &[Option<usize>], &[Pending]),
        (usual, is_guide): (&[Step], bool),
        (options, blocked): (&[&Move], &[&Blocked]),
    ) -> Self {
        let moves = || steps.iter().map(|step| &step.made).chain(options.iter().copied());
        let mut pids: BTreeMap<Name, i32> = BTreeMap::new();
        pids.extend(moves().map(|made| (made.thread.clone(), made.pid)));
        pids.extend(blocked.iter().map(|blocked| (blocked.thread.clone(), blocked.pid)));
        let authors = authors(steps);
        let output: String = printed(usual).collect();
        let usual_lanes = lanes(transcript, &transcript.judge(&output, Timing::Waived));
        let usual_authors = self::authors(usual);
        let so_far = authors.iter().cloned().zip(lanes_so_far.iter().copied());
        let (by, in_lanes): (Vec<_>, Vec<_>) = so_far.chain(pending.iter().cloned()).unzip();
        let (here, usual_lines) =
            ((&by[..], &in_lanes[..]), (&usual_authors[..], &usual_lanes[..]));
        let mut lanes = task_lanes(here, usual_lines);
        // If one lane has changed its task, any other may.
        let keeps_lanes = pairs(here).iter().all(|(task, lane)| {
            let usual = pairs(usual_lines);
            let of_lane = usual.iter().filter(|(_, other)| other == lane);
            of_lane.map(|(other, _)| other).all(|other| other == task)
        });
        lanes.retain(|task, _| keeps_lanes || by.contains(task));
        let has_pids = moves().any(|made| {
            made.act == Act::Print && made.neutral != made.text && made.neutral.contains('<')
        });
        let prints = || usual.iter().filter(|step| step.made.act == Act::Print);
        let neutral: String = prints().map(|step| step.made.neutral.as_str()).collect();
        let told = neutral.lines().zip(output.lines()).map(|(neutral, line)| told(neutral, line));
        let usual = usual_authors.into_iter().zip(told).filter(|_| is_guide).collect();
        Self { transcript, lanes, pids, has_pids, authors, usual }
    }

    /// The names in a whole run.
    pub(crate) fn of_run(transcript: &'a Transcript, steps: &[Step]) -> Self {
        let output: String = printed(steps).collect();
        let lanes = lanes(transcript, &transcript.judge(&output, Timing::Waived));
        Self::new(transcript, (steps, &lanes, &[]), (&[], true), (&[], &[]))
    }

    /// The lane in which the task prints, if no other one prints there.
    pub(crate) fn lane(&self, task: &Name) -> Option<usize> {
        self.lanes.get(task).copied()
    }

    /// `child`, `child (4711)`, `process 4711`, `first process`, `main thread`, `process #0.1`, `thread #0.2`. The
    /// number of a birth has a mark, since scenes have a `process 1` and a `thread 2` of their own.
    pub(crate) fn name(&self, task: &Name) -> String {
        let lane = self.lane(task).and_then(|lane| self.transcript.lanes().get(lane));
        let pid = self.pids.get(task).copied().unwrap_or(0);
        let is_alone = self.pids.values().filter(|other| **other == pid).count() == 1;
        match lane {
            Some(lane) if is_alone && self.has_pids => format!("{lane} ({pid})"),
            Some(lane) => lane.clone(),
            None if is_alone && self.has_pids => format!("process {pid}"),
            None => match (task.to_string().as_str(), is_alone) {
                ("0", true) => "first process".to_owned(),
                ("0", false) => "main thread".to_owned(),
                (birth, true) => format!("process #{birth}"),
                (birth, false) => format!("thread #{birth}"),
            },
        }
    }

    /// A move as a policy sees it, with a name in the place of the task's birth.
    pub(crate) fn described(&self, it: &orders::Move) -> String {
        let (birth, text) = (it.task.to_string(), it.to_string());
        let known = self.pids.keys().find(|task| task.to_string() == birth);
        match known.zip(text.strip_prefix(&birth)) {
            Some((task, does)) => format!("{}{}", self.name(task), self.with_pids(does)),
            None => text,
        }
    }

    /// What a move does: `wakes child`, `sends SIGTERM to child`.
    pub(crate) fn does(&self, made: &Move) -> String {
        match made.act {
            Act::Wake => format!("wakes {}", self.named(&made.text)),
            _ => self.with_names(&does(made)),
        }
    }

    /// What a task is about to do: `wake child`, `send SIGTERM to child`.
    pub(crate) fn does_next(&self, option: &Move) -> String {
        match option.act {
            Act::Wake => format!("wake {}", self.named(&option.text)),
            _ => self.with_names(&does_next(option)),
        }
    }

    /// What a blocked task waits for: `waits for child (4711) to end`.
    pub(crate) fn waits(&self, blocked: &Blocked) -> String {
        match (&blocked.on, &self.waits_for(blocked)[..]) {
            (None, _) => "waits".to_owned(),
            (Some(WaitsFor::Pause), _) => "sleeps: its end is not near".to_owned(),
            (Some(WaitsFor::Child(_) | WaitsFor::Children(_)), [others @ .., last]) => {
                let others = others.join(", ");
                let and = if others.is_empty() { "" } else { " and " };
                format!("waits for {others}{and}{last} to end")
            }
            (Some(WaitsFor::Events), _) => "waits for input, or another event".to_owned(),
            (Some(on), _) => self.with_names(&on.to_string()),
        }
    }

    /// The names of the processes for whose ends a blocked task waits, as far as they are known.
    pub(crate) fn waits_for(&self, blocked: &Blocked) -> Vec<String> {
        let pids = match &blocked.on {
            Some(WaitsFor::Child(pid)) => pid.as_slice(),
            Some(WaitsFor::Children(pids)) => pids,
            _ => &[],
        };
        pids.iter().filter_map(|pid| Some(self.name(self.tasks_of(*pid).next()?))).collect()
    }

    /// The threads of a process, the first one first.
    pub(crate) fn tasks_of(&self, pid: i32) -> impl Iterator<Item = &Name> {
        self.pids.iter().filter(move |(_, other)| **other == pid).map(|(name, _)| name)
    }

    /// The text with names in the place of births: `0.1 and 0.2`.
    pub(crate) fn named(&self, text: &str) -> String {
        let named = |word: &str| {
            let name = self.pids.keys().find(|name| name.to_string() == word);
            name.map_or_else(|| word.to_owned(), |name| self.name(name))
        };
        text.split(' ').map(named).collect::<Vec<_>>().join(" ")
    }

    /// The text with names in the place of numbers of processes.
    pub(crate) fn with_names(&self, text: &str) -> String {
        let named = |word: &str| {
            let digits = word.trim_end_matches(',');
            let name = self.tasks_of(digits.parse().ok()?).next()?;
            Some(format!("{}{}", self.name(name), &word[digits.len()..]))
        };
        let words = text.split(' ').map(|word| named(word).unwrap_or_else(|| word.to_owned()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The next line that the task has printed in the usual order, if it has printed more there than here.
    pub(crate) fn later(&self, task: &Name) -> Option<String> {
        let so_far = self.authors.iter().filter(|author| *author == task).count();
        let mut lines = self.usual.iter().filter(|(author, _)| author == task);
        let (_, line) = lines.nth(so_far)?;
        Some(self.with_pids(line))
    }

    /// The text with the numbers of processes in the place of `<0.2>`, where they are known.
    fn with_pids(&self, text: &str) -> String {
        let known = |text: String, (name, pid): (&Name, &i32)| {
            text.replace(&format!("<{name}>"), &pid.to_string())
        };
        self.pids.iter().fold(runner::escaped(text), known)
    }

    /// For each line so far, the name of the task that printed it.
    pub(crate) fn authors(&self) -> Vec<String> {
        self.authors.iter().map(|author| self.name(author)).collect()
    }
}

/// A line of another run. What differs from run to run is left out, but for the names of processes.
fn told(neutral: &str, line: &str) -> String {
    let (words, its) = (neutral.split(' '), line.split(' '));
    if words.clone().count() != its.clone().count() {
        return neutral.to_owned();
    }
    let told = words.zip(its).map(|(word, its)| match word {
        word if word == its || word.contains('<') => word,
        _ => "…",
    });
    told.collect::<Vec<_>>().join(" ")
}

/// Whether each task has printed, or is about to print, what it printed in the usual order. If `is_whole` is false,
/// that run was ended before its end.
pub(crate) fn follows(
    (steps, options): (&[Step], &[Move]),
    (usual, is_whole): (&[Step], bool),
) -> bool {
    let prints = |made: &&Move| made.act == Act::Print;
    let here = || steps.iter().map(|step| &step.made).chain(options).filter(prints);
    let of = |moves: &mut dyn Iterator<Item = &Move>, task: &Name| -> String {
        moves.filter(|made| made.thread == *task).map(|made| made.neutral.as_str()).collect()
    };
    here().all(|made| {
        let usual = of(&mut usual.iter().map(|step| &step.made).filter(prints), &made.thread);
        let here = of(&mut here(), &made.thread);
        usual.starts_with(&here) || !is_whole && here.starts_with(&usual)
    })
}

/// The texts that were printed.
pub(crate) fn printed(steps: &[Step]) -> impl Iterator<Item = &str> {
    steps.iter().filter(|step| step.made.act == Act::Print).map(|step| step.made.text.as_str())
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

/// For each line, who printed it, and in which lane.
pub(crate) type Lines<'a, N> = (&'a [N], &'a [Option<usize>]);

/// The lane of each task that prints in one lane only, and shares it with no other task. What this run shows counts
/// more than what another one has shown, since lanes may change roles; but a lane that was shared there is no task's
/// own.
pub(crate) fn task_lanes<N: Clone + Ord>(
    here: Lines<'_, N>,
    usual: Lines<'_, N>,
) -> BTreeMap<N, usize> {
    let (here, usual) = (pairs(here), pairs(usual));
    let mut own: BTreeMap<N, usize> = BTreeMap::new();
    for (author, lane) in here.iter().filter(|(author, lane)| {
        let others = usual.iter().filter(|(_, other)| other == lane).map(|(author, _)| author);
        is_only(&here, author, *lane) && all_equal(others) && prints_in_one(&usual, author)
    }) {
        own.insert((*author).clone(), *lane);
    }
    for (author, lane) in usual.iter().filter(|(author, lane)| is_only(&usual, author, *lane)) {
        let is_free = here.iter().all(|(other, others)| other != author && others != lane);
        if is_free {
            own.insert((*author).clone(), *lane);
        }
    }
    own
}

fn pairs<'a, N>((authors, lanes): Lines<'a, N>) -> Vec<(&'a N, usize)> {
    authors.iter().zip(lanes).filter_map(|(author, lane)| Some((author, (*lane)?))).collect()
}

/// Whether the task prints in this lane only, and no other task does.
fn is_only<N: PartialEq>(pairs: &[(&N, usize)], author: &N, lane: usize) -> bool {
    pairs.iter().all(|(other, others)| (*other == author) == (*others == lane))
}

fn prints_in_one<N: PartialEq>(pairs: &[(&N, usize)], author: &N) -> bool {
    all_equal(pairs.iter().filter(|(other, _)| *other == author).map(|(_, lane)| lane))
}

fn all_equal<T: PartialEq>(mut items: impl Iterator<Item = T>) -> bool {
    let first = items.next();
    items.all(|item| Some(item) == first)
}

/// For each line of an output, its lane if it has one.
pub(crate) fn lanes(transcript: &Transcript, verdict: &Verdict) -> Vec<Option<usize>> {
    match verdict {
        Verdict::Accepted(accepted) => {
            let lane = |event: &usize| transcript.events().get(*event).map(|event| event.lane);
            accepted.events.iter().map(lane).collect()
        }
        Verdict::Rejected(rejected) => rejected.lanes.clone(),
        Verdict::Undecided(_) => Vec::new(),
    }
}
