//! The command line of a lesson, tried from outside. This program is also the lesson that it tries.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use assert_cmd::assert::OutputAssertExt;
use libtest_mimic::{Arguments, Failed, Trial};
use shared::clock::Stopwatch;
use shared::{Error, Result, clock, lesson};
use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Set in the environment: be the lesson of that name.
const LESSON: &str = "LESSON_UNDER_TEST";

fn main() -> ExitCode {
    match env::var(LESSON).as_deref() {
        Ok("sick") => return lesson::run(&[("well", well), ("sick", sick), ("last", well)]),
        #[cfg(feature = "processes")]
        Ok("parent") => return lesson::run(&[("child", child), ("talker", talker)]),
        Ok("careless") => {
            return lesson::run(&[
                ("undeclared", workers),
                ("wrong-default --workers few", workers),
            ]);
        }
        Ok("endless") => return lesson::run(&[("long", long)]),
        Ok(_) => {
            return lesson::run(&[
                ("well", well),
                ("workers --workers 3", workers),
                ("missing", missing),
                ("many-lines", many_lines),
            ]);
        }
        Err(_) => {}
    }
    // A shell's background job has SIGINT ignored, and so would the lessons here. A handler is not inherited.
    flag::register_conditional_default(SIGINT, Arc::new(AtomicBool::new(true))).expect("a handler");
    let trials: &[(&str, fn())] = &[
        ("all_scenes_play_in_order", all_scenes_play_in_order),
        ("one_scene_plays_alone", one_scene_plays_alone),
        ("list_names_the_scenes", list_names_the_scenes),
        ("options_reach_the_scene", options_reach_the_scene),
        ("speed_reaches_the_clock", speed_reaches_the_clock),
        ("wrong_questions_are_answered_with_2", wrong_questions_are_answered_with_2),
        ("help_shows_the_options_and_their_defaults", help_shows_the_options),
        ("a_mistake_in_the_table_is_a_panic_that_says_so", mistakes_in_the_table),
        ("a_skipped_scene_says_why", a_skipped_scene_says_why),
        ("a_failing_scene_says_why", a_failing_scene_says_why),
        ("a_failing_scene_does_not_stop_the_others", a_failing_scene_does_not_stop_the_others),
        ("a_closed_pipe_ends_it_quietly", a_closed_pipe_ends_it_quietly),
        #[cfg(feature = "processes")]
        ("a_closed_pipe_that_ends_a_child_is_no_failure", a_closed_pipe_that_ends_a_child),
        ("an_interrupt_leaves_one_line", an_interrupt_leaves_one_line),
        #[cfg(feature = "processes")]
        ("a_child_can_be_joined_where_sigchld_was_ignored", sigchld_was_ignored),
    ];
    let trials = trials.iter().map(|&(name, body)| {
        Trial::test(name, move || {
            body();
            Ok::<(), Failed>(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn well() -> Result<()> {
    println!("all is well");
    Ok(())
}

fn workers() -> Result<()> {
    let workers: usize = lesson::option("workers")?;
    let watch = Stopwatch::start();
    clock::sleep(0.5);
    println!("{workers} workers, half a second: {}", watch.seconds() >= 0.5);
    Ok(())
}

fn missing() -> Result<()> {
    Err(lesson::skip("nslookup is not installed; apt-get install dnsutils"))
}

fn sick() -> Result<()> {
    Err(Error::other("nothing is well"))
}

fn many_lines() -> Result<()> {
    for line in 0..100_000 {
        println!("line {line}");
    }
    Ok(())
}

fn long() -> Result<()> {
    println!("begins");
    clock::sleep(60.0);
    Ok(())
}

#[cfg(feature = "processes")]
fn child() -> Result<()> {
    let exit = shared::Process::new(|| Ok(())).start()?.join()?;
    println!("{exit}");
    Ok(())
}

#[cfg(feature = "processes")]
fn talker() -> Result<()> {
    let exit = shared::Process::new(|| {
        loop {
            println!("and another thing");
        }
    });
    Err(Error::other(format!("the child is silent: {}", exit.start()?.join()?)))
}

fn lesson(name: &str, line: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("own path"));
    command.env(LESSON, name).args(line.split_whitespace());
    command
}

/// What the program is called in its messages: the test binary's name ends with a hash.
fn program() -> String {
    env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned()
}

fn all_scenes_play_in_order() {
    let output = lesson("fine", "--speed 50").output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let mut lines = stdout.lines();
    let headed =
        [["", "── well", "all is well"], ["", "── workers", "3 workers, half a second: true"]];
    for line in headed.as_flattened() {
        assert_eq!(lines.next(), Some(*line));
    }
    let rest = ["", "── missing", "", "── many-lines"];
    assert!(rest.iter().all(|line| lines.next() == Some(line)));
    assert_eq!(lines.count(), 100_000);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let skipped =
        format!("{}: skipped: nslookup is not installed; apt-get install dnsutils\n", program());
    assert_eq!(stderr, skipped);
    assert!(output.status.success(), "a skipped scene is no failure");
}

fn one_scene_plays_alone() {
    lesson("fine", "well").assert().success().stdout("all is well\n").stderr("");
}

fn list_names_the_scenes() {
    lesson("fine", "--list")
        .assert()
        .success()
        .stdout("well\nworkers\nmissing\nmany-lines\n")
        .stderr("");
}

fn options_reach_the_scene() {
    for line in ["workers --workers 5 --speed 50", "--speed=50 --workers=5 workers"] {
        lesson("fine", line).assert().success().stdout("5 workers, half a second: true\n");
    }
}

fn speed_reaches_the_clock() {
    let start = Instant::now();
    lesson("fine", "workers --speed 0.5")
        .assert()
        .success()
        .stdout("3 workers, half a second: true\n");
    assert!(start.elapsed() >= Duration::from_secs(1), "half a lesson second at half speed");
}

fn wrong_questions_are_answered_with_2() {
    for (line, complaint) in [
        ("workres", "no scene workres: the scenes are well, workers, missing, many-lines"),
        ("well workers", "one scene at a time: well or workers"),
        (
            "workers --workers five",
            "--workers five: invalid digit found in string; give a value such as 3",
        ),
        ("many-lines --wrokers 5", "no option --wrokers: the scene many-lines has no options"),
        ("workers --wrokers 5", "no option --wrokers: the scene is `workers --workers 3`"),
        ("workers --workers", "--workers needs a value: the scene is `workers --workers 3`"),
        ("workers --speed 0", "--speed 0: a number above 0 is wanted, such as 2 or 0.5"),
        (
            "--workers 5",
            "--workers is an option of one scene: name the scene as well (--help shows them)",
        ),
    ] {
        let complaint = format!("{}: {complaint}\n", program());
        lesson("fine", line).assert().code(2).stdout("").stderr(complaint);
    }
}

fn help_shows_the_options() {
    for line in ["--help", "-h", "workers --help", "workers --workers 3 --help"] {
        let help = lesson("fine", line).assert().success().stderr("");
        let help = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
        let (_, scenes) =
            help.split_once("scenes, and their options with the defaults:\n").unwrap();
        let (scenes, _) = scenes.split_once("\n\n").unwrap();
        assert_eq!(scenes, "  well\n  workers --workers 3\n  missing\n  many-lines");
    }
}

fn mistakes_in_the_table() {
    for (scene, message) in [
        (
            "undeclared",
            "the scene declares no option workers: write `SCENE --workers DEFAULT` in the scene table",
        ),
        ("wrong-default", "--workers few in the scene table: invalid digit found in string"),
    ] {
        let assert = lesson("careless", scene).assert().code(101).stdout("");
        let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(stderr.contains(message), "{stderr}");
    }
}

fn a_skipped_scene_says_why() {
    let reason =
        format!("{}: skipped: nslookup is not installed; apt-get install dnsutils\n", program());
    lesson("fine", "missing").assert().code(77).stdout("").stderr(reason);
}

fn a_failing_scene_says_why() {
    lesson("sick", "sick")
        .assert()
        .code(1)
        .stdout("")
        .stderr(format!("{}: nothing is well\n", program()));
}

fn a_failing_scene_does_not_stop_the_others() {
    let assert = lesson("sick", "")
        .assert()
        .code(1)
        .stdout("\n── well\nall is well\n\n── sick\n\n── last\nall is well\n");
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let summary = format!("{}: 1 of 3 scenes failed: sick (exit status: 1)\n", program());
    assert!(stderr.ends_with(&summary), "{stderr}");
}

/// Plays a lesson whose stdout is closed after the first line, as by `head -1`: its status and its stderr.
fn first_line_of(mut lesson: Command) -> (ExitStatus, String) {
    let mut child = lesson.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn a_closed_pipe_ends_it_quietly() {
    for line in ["many-lines", "--speed 50"] {
        let (status, stderr) = first_line_of(lesson("fine", line));
        assert!(!status.success(), "{line}: it wrote to the end");
        assert!(!stderr.contains("panicked") && !stderr.contains("failed"), "{line}: {stderr}");
    }
}

#[cfg(feature = "processes")]
fn a_closed_pipe_that_ends_a_child() {
    let (status, stderr) = first_line_of(lesson("parent", "talker"));
    assert_eq!((status.code(), stderr.as_str()), (Some(141), ""));
    // Played whole, it may be its heading that finds no reader.
    let (status, stderr) = first_line_of(lesson("parent", ""));
    assert!(status.code() == Some(141) || status.signal() == Some(13), "{status}");
    assert_eq!(stderr, "");
}

fn an_interrupt_leaves_one_line() {
    let mut lesson = lesson("endless", "long");
    let lesson = lesson.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut lesson = lesson.spawn().expect("starts");
    let mut line = String::new();
    BufReader::new(lesson.stdout.take().expect("piped")).read_line(&mut line).expect("reads");
    assert_eq!(line, "begins\n");
    let group = format!("-{}", lesson.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().expect("kill").success());
    let output = lesson.wait_with_output().expect("ends");
    assert_eq!(output.status.signal(), Some(2), "{}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "interrupted\n");
}

#[cfg(feature = "processes")]
fn sigchld_was_ignored() {
    let program = env::current_exe().expect("own path");
    let mut lesson = Command::new("env");
    lesson.env(LESSON, "parent").arg("--ignore-signal=CHLD").arg(program).arg("child");
    lesson.assert().success().stdout("exit code 0\n");
}
