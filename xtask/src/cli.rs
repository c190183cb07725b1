//! The command line: every command and every flag. Those that choose the order of a run are in `order.rs`.

mod help;
mod order;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

pub(crate) use self::help::GOALS;
use self::help::{EXIT_CODES, READING};
pub(crate) use self::order::{Attack, Memory, Orders, Play, Replay};
use crate::player::SPEED;

/// The fastest lesson time: a lesson second in a millisecond. At a higher speed a deadline would end before a program
/// has started.
const FASTEST: i64 = 1000;
/// How often a check runs each scene if it does not attack it.
pub(crate) const CHECK_RUNS: u32 = 3;
/// The most runs of a scene: all runs are planned in memory before the first one.
const MOST_RUNS: i64 = 10_000;
/// The most runs at the same time: each needs a thread and at least two processes.
const MOST_JOBS: i64 = 256;
/// The most seconds of a limit: a day.
const MOST_SECONDS: i64 = 24 * 60 * 60;
/// The most rounds of a benchmark: this many take hours.
const MOST_ROUNDS: i64 = 100;

/// Whole numbers from 1 to `most`.
fn up_to(most: i64) -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(1..=most)
}

/// Runs every lesson and verifies its output against its transcript.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One variant per command; the file of the same name holds it.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the chapters in reading order, with their scenes and minutes
    List(List),
    /// Show a chapter's text, or the section about one scene, laid out for this terminal
    Read(Read),
    /// Build a chapter and play it, or one scene of it
    Run(Run),
    /// Run scenes and verify their output against their transcripts
    Check(Check),
    /// Run a scene once and draw its output, with a column for each lane of its transcript
    Diff(Diff),
    /// Be the scheduler of a scene: choose which of its processes or threads goes on
    Play(Play),
    /// Play a scene once more in the order of an earlier run, step by step
    Replay(Replay),
    /// Explain a transcript: events, order with reasons, number of legal outputs, picture
    Show(Show),
    /// Judge any output by any transcript; this also works outside the workspace
    Verify(Verify),
    /// Attack any program, by any transcript; this also works outside the workspace
    Attack(Attack),
    /// Show the flaws of a scene, or plant one in its source
    Break(Break),
    /// Take back a flaw that `break` planted
    Restore(Restore),
    /// Rewrite the literal text of transcripts from real runs
    Bless(Bless),
    /// Test whether each part of a transcript forbids something, and whether planted flaws are caught
    Audit(Audit),
    /// Count which legal outputs a scene shows, and how often
    Outcomes(Outcomes),
    /// Show every order in which a scene can run, and what it then prints
    Orders(Orders),
    /// Measure the runtime, its peers and the limits of the machine, or the ratios that the chapters' texts quote
    Bench(Bench),
    /// Write a complete new chapter that passes every check
    New(New),
    /// Find breaks of the house rules: stale blocks, missing parts, files that are too long
    Tidy(Tidy),
    /// Say what this machine lacks and how to get it
    Doctor,
    /// Run every check that a change must pass
    Ci,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print the table of the README instead
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Debug, Args)]
#[command(after_help = READING)]
pub(crate) struct Read {
    /// The chapter to read, or CHAPTER/SCENE; a list of the chapters if left out
    #[arg(value_name = "CHAPTER[/SCENE]")]
    pub(crate) names: Vec<String>,
    /// Show the folded answers too
    #[arg(long)]
    pub(crate) answers: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The chapter to play, or CHAPTER/SCENE
    #[arg(value_name = "CHAPTER[/SCENE]")]
    pub(crate) name: String,
    /// The scene, unless it is named already, and options for the lesson, such as `--speed 5`
    #[arg(value_name = "SCENE and OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) rest: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Chapters, scenes, variants or snippets, by the names in the report; the whole course if left out, which takes a
    /// minute or two the first time
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Attack each line and each task, not only each arrow, and play every schedule of explored programs: a minute or
    /// two for the whole course
    #[arg(long, conflicts_with_all = ["free", "shake"])]
    pub(crate) thorough: bool,
    /// Do not attack the scenes: let the system choose their orders
    #[arg(long)]
    pub(crate) free: bool,
    /// How often the system chooses the order of each scene: once before attacks, three times without them; more often
    /// while no run satisfies a `seen` rule
    #[arg(long, value_name = "N", value_parser = up_to(MOST_RUNS))]
    pub(crate) runs: Option<u32>,
    /// Make free runs only, and disturb them: one core, background load, pauses at random
    #[arg(long)]
    pub(crate) shake: bool,
    /// Repeat the disturbances of an earlier --shake
    #[arg(long, value_name = "S", requires = "shake")]
    pub(crate) seed: Option<u64>,
    /// How many scenes run at the same time; as many as the processors can bear if left out
    #[arg(long, value_name = "N", value_parser = up_to(MOST_JOBS))]
    pub(crate) jobs: Option<u32>,
    /// How many lesson seconds pass in a real second
    #[arg(long, value_name = "N", default_value_t = SPEED, value_parser = up_to(FASTEST))]
    pub(crate) speed: u32,
    /// For people, or for programs: one JSON object per line
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The scene to run
    #[arg(value_name = "CHAPTER/SCENE", required = true)]
    pub(crate) scene: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A scene, a refused snippet (CHAPTER/refused/SNIPPET), or the path of any transcript
    #[arg(value_name = "NAME or FILE", required = true)]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Break {
    /// The scene, and the flaw to plant; without a flaw, all flaws of the scene are shown
    #[arg(value_name = "CHAPTER/SCENE [FLAW]", required = true, num_args = 1..=3)]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The scenes or chapters to repair; the whole course if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = help::transcripts())]
pub(crate) struct Verify {
    /// The transcript; `-` is standard input
    pub(crate) transcript: PathBuf,
    /// The output to judge; `-` is standard input
    #[arg(required_unless_present = "program", conflicts_with = "program")]
    pub(crate) output: Option<PathBuf>,
    /// A program to run instead: its output, its exit status and its leftovers are judged
    #[arg(last = true, value_name = "PROGRAM")]
    pub(crate) program: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Bless {
    /// The scenes to bless; all of them if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Draft a transcript from N runs for each scene that has none
    #[arg(long, value_name = "N", value_parser = up_to(MOST_RUNS))]
    pub(crate) record: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Chapters, scenes, variants or snippets, by the names in the report; the whole course if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Also attack each arrow, and look for legal outputs that the program cannot print
    #[arg(long)]
    pub(crate) orders: bool,
    /// Also plant each flaw in a copy of its chapter, and test that the check catches it
    #[arg(long)]
    pub(crate) broken: bool,
    /// Rewrite the README blocks that quote what the check reports about a flaw
    #[arg(long, requires = "broken")]
    pub(crate) fix: bool,
    /// Instead count how many of N free runs catch each flaw, and say in which directed run an attack catches it
    #[arg(long, value_name = "N", requires = "broken", conflicts_with = "fix", value_parser = up_to(MOST_RUNS))]
    pub(crate) rates: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Outcomes {
    /// The scene to run
    #[arg(value_name = "CHAPTER/SCENE", required = true)]
    pub(crate) scene: Vec<String>,
    /// How often to run it
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = up_to(MOST_RUNS))]
    pub(crate) runs: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The operations to measure, or the chapters; all of them if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Measure the ratios that the chapters' texts quote, by playing their scenes
    #[arg(long, conflicts_with = "quick")]
    pub(crate) chapters: bool,
    /// Write the ratios into the texts
    #[arg(long, requires = "chapters")]
    pub(crate) fix: bool,
    /// How many turns each contender or scene has; the figure is the median [default: 5, or 1 with --quick]
    #[arg(long, value_name = "N", value_parser = up_to(MOST_ROUNDS))]
    pub(crate) rounds: Option<u32>,
    /// Measure for a fifth of the time, to test that everything works; the figures are not reliable
    #[arg(long)]
    pub(crate) quick: bool,
    /// Show the operations with their contenders and goals, or the ratios, without measuring
    #[arg(long, conflicts_with_all = ["rounds", "quick", "format", "fix"])]
    pub(crate) list: bool,
    /// For people, or for programs: one JSON object per line
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The chapter's name: lower case, words joined by hyphens, no number in front
    pub(crate) chapter: String,
    /// The question that the chapter answers, in one sentence
    pub(crate) question: String,
}

#[derive(Debug, Args)]
pub(crate) struct Tidy {
    /// The chapters to look at; the whole workspace if left out
    #[arg(value_name = "CHAPTER")]
    pub(crate) chapters: Vec<String>,
    /// Rewrite the generated blocks instead of reporting them
    #[arg(long)]
    pub(crate) fix: bool,
    /// Show how many minutes each chapter takes and promises, instead of findings
    #[arg(long, conflicts_with = "fix")]
    pub(crate) minutes: bool,
}

/// The reader for whom results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}
