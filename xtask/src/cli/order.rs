//! The commands that choose the order of a run.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use orders::Choices;

use super::help::{self, GOALS, ORDERS, PLAY, REPLAY};
use super::{MOST_RUNS, MOST_SECONDS, up_to};
use crate::program;

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
    /// The most runs of a scene that is not explored
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = up_to(MOST_RUNS))]
    pub(crate) runs: u32,
    /// After this many seconds no such run begins
    #[arg(long, value_name = "S", default_value_t = 20, value_parser = up_to(MOST_SECONDS))]
    pub(crate) seconds: u32,
    /// Options of the explored program, such as `--rounds 2`; those of its smallest variant if left out
    #[arg(last = true, value_name = "OPTIONS")]
    pub(crate) options: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = REPLAY)]
pub(crate) struct Replay {
    /// The scene, or one of its variants, as CHAPTER/SCENE.VARIANT
    #[arg(value_name = "CHAPTER/SCENE")]
    pub(crate) name: String,
    /// What was chosen each time that there was a choice, such as 0,1,0,2; 3x0 means 0,0,0
    #[arg(value_name = "CHOICES")]
    pub(crate) choices: Choices,
    /// The choices are those of a schedule of the explored program; this is the default for a scene that has one
    #[arg(long, conflicts_with_all = ["directed", "returns", "early_timeouts"])]
    pub(crate) explored: bool,
    /// The choices are those of a run of the scene's real processes and threads
    #[arg(long)]
    pub(crate) directed: bool,
    /// The choices are those of a directed run in which tasks also stop after their lines
    #[arg(long)]
    pub(crate) returns: bool,
    /// The choices are those of a directed run in which timeouts may end while other tasks could go on
    #[arg(long)]
    pub(crate) early_timeouts: bool,
    /// Which store a load may read
    #[arg(long, value_enum, default_value_t = Memory::Sequential)]
    pub(crate) memory: Memory,
    /// Options of the explored program, such as `--rounds 2`; those of its smallest variant if left out
    #[arg(last = true, value_name = "OPTIONS")]
    pub(crate) options: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = format!("A goal has one of these forms:\n{GOALS}\n\n{PLAY}"))]
pub(crate) struct Play {
    /// The scene, or one of its variants
    #[arg(value_name = "CHAPTER/SCENE")]
    pub(crate) name: Option<String>,
    /// What to reach, such as `prints 1`, `deadlock`, or `child: ends -> parent: ends`
    #[arg(long, value_name = "GOAL")]
    pub(crate) goal: Option<String>,
    /// Choose the schedule of the explored program; this is the default for a scene that has one
    #[arg(long, conflicts_with = "directed")]
    pub(crate) explored: bool,
    /// Direct the scene's real processes and threads
    #[arg(long)]
    pub(crate) directed: bool,
    /// Which store a load may read
    #[arg(long, value_enum, default_value_t = Memory::Sequential)]
    pub(crate) memory: Memory,
    /// Take the keys from here, such as `0 1 u 0 q`, or from the file with this name
    #[arg(long, value_name = "KEYS or FILE")]
    pub(crate) script: Option<String>,
    /// Options of the explored program, such as `--rounds 2`; those of its smallest variant if left out
    #[arg(last = true, value_name = "OPTIONS")]
    pub(crate) options: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = help::attack())]
pub(crate) struct Attack {
    /// The transcript; `-` is standard input
    pub(crate) transcript: PathBuf,
    /// The most directed runs
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = up_to(MOST_RUNS))]
    pub(crate) runs: u32,
    /// After this many seconds no run begins
    #[arg(long, value_name = "S", default_value_t = 20, value_parser = up_to(MOST_SECONDS))]
    pub(crate) seconds: u32,
    /// How many seconds a run may take; a directed one may take four times as long
    #[arg(long, value_name = "S", default_value_t = program::DEADLINE, value_parser = up_to(MOST_SECONDS))]
    pub(crate) deadline: u32,
    /// Show one order, step by step, instead: its choices, such as 0,1,0,2; 3x0 means 0,0,0
    #[arg(long, value_name = "CHOICES", conflicts_with_all = ["runs", "seconds"])]
    pub(crate) replay: Option<Choices>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) program: Vec<OsString>,
}

/// How a load chooses the store that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Memory {
    Sequential,
    Weak,
}
