//! What has happened in a directed run, a row each: the moves, and what follows from them.

use runner::{Act, Blocked, Move, Step};

use super::position::{How, Made};
use super::processes::one_line;
use crate::directed::does;
use crate::labels::Labels;

/// The signals that a handler may catch, and that end a process without one.
const DEADLY: [&str; 5] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT"];

/// A run up to the present moment.
pub(super) struct Happened<'a> {
    pub(super) steps: &'a [Step],
    /// The moments at which a choice was made: how many steps there were, and the options.
    pub(super) asked: &'a [(usize, Vec<Move>)],
    /// The moves that are possible now, and the tasks that wait.
    pub(super) options: &'a [Move],
    pub(super) blocked: &'a [Blocked],
}

impl Happened<'_> {
    /// For each step, its row and those of what follows from it.
    pub(super) fn rows(&self, labels: &Labels<'_>) -> Vec<Vec<Made>> {
        let steps = self.steps.iter().enumerate();
        let mut rows: Vec<Vec<Made>> = steps
            .map(|(at, step)| {
                let mut made = made(labels, step);
                made.text += self.killed(at).unwrap_or_default();
                vec![made]
            })
            .collect();
        for (at, text) in self.vain_wakes(labels) {
            if let Some(rows) = rows.get_mut(at) {
                rows.push(Made { how: How::Follows, text });
            }
        }
        rows
    }

    /// What a deadly signal has done to a process that has made no move since, and is there no longer.
    fn killed(&self, at: usize) -> Option<&'static str> {
        let made = &self.steps[at].made;
        let (signal, pid) = made.text.split_once(" to ").filter(|_| made.act == Act::Signal)?;
        // Of one that had ended before, the text says so.
        let pid: i32 = pid.parse().ok()?;
        let is_there = self.options.iter().any(|option| option.pid == pid)
            || self.blocked.iter().any(|blocked| blocked.pid == pid)
            || self.steps[at + 1..].iter().any(|step| step.made.pid == pid);
        match signal {
            _ if is_there => None,
            "SIGKILL" => Some(", which is killed"),
            _ if DEADLY.contains(&signal) => Some(", which then ends"),
            _ => None,
        }
    }

    /// The tasks that were about to wake another one, and went on without it, each with the step of the choice that was
    /// made instead: nothing is held that no task can notice.
    fn vain_wakes(&self, labels: &Labels<'_>) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (moment, (at, options)) in self.asked.iter().enumerate() {
            let later = self.asked.get(moment + 1);
            let end = later.map_or(self.steps.len(), |(steps, _)| *steps);
            let options_then = later.map_or(self.options, |(_, options)| options);
            let wakes = options.iter().filter(|option| option.act == Act::Wake);
            for wake in wakes {
                let mut since = self.steps[*at..end].iter().map(|step| &step.made);
                let is_held = options_then.contains(wake);
                if !is_held
                    && !since.any(|made| made.thread == wake.thread && made.act == Act::Wake)
                {
                    let name = labels.name(&wake.thread);
                    found.push((*at, format!("{name} has no task to wake any more, and goes on")));
                }
            }
        }
        found
    }
}

fn made(labels: &Labels<'_>, step: &Step) -> Made {
    let name = labels.name(&step.made.thread);
    let act = match step.made.act {
        Act::Print => format!("prints  {}", one_line(&step.made.text)),
        _ => labels.with_names(&does(&step.made)),
    };
    let how = if step.is_forced() { How::Forced } else { How::Chosen };
    Made { how, text: format!("{name} {act}") }
}
