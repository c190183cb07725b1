//! The command line: every command and every flag, on one page.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::player::SPEED;

/// The fastest lesson time: a lesson second in a millisecond. At a higher speed a deadline would end before a program
/// has started.
const FASTEST: i64 = 1000;
/// How often a check runs each scene.
pub(crate) const CHECK_RUNS: u32 = 3;
/// The most runs of a scene: all runs are planned in memory before the first one.
const MOST_RUNS: i64 = 10_000;
/// The most runs at the same time: each needs a thread and at least two processes.
const MOST_JOBS: i64 = 256;
/// The most rounds of a benchmark: this many take hours.
const MOST_ROUNDS: i64 = 100;

/// The exit codes, which `--help` lists for all commands.
const EXIT_CODES: &str = "Exit codes:
  0    everything passed
  1    something failed
  2    the command was called wrongly: an unknown name, an unreadable file, a flag out of range
  130  stopped by Ctrl-C; nothing is left behind
  141  the reader closed the output before its end";

/// What `orders --help` says about the scenes.
const ORDERS: &str =
    "The Cargo.toml of a chapter lists the files whose programs can be played, as `explored`.
With weak memory, the store that a load reads is a choice too.";

/// What `read --help` says about the page.
const READING: &str = "On a terminal, a text longer than the screen opens in `less`, or in the program that PAGER names.
In a pipe a line has 80 columns, or as many as COLUMNS says; 100 at most.";

/// Runs every lesson and verifies its output against its transcript.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXIT_CODES)]
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
    /// Explain a transcript: events, order with reasons, number of legal outputs, picture
    Show(Show),
    /// Judge any output by any transcript; this also works outside the workspace
    Verify(Verify),
    /// Show the flaws of a scene, or plant one in its source
    Break(Break),
    /// Take a planted flaw back
    Restore(Restore),
    /// Rewrite the literal text of transcripts from real runs
    Bless(Bless),
    /// Test whether each part of a transcript forbids something, and whether planted flaws are caught
    Audit(Audit),
    /// Count which legal outputs a scene shows, and how often
    Outcomes(Outcomes),
    /// Show every order in which a scene's threads can run, and what it then prints
    Orders(Orders),
    /// Measure the runtime, and compare it with its peers in Python and Rust and with the limits of the machine
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
    /// Chapters, scenes, variants or snippets, by the names in the report; everything if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// How often each scene runs; more often while no run satisfies a `seen` rule
    #[arg(long, value_name = "N", default_value_t = CHECK_RUNS, value_parser = clap::value_parser!(u32).range(1..=MOST_RUNS))]
    pub(crate) runs: u32,
    /// Disturb the runs: one core, background load, pauses at random
    #[arg(long)]
    pub(crate) shake: bool,
    /// Repeat the disturbances of an earlier --shake
    #[arg(long, value_name = "S", requires = "shake")]
    pub(crate) seed: Option<u64>,
    /// How many scenes run at the same time; as many as the processors can bear if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_JOBS))]
    pub(crate) jobs: Option<u32>,
    /// How many lesson seconds pass in a real second
    #[arg(long, value_name = "N", default_value_t = SPEED, value_parser = clap::value_parser!(u32).range(1..=FASTEST))]
    pub(crate) speed: u32,
    /// Check only the I-th of N parts, to spread the work over several machines
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
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
    /// The scenes or chapters to repair; everything if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_RUNS))]
    pub(crate) record: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Chapters, scenes, variants or snippets, by the names in the report; everything if left out
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Also plant each flaw in a copy of its chapter, and test that the check catches it
    #[arg(long)]
    pub(crate) broken: bool,
    /// Rewrite the README blocks that quote what the check reports about a flaw
    #[arg(long, requires = "broken")]
    pub(crate) fix: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Outcomes {
    /// The scene to run
    #[arg(value_name = "CHAPTER/SCENE", required = true)]
    pub(crate) scene: Vec<String>,
    /// How often to run it
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=MOST_RUNS))]
    pub(crate) runs: u32,
}

#[derive(Debug, Args)]
#[command(after_help = ORDERS)]
pub(crate) struct Orders {
    /// The scene, or one of its variants
    #[arg(value_name = "CHAPTER/SCENE", required = true)]
    pub(crate) scene: Vec<String>,
    /// Which store a load may read: the latest one, or any one that its memory ordering allows
    #[arg(long, value_enum, default_value_t = Memory::Sequential)]
    pub(crate) memory: Memory,
    /// Show all outcomes, not only the most frequent ones
    #[arg(long)]
    pub(crate) all: bool,
    /// Show one schedule step by step, by its choices, such as 1,1,2
    #[arg(long, value_name = "LIST")]
    pub(crate) replay: Option<Choices>,
    /// Options of the scene, such as `--rounds 2`; those of its smallest variant if left out
    #[arg(last = true, value_name = "OPTIONS")]
    pub(crate) options: Vec<String>,
}

/// How a load chooses the store that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Memory {
    Sequential,
    Weak,
}

/// The choices of one schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choices(pub(crate) Vec<u32>);

impl FromStr for Choices {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split(',').filter(|number| !number.trim().is_empty());
        let numbers: Result<_, _> = numbers.map(|number| number.trim().parse()).collect();
        numbers.map(Self).map_err(|_| "a list of choices is written as numbers: 1,1,2".to_owned())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The operation to measure; all of them if left out
    #[arg(value_name = "NAME")]
    pub(crate) operation: Option<String>,
    /// How many turns each contender has; its figure is the median [default: 5, or 1 with --quick]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) rounds: Option<u32>,
    /// Measure for a fifth of the time, to test that everything works; the figures are not reliable
    #[arg(long)]
    pub(crate) quick: bool,
    /// Show the operations with their contenders and goals, without measuring
    #[arg(long, conflicts_with_all = ["rounds", "quick", "format"])]
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

/// One of several equal parts of the work, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl Shard {
    /// Whether the piece of work at `position`, from 0, belongs to this part.
    pub(crate) fn contains(self, position: usize) -> bool {
        position % self.count == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| {
            Some((index.parse::<usize>().ok()?, count.parse::<usize>().ok()?))
        });
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err("a part is written I/N with I from 1 to N, as in 2/4".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_flag_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn numbers_beyond_reason_are_refused() {
        for (words, refused) in [
            (["check", "--speed", "1000"], false),
            (["check", "--speed", "1001"], true),
            (["check", "--speed", "4294967295"], true),
            (["check", "--runs", "10001"], true),
            (["check", "--jobs", "257"], true),
            (["bless", "--record", "10001"], true),
        ] {
            let parsed = Cli::try_parse_from([&["xtask"], words.as_slice()].concat());
            assert_eq!(parsed.is_err(), refused, "{words:?}");
        }
    }

    #[test]
    fn shards_cover_everything_once() {
        let shards: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|s| s.parse().unwrap()).into();
        for position in 0..10 {
            assert_eq!(shards.iter().filter(|s| s.contains(position)).count(), 1);
        }
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
