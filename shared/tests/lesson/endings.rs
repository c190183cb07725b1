//! How a lesson ends before its scene does: no one reads its output, or Ctrl-C.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(feature = "processes")]
use assert_cmd::assert::OutputAssertExt;
use libtest_mimic::{Completion, Failed, Trial};

use crate::{Test, lesson};

pub(crate) const TESTS: &[Test] = &[
    ("a_reader_that_goes_ends_it_quietly", a_reader_that_goes),
    ("another_pipe_without_reader_is_an_error", another_pipe),
    ("a_full_disk_ends_it_with_one_line", a_full_disk),
    ("a_message_that_cannot_be_written_changes_no_status", unwritable_message),
    #[cfg(feature = "processes")]
    ("a_child_that_cannot_print_ends_the_scene", a_child_that_cannot_print),
    #[cfg(feature = "processes")]
    ("a_child_with_another_stdout_ends_alone", redirected_child),
    ("an_interrupt_leaves_one_line", an_interrupt_leaves_one_line),
    #[cfg(feature = "processes")]
    ("a_child_can_be_joined_where_sigchld_was_ignored", sigchld_was_ignored),
];

/// Tests in a PID namespace, where the lesson is the first process. No signal kills that one by default.
pub(crate) fn container_trials() -> Vec<Trial> {
    let bodies: [Test; 2] = [
        ("an_interrupt_ends_the_first_process_of_a_container", interrupt_in_container),
        ("a_reader_that_goes_ends_the_first_process_of_a_container", reader_goes_in_container),
    ];
    let trial = |(name, body): Test| {
        Trial::ignorable_test(name, move || {
            let probe = contained(&Command::new("true")).output()?;
            if !probe.status.success() {
                let reason = String::from_utf8_lossy(&probe.stderr);
                return Ok(Completion::ignored_with(reason.trim_end()));
            }
            body();
            Ok::<_, Failed>(Completion::Completed)
        })
    };
    bodies.into_iter().map(trial).collect()
}

/// How long an ending may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The status and stderr of a started lesson. One that does not end by itself is killed.
fn ended(mut child: Child) -> (ExitStatus, String) {
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().expect("waits").is_none() {
        if Instant::now() > deadline {
            child.kill().expect("kills");
            child.wait().expect("reaps");
            panic!("it does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let mut text = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut text).expect("is text");
    (child.wait().expect("has ended"), text)
}

/// Plays it to its first line; then no one reads any more, as with `head -n 1`.
fn first_line_of(mut lesson: Command) -> (ExitStatus, String) {
    let mut child = lesson.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("reads");
    drop(stdout);
    ended(child)
}

fn a_reader_that_goes() {
    for line in ["many-lines", "--speed 50"] {
        let (status, stderr) = first_line_of(lesson("fine", line));
        assert_eq!(status.code(), Some(141), "{line}: {stderr}");
        let skipped = "skipped: nslookup is not installed; apt-get install dnsutils\n";
        assert!(stderr.is_empty() || stderr.ends_with(skipped), "{line}: {stderr}");
    }
}

fn another_pipe() {
    let output = lesson("fine", "other-pipe").output().expect("starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "closed: true\n", "{}", output.status);
}

const FULL: &str = "cannot write to stdout: the scene ends\n";

fn full_disk() -> Stdio {
    File::options().write(true).open("/dev/full").expect("/dev/full").into()
}

fn a_full_disk() {
    for line in ["well", "--list", "--help", ""] {
        let mut lesson = lesson("fine", line);
        lesson.stdout(full_disk()).stderr(Stdio::piped());
        let (status, stderr) = ended(lesson.spawn().expect("starts"));
        assert_eq!((status.code(), stderr.as_str()), (Some(141), FULL), "{line}");
    }
}

fn unwritable_message() {
    for (name, line, code) in
        [("fine", "no-scene", 2), ("fine", "missing", 77), ("sick", "sick", 1)]
    {
        let status = lesson(name, line).stderr(full_disk()).status().expect("starts");
        assert_eq!(status.code(), Some(code), "{line}");
    }
}

#[cfg(feature = "processes")]
fn a_child_that_cannot_print() {
    let scenes = ["waits-for-process", "waits-for-fork", "waits-for-grandchild", "talker"];
    for scene in scenes {
        let mut lesson = lesson("parent", scene);
        lesson.stdout(full_disk()).stderr(Stdio::piped());
        let (status, stderr) = ended(lesson.spawn().expect("starts"));
        assert_eq!((status.code(), stderr.as_str()), (Some(141), FULL), "{scene} on a full disk");
    }
    for scene in scenes.into_iter().chain(["waits-for-writer"]) {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut lesson = lesson("parent", scene);
        lesson.stdout(writer).stderr(Stdio::piped());
        let (status, stderr) = ended(lesson.spawn().expect("starts"));
        assert_eq!((status.code(), stderr.as_str()), (Some(141), ""), "{scene} without reader");
    }
}

#[cfg(feature = "processes")]
fn redirected_child() {
    lesson("parent", "redirected").assert().success().stdout("exit code 141\n").stderr("");
}

/// Plays it to its first line; then Ctrl-C, which a terminal sends to all processes in the foreground. What it prints
/// after that comes as well.
fn interrupted(mut lesson: Command) -> (ExitStatus, String, String) {
    let lesson = lesson.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut lesson = lesson.spawn().expect("starts");
    let mut stdout = BufReader::new(lesson.stdout.take().expect("piped"));
    let mut lines = String::new();
    while !lines.ends_with("begins\n") {
        assert_ne!(stdout.read_line(&mut lines).expect("reads"), 0, "{lines}");
    }
    let group = format!("-{}", lesson.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().expect("kill").success());
    let (status, stderr) = ended(lesson);
    stdout.read_to_string(&mut lines).expect("is text");
    (status, lines, stderr)
}

fn an_interrupt_leaves_one_line() {
    for line in ["long", ""] {
        let (status, _, stderr) = interrupted(lesson("endless", line));
        assert_eq!((status.signal(), stderr.as_str()), (Some(2), "interrupted\n"), "{line}");
    }
}

/// `program` as the first process of a new PID namespace. What is left there dies with it.
fn contained(program: &Command) -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]);
    unshare.arg(program.get_program()).args(program.get_args());
    unshare.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    unshare
}

fn interrupt_in_container() {
    for line in ["long", ""] {
        let (status, lines, stderr) = interrupted(contained(&lesson("endless", line)));
        assert_eq!((status.code(), stderr.as_str()), (Some(130), "interrupted\n"), "{line}");
        assert!(!lines.contains("longer"), "{line}: {lines}");
    }
}

fn reader_goes_in_container() {
    let mut lessons = vec![("fine", "many-lines")];
    if cfg!(feature = "processes") {
        lessons.extend([("parent", "talker"), ("parent", "")]);
    }
    for (name, line) in lessons {
        let (status, stderr) = first_line_of(contained(&lesson(name, line)));
        assert_eq!((status.code(), stderr.as_str()), (Some(141), ""), "{name} {line}");
    }
}

#[cfg(feature = "processes")]
fn sigchld_was_ignored() {
    let program = std::env::current_exe().expect("own path");
    let mut lesson = Command::new("env");
    lesson.env(crate::LESSON, "parent").arg("--ignore-signal=CHLD").arg(program).arg("child");
    lesson.assert().success().stdout("exit code 0\n");
}
