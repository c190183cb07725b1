//! A lesson's scenes and its command line.
//!
//! ```text
//! lesson-fork                          play every scene
//! lesson-fork any-order --children 6   play one, with an option of its own
//! lesson-fork --speed 20               lesson seconds that pass in a real one
//! lesson-fork --list                   the scenes' names, one a line
//! ```
//!
//! Exit status: 0 the scene ended well, 1 it returned an error, 2 the command line was wrong, 77 it cannot be played
//! on this machine, 141 whoever read its output reads no more.

mod advice;
mod arguments;

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::process::{Command, ExitCode, ExitStatus};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Error, Result, clock};
use advice::unknown;
use arguments::{Arguments, Request};

/// A scene's name, as typed on the command line, and its function.
pub type Scene = (&'static str, fn() -> Result<()>);

const FAILURE: u8 = 1;
const USAGE: u8 = 2;
const SKIPPED: u8 = 77;
/// Nobody reads on, as a shell tells it: 128 and the number of SIGPIPE.
const UNREAD: u8 = 141;

/// Plays what the command line asks for. The whole `main` of a lesson.
///
/// Without a scene's name it plays all of them, each in a fresh process: no scene inherits another's threads,
/// descriptors or memory. A scene that fails does not stop the ones after it; they are named at the end, and the exit
/// status is 1.
pub fn run(scenes: &[Scene]) -> ExitCode {
    #[cfg(unix)]
    crate::sys::default_signals();

    let arguments = match Arguments::parse(env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => return complain(USAGE, message),
    };
    clock::set_speed(arguments.speed);
    match arguments.request {
        Request::Help => help(scenes),
        Request::List => list(scenes),
        Request::All => play_all(scenes, arguments.speed),
        Request::One(name) => match scenes.iter().find(|(scene, _)| *scene == name) {
            Some(scene) => play(*scene, arguments.options),
            None => {
                complain(USAGE, unknown("scene", &name, scenes.iter().map(|(scene, _)| *scene)))
            }
        },
    }
}

/// The value of a scene's own option, `--workers 5`, or the default if it was not given.
///
/// Ask before forking: what a child asks for, its parent does not hear of, and an option that nobody asked for is
/// reported as unknown when the scene has ended.
///
/// # Errors
///
/// [`Error::Option`] if the value is none of type `T`; returned from the scene it ends the lesson with status 2.
pub fn option<T>(name: &'static str, default: T) -> Result<T>
where
    T: Display + FromStr<Err: Display>,
{
    let mut options = options();
    options.asked.push(name);
    let Some((_, value)) = options.given.iter().find(|(given, _)| given == name) else {
        return Ok(default);
    };
    value.parse().map_err(|error: T::Err| Error::Option {
        name: name.to_owned(),
        value: value.clone(),
        reason: format!("{error}; give a value such as {default}"),
    })
}

/// The error to return from a scene that cannot be played here. Say what is missing and how to get it.
pub fn skip(reason: impl Into<String>) -> Error {
    Error::Skip(reason.into())
}

/// What the command line gave to the scene, and what the scene has asked for so far.
struct Options {
    given: Vec<(String, String)>,
    asked: Vec<&'static str>,
}

static OPTIONS: Mutex<Options> = Mutex::new(Options { given: Vec::new(), asked: Vec::new() });

fn options() -> MutexGuard<'static, Options> {
    // A panic in `parse` may poison the lock, but leaves the two lists whole.
    OPTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn play((name, scene): Scene, given: Vec<(String, String)>) -> ExitCode {
    options().given = given;
    #[cfg(unix)]
    crate::sys::tell_of_interrupt();
    match scene() {
        Ok(()) => check_options(name),
        Err(error @ Error::Option { .. }) => complain(USAGE, error),
        Err(error @ Error::Skip(_)) => complain(SKIPPED, error),
        // Its child was ended by SIGPIPE, most likely. That is no failure.
        Err(_) if nobody_reads() => ExitCode::from(UNREAD),
        Err(error) => complain(FAILURE, error),
    }
}

/// Only now is it known which options the scene has.
fn check_options(scene: &str) -> ExitCode {
    let options = options();
    let strangers = options
        .given
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !options.asked.contains(&name.as_str()));
    let complaints: Vec<String> = strangers
        .map(|name| {
            unknown(
                &format!("option of {scene}"),
                &format!("--{name}"),
                options.asked.iter().copied(),
            )
        })
        .collect();
    match complaints.is_empty() {
        true => ExitCode::SUCCESS,
        false => complain(USAGE, complaints.join("; ")),
    }
}

fn play_all(scenes: &[Scene], speed: f64) -> ExitCode {
    let mut failures = Vec::new();
    for (name, _) in scenes {
        println!("{}", heading(name));
        match play_anew(name, speed) {
            Ok(status) if ended_by_closed_pipe(status) => return ExitCode::from(UNREAD),
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

/// Whoever reads our output has seen enough: the scenes to come would write to nobody.
#[cfg(unix)]
fn ended_by_closed_pipe(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(crate::sys::SIGPIPE) || status.code() == Some(UNREAD.into())
}

#[cfg(not(unix))]
fn ended_by_closed_pipe(_: ExitStatus) -> bool {
    false
}

/// Whether stdout is a pipe that was closed at its other end.
#[cfg(all(feature = "processes", target_os = "linux"))]
fn nobody_reads() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = io::stdout();
    let mut stdout = [PollFd::new(&stdout, PollFlags::empty())];
    let polled = poll(&mut stdout, Some(&Timespec::default()));
    polled.is_ok() && stdout[0].revents().contains(PollFlags::ERR)
}

/// Without children, whoever writes to such a pipe has ended.
#[cfg(not(all(feature = "processes", target_os = "linux")))]
fn nobody_reads() -> bool {
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

fn list(scenes: &[Scene]) -> ExitCode {
    for (name, _) in scenes {
        println!("{name}");
    }
    ExitCode::SUCCESS
}

fn help(scenes: &[Scene]) -> ExitCode {
    let program = program();
    println!("usage: {program} [SCENE [--OPTION VALUE]...] [--speed N] [--list]\n");
    println!("Plays one scene, or all of them. At speed N, N lesson seconds pass in a real one.\n");
    println!("scenes:");
    for (name, _) in scenes {
        println!("  {name}");
    }
    ExitCode::SUCCESS
}

fn complain(status: u8, message: impl Display) -> ExitCode {
    eprintln!("{}: {message}", program());
    ExitCode::from(status)
}

/// The name that this program was called by, without its folder.
fn program() -> String {
    let path = env::args_os().next().unwrap_or_default();
    let name = std::path::Path::new(&path).file_name().unwrap_or(&path);
    name.to_string_lossy().into_owned()
}
