//! A lesson's scenes and its command line.
//!
//! ```text
//! lesson-fork                          play every scene
//! lesson-fork any-order --children 6   play one, with one of its options
//! lesson-fork --speed 20               20 lesson seconds pass in a real one
//! lesson-fork --list                   the scenes' names, one a line
//! lesson-fork --help                   each scene with its options and their defaults
//! ```
//!
//! | exit status | meaning |
//! |---|---|
//! | 0 | the scene returned `Ok` |
//! | 1 | the scene returned an error |
//! | 2 | the command line was wrong |
//! | 77 | the scene cannot be played on this machine |
//! | 130 | Ctrl-C ended it; a signal may say so instead |
//! | 141 | it could not print: most often, its reader has gone |

mod arguments;
mod declaration;
mod unwritable;

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::process::{Command, ExitCode, ExitStatus};
use std::str::FromStr;
use std::sync::OnceLock;

use crate::stderr::print_line;
use crate::{Error, Result, clock};
use arguments::{Arguments, Request};
use declaration::{Declaration, OptionValue};
use unwritable::{UNREAD, end_if_unwritable, reader_has_gone};

/// A row of the scene table: what a reader types, with the options and their defaults, and the function that plays it.
/// For example `("more-tasks-than-workers --workers 4", more_tasks::scene)`.
pub type Scene = (&'static str, fn() -> Result<()>);

/// A row of the table, read.
type Declared = (Declaration, fn() -> Result<()>);

const FAILURE: u8 = 1;
const USAGE: u8 = 2;
const SKIPPED: u8 = 77;
/// As in a shell: 128 and the number of SIGINT.
const INTERRUPTED: u8 = 130;

/// Plays what the command line asks for. The whole `main` of a lesson.
///
/// Without a scene's name it plays all of them, each in a fresh process: no scene inherits another's threads,
/// descriptors or memory. After a failed scene the next one plays; the failed ones are named at the end, and the exit
/// status is 1.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use shared::{Result, lesson};
///
/// fn main() -> ExitCode {
///     lesson::run(&[("hello --times 2", hello)])
/// }
///
/// /// Prints as many greetings as the command line asks for.
/// fn hello() -> Result<()> {
///     for _ in 0..lesson::option("times")? {
///         println!("hello");
///     }
///     Ok(())
/// }
/// ```
///
/// # Panics
///
/// If a row of the table is not of the form `NAME [--OPTION DEFAULT]...`.
pub fn run(scenes: &[Scene]) -> ExitCode {
    unwritable::end_scene_when_unwritable();
    #[cfg(all(feature = "processes", target_os = "linux"))]
    crate::sys::keep_ended_children();

    let scenes: Vec<_> =
        scenes.iter().map(|&(row, scene)| (Declaration::parse(row), scene)).collect();
    let arguments = match Arguments::parse(env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => return complain(USAGE, message),
    };
    clock::set_speed(arguments.speed);
    match arguments.request {
        Request::Help => help(&scenes),
        Request::List => list(&scenes),
        Request::All => play_all(&scenes, arguments.speed),
        Request::One(name) => match scenes.iter().find(|(scene, _)| scene.name == name) {
            None => complain(USAGE, format!("no scene {name}: the scenes are {}", names(&scenes))),
            Some((declaration, scene)) => match declaration.values(arguments.options) {
                Ok(options) => play(*scene, options),
                Err(message) => complain(USAGE, message),
            },
        },
    }
}

/// The value of an option that the scene table declares for this scene: what the command line gave, or the default.
///
/// ```no_run
/// # fn more_tasks() -> shared::Result<()> {
/// // Declared in main.rs: lesson::run(&[("more-tasks-than-workers --workers 4", more_tasks)])
/// let workers: usize = shared::lesson::option("workers")?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Option`] if the command line gave a value that no `T` can be parsed from. Return it from the scene: the
/// lesson ends with status 2.
///
/// # Panics
///
/// If the scene declares no such option, or a default that no `T` can be parsed from: both are mistakes in the lesson.
pub fn option<T>(name: &str) -> Result<T>
where
    T: FromStr<Err: Display>,
{
    let mut options = OPTIONS.get().into_iter().flatten();
    let Some(OptionValue { default, given, .. }) = options.find(|option| option.name == name)
    else {
        panic!(
            "the scene declares no option {name}: write `SCENE --{name} DEFAULT` in the scene table"
        )
    };
    match given {
        Some(value) => value.parse().map_err(|error: T::Err| Error::Option {
            name: name.to_owned(),
            value: value.clone(),
            reason: format!("{error}; give a value such as {default}"),
        }),
        None => match default.parse() {
            Ok(value) => Ok(value),
            Err(error) => panic!("--{name} {default} in the scene table: {error}"),
        },
    }
}

/// The error of a scene that cannot be played on this machine. Say what is missing and how to get it.
///
/// ```
/// let error = shared::lesson::skip("it needs two processors: give the container more");
/// assert_eq!(error.to_string(), "skipped: it needs two processors: give the container more");
/// ```
pub fn skip(reason: impl Into<String>) -> Error {
    Error::Skip(reason.into())
}

/// The options of the one scene that this process plays.
static OPTIONS: OnceLock<Vec<OptionValue>> = OnceLock::new();

fn play(scene: fn() -> Result<()>, options: Vec<OptionValue>) -> ExitCode {
    OPTIONS.set(options).expect("a process plays one scene");
    #[cfg(unix)]
    crate::sys::announce_interrupt();
    match scene() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ Error::Option { .. }) => complain(USAGE, error),
        Err(error @ Error::Skip(_)) => complain(SKIPPED, error),
        Err(_) if reader_has_gone() => ExitCode::from(UNREAD),
        Err(error) => {
            end_if_unwritable();
            complain(FAILURE, error)
        }
    }
}

fn play_all(scenes: &[Declared], speed: f64) -> ExitCode {
    let mut failures = Vec::new();
    for (Declaration { name, .. }, _) in scenes {
        println!("{}", heading(name));
        match play_anew(name, speed) {
            Ok(status) if status.code() == Some(UNREAD.into()) => return ExitCode::from(UNREAD),
            Ok(status) if is_interrupted(status) => return ExitCode::from(INTERRUPTED),
            Ok(status) if status.success() || status.code() == Some(SKIPPED.into()) => {}
            Ok(status) => failures.push(format!("{name} ({status})")),
            Err(error) => failures.push(format!("{name} (cannot be started: {error})")),
        }
    }
    match failures.is_empty() {
        true => ExitCode::SUCCESS,
        false => complain(
            FAILURE,
            format!(
                "{} of {} scenes failed: {}",
                failures.len(),
                scenes.len(),
                failures.join(", ")
            ),
        ),
    }
}

/// Starts this program once more, for one scene.
fn play_anew(scene: &str, speed: f64) -> io::Result<ExitStatus> {
    Command::new(env::current_exe()?).arg(scene).arg("--speed").arg(speed.to_string()).status()
}

/// Ctrl-C ends the remaining scenes as well. It does not end this process if this is the first one of a container.
#[cfg(unix)]
fn is_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(crate::sys::SIGINT)
}

#[cfg(not(unix))]
fn is_interrupted(_: ExitStatus) -> bool {
    false
}

/// On stdout, between the scenes' lines, wherever these go.
fn heading(scene: &str) -> String {
    let is_unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || env::var_os("TERM").is_some_and(|value| value == "dumb");
    match io::stdout().is_terminal() && !is_unwanted {
        true => format!("\n\x1b[1;36m── {scene}\x1b[0m"),
        false => format!("\n── {scene}"),
    }
}

fn list(scenes: &[Declared]) -> ExitCode {
    for (scene, _) in scenes {
        println!("{}", scene.name);
    }
    ExitCode::SUCCESS
}

fn help(scenes: &[Declared]) -> ExitCode {
    let program = program();
    println!("usage: {program} [SCENE [--OPTION VALUE]...] [--speed N]");
    println!("       {program} --list\n");
    println!("Plays one scene, or all of them.\n");
    println!("scenes, and their options with the defaults:");
    for (scene, _) in scenes {
        println!("  {scene}");
    }
    let (slowest, fastest) = (clock::SPEEDS.start(), clock::SPEEDS.end());
    println!("\noptions:");
    println!(
        "  --speed N   play N lesson seconds in a second: {slowest} to {fastest} [default: 1]"
    );
    println!("  --list      print the names of the scenes, one a line");
    println!("  -h, --help  print this help");
    ExitCode::SUCCESS
}

fn names(scenes: &[Declared]) -> String {
    let names: Vec<&str> = scenes.iter().map(|(scene, _)| scene.name).collect();
    names.join(", ")
}

fn complain(status: u8, message: impl Display) -> ExitCode {
    print_line(format_args!("{}: {message}", program()));
    ExitCode::from(status)
}

/// The name that this program was called by, without its folder.
fn program() -> String {
    let path = env::args_os().next().unwrap_or_default();
    let name = std::path::Path::new(&path).file_name().unwrap_or(&path);
    name.to_string_lossy().into_owned()
}
