//! Plays scenes, which differ from other programs.
//!
//! A scene obeys `--speed`, its deadline is given for the usual speed, and its times count only if the machine does not
//! stall.

mod watcher;

use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use course::files::stem;
use course::{Artifacts, Chapter, Course, Observer, Span};
use runner::{
    Cancel, Choice, Directed, Direction, Launch, Leftover, Recording, Refusal, Runner, Schedule,
    Step, View,
};
use transcript::{Timing, Transcript};

use self::watcher::Watcher;
use crate::exit::{Error, Result};
use crate::parallel::{Demand, Limit, processors};
use crate::terminal::{width, wrapped};

/// How many times longer a run may take if it is disturbed on purpose.
const SHAKEN: u32 = 4;

/// How many lesson seconds pass in a real second of a check, unless another speed is requested.
pub(crate) const SPEED: u32 = 20;

/// For how many lesson seconds a directed run may hold a thread that could go on.
const PATIENCE: Duration = Duration::from_secs(12);
/// For how long nothing may happen in a directed run of a program that is no scene: it may wait for another machine.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// The same for a scene in which a line comes only in time: shorter than any of its sleeps, so that these end in the
/// order of their lengths.
const SHORT_PATIENCE: Duration = Duration::from_millis(500);

/// The longest stall at [`SPEED`] with which claims about time are still judged.
const TOLERATED: Duration = Duration::from_millis(25);

/// How many runs a processor may have at the same time: most of them sleep.
const RUNS_PER_PROCESSOR: usize = 8;

/// As many runs at the same time as the processors can bear.
pub(crate) fn limit() -> Limit {
    let processors = processors();
    Limit { pieces: RUNS_PER_PROCESSOR * processors, processors: processors as f64 }
}

/// How often a run is repeated that seems to leave something in a place that all programs share.
const REPETITIONS: u32 = 2;

/// A scene to play.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    /// The program's path and its arguments, without the speed.
    pub(crate) command: Vec<String>,
    /// The deadline in real time, at [`SPEED`] and undisturbed.
    pub(crate) deadline: Duration,
    /// How fast lesson time runs. This decides which stall of the machine matters.
    pub(crate) speed: u32,
    /// Disturb the run, with decisions from this seed.
    pub(crate) shake: Option<u64>,
    /// For how many lesson seconds a directed run may hold a thread that could go on.
    pub(crate) patience: Duration,
}

impl Play {
    /// The scene of a transcript.
    pub(crate) fn of(transcript: &Transcript, binary: &Path, deadline: Duration) -> Self {
        let patience = if transcript.times_events() { SHORT_PATIENCE } else { PATIENCE };
        Self { patience, ..Self::new(transcript.command(), binary, deadline) }
    }

    /// The `command` of a transcript, with `binary` in place of its first word.
    pub(crate) fn new(command: &[String], binary: &Path, deadline: Duration) -> Self {
        let program = binary.to_string_lossy().into_owned();
        let arguments = command.iter().skip(1).cloned();
        let command = [program].into_iter().chain(arguments).collect();
        Self { command, deadline, speed: SPEED, shake: None, patience: PATIENCE }
    }

    fn launch(&self) -> Launch {
        let patience = if self.shake.is_some() { SHAKEN } else { 1 };
        self.launch_at(self.speed, self.deadline * SPEED * patience / self.speed)
    }

    fn launch_at(&self, speed: u32, deadline: Duration) -> Launch {
        let speed = ["--speed".to_owned(), speed.to_string()];
        Launch::new(self.command.iter().cloned().chain(speed)).deadline(deadline)
    }

    fn schedule(&self) -> Schedule {
        self.shake.map_or(Schedule::Free, |seed| Schedule::Shaken { seed })
    }

    fn played(&self, recording: Recording) -> Played {
        let steady = self.shake.is_none() && recording.stall <= tolerated(self.speed);
        Played { recording, timing: if steady { Timing::Judged } else { Timing::Waived } }
    }
}

/// What a scene did.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) recording: Recording,
    /// Whether claims about time can be judged: not if the machine stalled for too long, or was disturbed on purpose.
    pub(crate) timing: Timing,
}

/// Builds chapters and plays scenes, until Ctrl-C. Several threads may play at the same time.
pub(crate) struct Player {
    runner: Runner,
    /// Locked for reading by a run that may share the machine, for writing by one that must be alone.
    alone: RwLock<()>,
}

impl Player {
    pub(crate) fn new() -> Result<Self> {
        let cancel = Cancel::on_signals()
            .map_err(|error| Error::Question(format!("cannot listen for Ctrl-C: {error}")))?;
        Ok(Self { runner: Runner::new(cancel).map_err(failed)?, alone: RwLock::new(()) })
    }

    /// Whether Ctrl-C was pressed.
    pub(crate) fn interrupted(&self) -> bool {
        self.runner.cancel().is_cancelled()
    }

    /// Builds as many of the chapters as compile, and shows the progress; warnings go to stderr.
    pub(crate) fn build(&self, course: &Course, chapters: &[&Chapter]) -> Result<Artifacts> {
        let artifacts = Artifacts::of(course, chapters, &self.watch_build())?;
        anstream::eprint!("{}", artifacts.warnings());
        Ok(artifacts)
    }

    /// Shows a build on stderr, and stops it at Ctrl-C.
    pub(crate) fn watch_build(&self) -> impl Observer {
        Watcher::new(self.runner.cancel())
    }

    /// Plays a scene until it ends, or until shortly after its deadline. Afterwards nothing of it is left.
    pub(crate) fn play(&self, play: &Play) -> Result<Played> {
        let recording = {
            let _among_others = self.alone.read().unwrap_or_else(PoisonError::into_inner);
            self.record(play)?
        };
        Ok(play.played(self.confirmed(recording, || self.record(play))?))
    }

    /// The recording without what another program has left: what the program does not leave again when it runs alone.
    fn confirmed(
        &self,
        mut recording: Recording,
        record: impl Fn() -> Result<Recording>,
    ) -> Result<Recording> {
        let is_doubtful =
            |recording: &Recording| recording.leftovers.iter().any(Leftover::may_be_foreign);
        if !is_doubtful(&recording) {
            return Ok(recording);
        }
        let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..REPETITIONS {
            let mut again = record()?;
            // A program may end differently because of what its earlier run left there.
            if again.ending != recording.ending {
                continue;
            }
            again.leftovers.retain(|leftover| {
                !leftover.may_be_foreign()
                    || recording.leftovers.iter().any(|earlier| earlier.resembles(leftover))
            });
            recording = again;
            if !is_doubtful(&recording) {
                break;
            }
        }
        Ok(recording)
    }

    /// Plays a scene in the order that `choose` decides on. Its claims about time are not judged.
    pub(crate) fn direct(
        &self,
        play: &Play,
        choose: impl FnMut(&View<'_>) -> Choice,
    ) -> Result<(Played, Vec<Step>)> {
        self.direct_with(play, &Direction::default(), choose)
    }

    /// Directs a scene, and `choose` sees what each thread waits for. This takes longer.
    pub(crate) fn direct_explained(
        &self,
        play: &Play,
        choose: impl FnMut(&View<'_>) -> Choice,
    ) -> Result<(Played, Vec<Step>)> {
        self.direct_with(play, &Direction { explain: true, ..Direction::default() }, choose)
    }

    /// Directs a scene. `direction` says where the run can be steered; its patience is ignored, since the play has its
    /// own.
    pub(crate) fn direct_with(
        &self,
        play: &Play,
        direction: &Direction,
        mut choose: impl FnMut(&View<'_>) -> Choice,
    ) -> Result<(Played, Vec<Step>)> {
        // The sleeps of a directed run take no time, so the speed does not matter.
        let launch = play.launch_at(SPEED, play.deadline);
        let direction = Direction { patience: play.patience / SPEED, ..direction.clone() };
        let mut directed = self.runner.direct(&launch, &direction, &mut choose).map_err(failed)?;
        // A free run of the scene shows what it leaves in a place that all programs share.
        directed.recording.leftovers.retain(|leftover| !leftover.may_be_foreign());
        let Directed { recording, steps } = directed;
        Ok((Played { recording, timing: Timing::Waived }, steps))
    }

    /// Runs any program, undisturbed and in real time: once, or again if another program may have left something.
    pub(crate) fn observe(&self, launch: &Launch) -> Result<Played> {
        let record = || self.runner.record(launch, &Schedule::Free).map_err(not_run);
        let recording = self.confirmed(record()?, record)?;
        let steady = recording.stall <= tolerated(1);
        Ok(Played { recording, timing: if steady { Timing::Judged } else { Timing::Waived } })
    }

    /// Runs any program once, in real time and in the order that `choose` decides on.
    pub(crate) fn steer(
        &self,
        launch: &Launch,
        mut choose: impl FnMut(&View<'_>) -> Choice,
    ) -> Result<(Played, Vec<Step>)> {
        let direction =
            Direction { patience: PATIENCE, stuck_after: STUCK_AFTER, ..Direction::default() };
        let mut directed = self.runner.direct(launch, &direction, &mut choose).map_err(not_run)?;
        directed.recording.leftovers.retain(|leftover| !leftover.may_be_foreign());
        let Directed { recording, steps } = directed;
        Ok((Played { recording, timing: Timing::Waived }, steps))
    }

    fn record(&self, play: &Play) -> Result<Recording> {
        self.runner.record(&play.launch(), &play.schedule()).map_err(failed)
    }
}

/// The least load of a scene with claims about time that is assumed to measure processor time. The runner does not call
/// it a stall if other runs keep the processors from one with less.
const BUSY: f64 = 0.2;

/// The assumed load of a scene that has never run and claims nothing about time: most of these sleep.
const UNKNOWN: f64 = 0.25;

/// Why no director can choose the order of the scene `name` with this transcript, if none can, and what to do instead.
pub(crate) fn undirected(name: &str, chapter: &Chapter, transcript: &Path) -> Option<String> {
    let refused = Refusal::here().map(|refusal| format!("cannot be directed: {refusal}"));
    let measures = || chapter.undirected.get(&stem(transcript));
    let why = refused.or_else(|| Some(format!("is not directed: {}", measures()?)))?;
    let instead = format!("`cargo xtask outcomes {name}` shows what free runs print");
    Some(format!("{}\n{instead}", wrapped(&format!("{name} {why}"), width())))
}

/// The load of a run of the scene on the machine.
pub(crate) fn demand(transcript: &Transcript, span: Option<Span>) -> Demand {
    match span.map(Span::load) {
        Some(load) if transcript.claims_time() && load > BUSY => Demand::Alone,
        Some(load) => Demand::Processors(load),
        None if transcript.claims_time() => Demand::Processors(1.0),
        None => Demand::Processors(UNKNOWN),
    }
}

fn failed(error: runner::Error) -> Error {
    match not_run(error) {
        Error::Question(message) => Error::Question(format!("cannot play the scene: {message}")),
        other => other,
    }
}

/// Why a program that is no scene was not run.
fn not_run(error: runner::Error) -> Error {
    match error {
        runner::Error::Cancelled => Error::Interrupted,
        error => Error::Question(error.to_string()),
    }
}

/// How long a machine may stall before times that are measured at `speed` mean nothing.
fn tolerated(speed: u32) -> Duration {
    TOLERATED * SPEED / speed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faster_clock_tolerates_less() {
        assert_eq!(tolerated(20), Duration::from_millis(25));
        assert_eq!(tolerated(1), Duration::from_millis(500));
    }
}
