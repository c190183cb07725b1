//! `bench`: how fast the runtime is, compared with its peers and with the limits of the machine; and the ratios that
//! the chapters' texts quote.

mod chapters;
mod measured;

use bench::{Contender, Effort, Measured, OPERATIONS, Operation, Programs, Summary};
use course::Course;
use runner::Cancel;

use crate::cli::{self, Format};
use crate::drawing::width;
use crate::exit::{Answer, Error, Result};
use crate::terminal::{counted, println, progress};

pub(crate) fn bench(arguments: &cli::Bench) -> Result {
    if arguments.chapters {
        return chapters::bench(arguments);
    }
    let operations = select(&arguments.names)?;
    if arguments.list {
        operations.iter().try_for_each(|operation| println(operation.describe()))?;
        return Ok(Answer::Passed);
    }
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let rounds = arguments.rounds.unwrap_or(effort.rounds);
    let is_human = arguments.format == Format::Human;

    let listening = Cancel::on_signals();
    let cancel =
        listening.map_err(|error| Error::Question(format!("cannot listen for Ctrl-C: {error}")))?;
    let programs = build(&operations, effort)?;
    if is_human {
        let rounds = counted(rounds as usize, "round");
        println(format_args!("Medians of {rounds}; × is ours divided by theirs.\n"))?;
    }
    let turns: usize = operations.iter().map(|operation| operation.contenders.len()).sum();
    let progress = progress(turns * rounds as usize);
    let mut summary = Summary::default();
    for operation in operations {
        let turn = |contender: &Contender, round| {
            let (operation, contender) = (operation.name, contender.name);
            progress.set_message(format!("{operation} {contender}, round {round}"));
            progress.inc(1);
        };
        let measured =
            programs.measure(operation, rounds, || cancel.is_cancelled(), turn).map_err(failure)?;
        progress.suspend(|| {
            if let Some(noise) = &measured.noise {
                anstream::eprintln!("{}: {noise}", operation.name);
            }
            if is_human { println(measured.table(width())) } else { record(&measured) }
        })?;
        summary.add(&measured);
    }
    progress.finish_and_clear();
    if is_human {
        println(&summary)?;
    }
    Ok(Answer::from_failures(summary.failures()))
}

/// The programs that the operations need.
fn build(operations: &[&Operation], effort: Effort) -> Result<Programs> {
    let course = Course::find()?;
    let folder = course.root.join("xtask/bench/programs");
    let target = course.target().join("bench");
    let mut programs = Programs::build(&folder, &target, effort.span).map_err(failure)?;
    if operations.iter().any(|operation| operation.needs_peers()) {
        anstream::eprintln!("building the peers, which takes a minute the first time");
        programs.build_peers().map_err(failure)?;
    }
    Ok(programs)
}

/// The operations with these names; all of them if there are no names.
fn select(names: &[String]) -> Result<Vec<&'static Operation>> {
    if names.is_empty() {
        return Ok(OPERATIONS.iter().collect());
    }
    let select = |name: &String| {
        OPERATIONS.iter().find(|operation| operation.name == name).ok_or_else(|| {
            let known = OPERATIONS.iter().map(|operation| operation.name);
            course::Error::unknown("operation", name, known).into()
        })
    };
    names.iter().map(select).collect()
}

/// Prints one line of JSON, and on stderr the contenders that were skipped.
fn record(measured: &Measured) -> Result<()> {
    for (contender, reason) in measured.skipped() {
        anstream::eprintln!("{}: skipped {contender}: {reason}", measured.operation.name);
    }
    let json = serde_json::to_string(&measured.record());
    println(json.map_err(|error| Error::Question(format!("cannot report: {error}")))?)
}

/// How the command ends if there is no measurement.
#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn failure(error: bench::Error) -> Error {
    match error {
        bench::Error::Cancelled => Error::Interrupted,
        bench::Error::NotBuilt { .. } => Error::NotCompiled(error.to_string()),
        _ => Error::Question(error.to_string()),
    }
}
