//! `attack`: runs any program in hostile orders, inside or outside a course.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use runner::{Choice, Launch, Refusal, View};
use transcript::{Budget, Count, Timing, Transcript};

use crate::attacks::{self, Attacked, Effort, Targets};
use crate::cli;
use crate::directed::Direct;
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Failure, Judgement, judge};
use crate::player::{Played, Player};
use crate::program;
use crate::search::Bounds;
use crate::steps::{self, evidence};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, counted, paint, print, println};

/// How often a free run is repeated if its claims about time could not be judged.
const REPETITIONS: u32 = 2;
/// How many times as long a directed run may take: pauses that overlap in a free run may follow each other there.
const DIRECTED: u32 = 4;

pub(crate) fn attack(arguments: &cli::Attack) -> Result {
    let name = program::name(&arguments.transcript);
    let transcript = program::transcript(&arguments.transcript)?;
    if transcript.events().is_empty() {
        let message = format!("{name} has no lane, so there is no order to attack");
        return Err(Error::Question(message));
    }
    let launch = program::launch(&arguments.program, arguments.deadline)?;
    let program = ProvenProgram { arguments, name, transcript, launch, player: Player::new()? };
    match (Refusal::here(), &arguments.replay) {
        (Some(refusal), Some(_)) => {
            println(format_args!("{} cannot be directed: {refusal}", program.name))?;
            Ok(Answer::Passed)
        }
        (Some(refusal), None) => {
            anstream::eprintln!("not attacked: {refusal}; all runs are free");
            program.run_freely()
        }
        (None, Some(choices)) => {
            steps::replay((&program.name, None), &program.transcript, choices, program.directed())
        }
        (None, None) => program.attack(),
    }
}

/// A program, what it may print, and how to attack it.
struct ProvenProgram<'a> {
    arguments: &'a cli::Attack,
    /// The transcript's name.
    name: String,
    transcript: Transcript,
    launch: Launch,
    player: Player,
}

/// The shapes of legal outputs; or the answer, which was printed, if a run was not legal.
type Shapes = ControlFlow<Answer, BTreeSet<Vec<String>>>;

impl ProvenProgram<'_> {
    /// One free run, then the attacks.
    fn attack(&self) -> Result {
        let mut shapes = match self.free_runs(1)? {
            ControlFlow::Continue(shapes) => shapes,
            ControlFlow::Break(answer) => return Ok(answer),
        };
        let interrupted = || self.player.interrupted();
        let legal = self.transcript.count_within(&Budget::default().until(&interrupted));
        let begun = Instant::now();
        let effort = Effort { targets: Targets::All, bounds: self.bounds() };
        let attacked = attacks::attack(&self.transcript, legal, self.directed(), effort)?;
        if let Some(broken) = &attacked.broken
            && let Judgement::Failed(failure) = &broken.directed.judgement
        {
            let how = format!("in directed run {}: {}", broken.run, broken.how);
            self.report_failed(&how, failure, &broken.directed.played)?;
            let replay = self.command(&format!("--replay {}", broken.choices));
            println(format_args!("  again: {}", paint(STRONG, replay)))?;
            return Ok(Answer::Failed);
        }
        shapes.extend(attacked.shapes.iter().cloned());
        let shown = attacked.shown(shapes.len(), legal);
        let is_number = shown.starts_with(|c: char| c.is_ascii_digit());
        self.report_passed(&if is_number { format!("seen {shown}") } else { shown })?;
        for remark in attacked.remarks() {
            println(format_args!("        {}", paint(NOTE, remark)))?;
        }
        let runs = counted(attacked.runs, "directed run");
        // More runs could show nothing else.
        let is_all = legal == Count::Exactly(shapes.len() as u128);
        let why = if is_all { "" } else { self.why_ended(&attacked, begun.elapsed()) };
        let seconds = begun.elapsed().as_secs_f64();
        println(paint(FAINT, format_args!("        {runs} in {seconds:.1} s{why}")))?;
        Ok(Answer::Passed)
    }

    /// Only free runs, within the same bounds.
    fn run_freely(&self) -> Result {
        let shapes = match self.free_runs(self.arguments.runs)? {
            ControlFlow::Continue(shapes) => shapes,
            ControlFlow::Break(answer) => return Ok(answer),
        };
        let interrupted = || self.player.interrupted();
        let legal = self.transcript.count_within(&Budget::default().until(&interrupted));
        self.report_passed(&legal.seen(shapes.len()))?;
        Ok(Answer::Passed)
    }

    /// Why there were no more directed runs.
    fn why_ended(&self, attacked: &Attacked, elapsed: Duration) -> &'static str {
        let Bounds { runs, time } = self.bounds();
        match () {
            () if attacked.every_order => ", which show every order that a director can force",
            () if elapsed >= time => ", until the time was over: `--seconds` allows more",
            () if attacked.runs >= runs => ", as many as allowed: `--runs` allows more",
            () => "",
        }
    }

    fn bounds(&self) -> Bounds {
        let time = Duration::from_secs(self.arguments.seconds.into());
        Bounds { runs: self.arguments.runs as usize, time }
    }

    /// At least one free run, and at most `most`.
    fn free_runs(&self, most: u32) -> Result<Shapes> {
        let end = Instant::now() + self.bounds().time;
        let mut shapes = BTreeSet::new();
        for run in 1..=most {
            let played = self.free_run()?;
            match judge(&self.transcript, &played) {
                Judgement::Passed(accepted) => {
                    for warning in &accepted.warnings {
                        println(format_args!("{}: {warning}", paint(NOTE, "warning")))?;
                    }
                    shapes.insert(accepted.shape);
                }
                Judgement::Skipped(reason) => {
                    let word = paint(NOTE, "skipped");
                    println(format_args!("{word}  {}  {reason}", self.name))?;
                    return Ok(ControlFlow::Break(Answer::Passed));
                }
                Judgement::Failed(failure) => {
                    self.report_failed(&format!("in free run {run}"), &failure, &played)?;
                    return Ok(ControlFlow::Break(Answer::Failed));
                }
            }
            if Instant::now() >= end {
                break;
            }
        }
        Ok(ControlFlow::Continue(shapes))
    }

    /// A free run, repeated if the machine stalls and the transcript claims something about time.
    fn free_run(&self) -> Result<Played> {
        let mut played = self.player.observe(&self.launch)?;
        for _ in 0..REPETITIONS {
            if played.timing == Timing::Judged || !self.transcript.claims_time() {
                break;
            }
            played = self.player.observe(&self.launch)?;
        }
        Ok(played)
    }

    /// What runs the program once, in the order that its argument decides on.
    fn directed(&self) -> impl Direct {
        let deadline = Duration::from_secs(self.arguments.deadline.into()) * DIRECTED;
        let launch = self.launch.clone().deadline(deadline);
        move |choose: &mut dyn FnMut(&View<'_>) -> Choice| self.player.steer(&launch, choose)
    }

    fn report_passed(&self, shown: &str) -> Result<()> {
        println(format_args!("{}  {}  {shown}", paint(GOOD, "passed"), self.name))
    }

    fn report_failed(&self, how: &str, failure: &Failure, played: &Played) -> Result<()> {
        println(format_args!("{}  {}  {how}", paint(BAD, "FAILED"), self.name))?;
        print(evidence(&self.transcript, failure, played))
    }

    /// The command line of this command, with another flag.
    fn command(&self, flag: &str) -> String {
        let cli::Attack { transcript, deadline, program, .. } = self.arguments;
        let transcript = quoted(&transcript.to_string_lossy());
        let mut words = vec![format!("cargo xtask attack {transcript}"), flag.to_owned()];
        if *deadline != program::DEADLINE {
            words.push(format!("--deadline {deadline}"));
        }
        words.push("--".to_owned());
        words.extend(program.iter().map(|word| quoted(&word.to_string_lossy())));
        words.join(" ")
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,:+@%=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_quoted_word_as_it_was() {
        for (word, shown) in [
            ("prog.py", "prog.py"),
            ("", "''"),
            ("echo one & wait", "'echo one & wait'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
        ] {
            assert_eq!(quoted(word), shown);
            let script = format!("printf %s {}", quoted(word));
            let said = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap(), word);
        }
    }
}
