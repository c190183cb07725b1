//! `bench`: how fast the runtime is, beside its peers and beside what the machine allows.
//!
//! The programs that measure stand in `xtask/bench`, a package of its own: nothing here is linked with what it measures.
//! A machine has slow moments, so contenders take turns, round after round, and only ratios within one call count.

mod judgement;
mod neighbours;
mod operation;
mod programs;
mod table;

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use self::judgement::{Measured, Outcome, median};
use self::neighbours::Neighbours;
use self::operation::{OPERATIONS, Operation, Side};
use self::programs::Programs;
use crate::answer::{Answer, Error, Result, unknown};
use crate::cli::{self, Format};
use crate::diff::width;
use crate::terminal::{BAD, GOOD, NOTE, counted, paint, print, println};
use crate::workspace::Workspace;

/// How often each contender has its turn, and for how long.
const ROUNDS: u32 = 5;
const SPAN: Duration = Duration::from_millis(300);
/// The same for `--quick`.
const QUICK_ROUNDS: u32 = 1;
const QUICK_SPAN: Duration = Duration::from_millis(60);

pub(crate) fn bench(arguments: &cli::Bench) -> Result {
    let operations = select(arguments.operation.as_deref())?;
    if arguments.list {
        operations.iter().try_for_each(|operation| println(operation.describe()))?;
        return Ok(Answer::Held);
    }
    let (rounds, span) = if arguments.quick { (QUICK_ROUNDS, QUICK_SPAN) } else { (ROUNDS, SPAN) };
    let rounds = arguments.rounds.unwrap_or(rounds);
    let programs = Programs::new(&Workspace::find()?, &operations, span)?;
    if arguments.format == Format::Human {
        println(format_args!(
            "Medians of {}; × is ours divided by theirs.\n",
            counted(rounds as usize, "round")
        ))?;
    }
    let contenders: usize = operations.iter().map(|operation| operation.contenders.len()).sum();
    let progress = Progress::new(contenders * rounds as usize);
    let mut sum = Sum::default();
    for operation in operations {
        let before = Neighbours::now();
        let measured = measure(&programs, operation, rounds, &progress)?;
        if let Some(noise) = before.and_then(Neighbours::noise) {
            progress.0.suspend(|| anstream::eprintln!("{}: {noise}", operation.name));
        }
        progress.0.suspend(|| match arguments.format {
            Format::Human => println(table::draw(&measured, width())),
            Format::Json => record(&measured),
        })?;
        sum.add(&measured);
    }
    progress.0.finish_and_clear();
    if arguments.format == Format::Human {
        print(sum.text())?;
    }
    Ok(Answer::from_failures(sum.short.len() + sum.unjudged.len()))
}

fn select(name: Option<&str>) -> Result<Vec<&'static Operation>> {
    match name {
        None => Ok(OPERATIONS.iter().collect()),
        Some(name) => match OPERATIONS.iter().find(|operation| operation.name == name) {
            Some(operation) => Ok(vec![operation]),
            None => Err(unknown("operation", name, OPERATIONS.iter().map(|o| o.name))),
        },
    }
}

/// Lets all contenders have their turns.
fn measure(
    programs: &Programs,
    operation: &'static Operation,
    rounds: u32,
    progress: &Progress,
) -> Result<Measured> {
    let mut figures: Vec<std::result::Result<Vec<f64>, String>> =
        operation.contenders.iter().map(|_| Ok(Vec::new())).collect();
    for round in 1..=rounds {
        for (contender, figures) in operation.contenders.iter().zip(&mut figures) {
            progress.step(&format!("{} {}, round {round}", operation.name, contender.name));
            // Who has failed once is not asked again.
            if let Ok(so_far) = figures {
                match programs.measure(operation, contender)? {
                    Ok(figure) => so_far.push(figure),
                    Err(reason) => *figures = Err(reason),
                }
            }
        }
    }
    let outcome = |figures: std::result::Result<Vec<f64>, String>| -> Outcome {
        figures.and_then(|figures| median(figures).ok_or_else(|| "no round".to_owned()))
    };
    Ok(Measured { operation, outcomes: figures.into_iter().map(outcome).collect() })
}

/// One line of JSON; who was skipped is told beside it.
fn record(measured: &Measured) -> Result<()> {
    for (contender, outcome) in measured.operation.contenders.iter().zip(&measured.outcomes) {
        if let Err(reason) = outcome {
            let operation = measured.operation.name;
            anstream::eprintln!("{operation}: skipped {}: {reason}", contender.name);
        }
    }
    let json = serde_json::to_string(&measured.record());
    println(json.map_err(|error| Error::Question(format!("cannot report: {error}")))?)
}

/// The last line: goals that were met, and the others by name.
#[derive(Default)]
struct Sum {
    met: usize,
    short: Vec<&'static str>,
    /// Something that the goal is about could not be measured: nobody knows.
    unjudged: Vec<&'static str>,
}

impl Sum {
    fn add(&mut self, measured: &Measured) {
        let operation = measured.operation;
        match measured.met() {
            Some(true) => self.met += 1,
            Some(false) => self.short.push(operation.name),
            None if operation.goals.is_empty() && measured.figure(Side::Ours).is_some() => {}
            None => self.unjudged.push(operation.name),
        }
    }

    fn text(&self) -> String {
        let mut text = paint(GOOD, format_args!("{} met", counted(self.met, "goal")));
        for (names, style, what) in
            [(&self.short, BAD, "fell short"), (&self.unjudged, NOTE, "not judged")]
        {
            if !names.is_empty() {
                let count = paint(style, format_args!("{} {what}", names.len()));
                text += &format!(", {count}: {}", names.join(" "));
            }
        }
        text + "\n"
    }
}

/// On a terminal, which contender has its turn.
struct Progress(ProgressBar);

impl Progress {
    fn new(turns: usize) -> Self {
        let bar = ProgressBar::new(turns as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn step(&self, turn: &str) {
        self.0.set_message(turn.to_owned());
        self.0.inc(1);
    }
}
