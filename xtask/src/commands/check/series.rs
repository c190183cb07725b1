//! The sum of several runs of one scene.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use course::hash;
use transcript::{Sightings, Timing};

use super::explored::Schedules;
use crate::attacks::{Attacked, Varied};
use crate::judgement::{Failure, Judgement};
use crate::player::Played;

/// The sum of the runs so far.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// How many runs were accepted.
    pub(super) accepted: u32,
    /// What they have shown of the `seen` rules.
    pub(super) sightings: Sightings,
    /// The different legal outputs among them.
    shapes: HashSet<u64>,
    /// How long the longest run took.
    pub(super) seconds: f64,
    /// Notes about runs that are no failures.
    pub(super) notes: BTreeSet<String>,
    /// The longest stall that kept a run's times from being judged.
    stall: Option<Duration>,
    /// Whether the times of any run were judged.
    judged: bool,
    /// Why this machine cannot play the scene.
    pub(super) skipped: Option<String>,
    /// The first run that failed: its number, why, and what it printed.
    pub(super) failed: Option<(u32, Failure, Played)>,
    /// What attacks have shown.
    pub(super) attacked: Option<Box<Attacked>>,
    /// What the schedules of its program have shown.
    pub(super) explored: Option<Schedules>,
}

impl Series {
    pub(super) fn add(&mut self, run: u32, judgement: Judgement, played: Played) {
        self.seconds = self.seconds.max(played.recording.wall.as_secs_f64());
        match judgement {
            Judgement::Passed(accepted) => {
                self.accepted += 1;
                self.sightings.add(&accepted);
                self.shapes.insert(hash(&accepted.shape));
                self.notes.extend(accepted.warnings);
                match played.timing {
                    Timing::Judged => self.judged = true,
                    Timing::Waived => self.stall = self.stall.max(Some(played.recording.stall)),
                }
            }
            Judgement::Skipped(reason) => self.skipped = Some(reason),
            Judgement::Failed(failure) => {
                let earlier = self.failed.as_ref().is_some_and(|(first, ..)| *first < run);
                if !earlier {
                    self.failed = Some((run, failure, played));
                }
            }
        }
    }

    /// Notes what other orders have shown than those of the attacks.
    pub(super) fn vary(&mut self, varied: Varied) {
        if let Some(attacked) = &mut self.attacked {
            attacked.add(varied);
        }
    }

    /// Notes what the schedules of its program have shown. All schedules are every order.
    pub(super) fn explore(&mut self, explored: Schedules) {
        if let Some(attacked) = &mut self.attacked {
            attacked.every_order |= explored.are_all();
        }
        self.explored = Some(explored);
    }

    /// How many different legal outputs were seen.
    pub(super) fn seen(&self) -> usize {
        let directed = self.attacked.iter().flat_map(|attacked| &attacked.shapes);
        let explored = self.explored.iter().flat_map(|explored| &explored.shapes);
        let mut shapes = self.shapes.clone();
        shapes.extend(directed.chain(explored).map(hash));
        shapes.len()
    }

    /// The longest stall, if stalls kept the times of all runs from being judged. None if a run failed: the report is
    /// about that run, and its times may have been judged.
    pub(super) fn unjudged(&self) -> Option<Duration> {
        self.stall.filter(|_| !self.judged && self.failed.is_none())
    }
}

#[cfg(test)]
mod tests {
    use runner::{Ending, Recording};
    use transcript::{Transcript, Verdict};

    use super::*;
    use crate::judgement::Cause;

    fn played(stall: u64) -> Played {
        let recording = Recording {
            lines: Vec::new(),
            processes: Vec::new(),
            ending: Ending::Code(0),
            leftovers: Vec::new(),
            wall: Duration::ZERO,
            processor: None,
            stall: Duration::from_millis(stall),
        };
        Played { recording, timing: if stall == 0 { Timing::Judged } else { Timing::Waived } }
    }

    fn passed() -> Judgement {
        let transcript = Transcript::parse("t.txt", "main | hello\n").unwrap();
        let Verdict::Accepted(accepted) = transcript.judge("hello\n", Timing::Waived) else {
            panic!("rejected")
        };
        Judgement::Passed(accepted)
    }

    #[test]
    fn only_runs_that_all_stalled_and_passed_are_unjudged() {
        let mut series = Series::default();
        series.add(1, passed(), played(49));
        series.add(2, passed(), played(30));
        assert_eq!(series.unjudged(), Some(Duration::from_millis(49)));

        series.add(3, Judgement::Failed(Cause::Crashed(9).into()), played(0));
        assert_eq!(series.unjudged(), None, "the report is about run 3, which was judged");

        let mut series = Series::default();
        series.add(1, passed(), played(49));
        series.add(2, passed(), played(0));
        assert_eq!(series.unjudged(), None, "run 2 was judged");
    }
}
