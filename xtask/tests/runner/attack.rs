//! Programs of other languages are attacked, outside any course.
//!
//! Each program in the folder `programs` is right, and has a transcript. A test plants a flaw in it: a race that free
//! runs show once in a hundred, or never.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_cmd::assert::Assert;
use tempfile::TempDir;

use crate::course::{Course, XTASK, eventually, holds, left, stderr, stdout, xtask};

/// The directed runs in which a flaw must show.
const FIRST_RUNS: usize = 3;
/// How often a flaw may show in the free run before them.
const UNLUCKY: usize = 5;

/// A folder with a program and its transcript.
struct Folder(TempDir);

impl Folder {
    fn with(name: &str, ending: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let programs = format!("{}/tests/runner/programs", env!("CARGO_MANIFEST_DIR"));
        for file in [format!("{name}.{ending}"), format!("{name}.txt")] {
            fs::copy(Path::new(&programs).join(&file), folder.path(&file)).unwrap();
        }
        folder
    }

    /// An empty folder with this transcript, `t.txt`.
    fn with_transcript(text: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("t.txt"), text).unwrap();
        folder
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    /// Replaces each of these parts of the program, which must be there.
    fn plant(&self, file: &str, flaw: &[(&str, &str)]) {
        let mut text = fs::read_to_string(self.path(file)).unwrap();
        for (right, wrong) in flaw {
            assert!(text.contains(right), "{file} has no {right:?}:\n{text}");
            text = text.replace(right, wrong);
        }
        fs::write(self.path(file), text).unwrap();
    }

    fn attack(&self, words: &[&str]) -> Assert {
        xtask(self.0.path(), ["attack"].into_iter().chain(words.iter().copied()))
    }

    /// Attacks the right program in so many runs, and returns what is said.
    fn passes(&self, runs: u32, words: &[&str]) -> String {
        let runs = runs.to_string();
        let bounds = ["--runs", &runs, "--seconds", "3600"];
        stdout(&self.attack(&[&bounds, words].concat()).success())
    }

    /// Attacks the flawed program, and checks that its failure is found at once and can be replayed.
    fn fails(&self, word: &str, words: &[&str]) {
        let mut said = String::new();
        for _ in 0..UNLUCKY {
            said = stdout(&self.attack(words).code(1));
            if !said.contains("  in free run 1\n") {
                break;
            }
        }
        let (_, run) = said.split_once("in directed run ").expect(&said);
        let (run, _) = run.split_once(':').unwrap();
        assert!(run.parse::<usize>().unwrap() <= FIRST_RUNS, "{said}");
        let (_, again) = said.split_once("\n  again: cargo xtask ").expect(&said);
        for said in [&said, &self.again(again.trim_end())] {
            holds(said, &format!("\n{word}"));
        }
    }

    /// What is said when a shell runs a command that xtask has printed.
    fn again(&self, words: &str) -> String {
        let script = format!("\"$XTASK\" {words}");
        let mut shell = assert_cmd::Command::new("sh");
        shell.current_dir(self.0.path()).env("XTASK", XTASK).args(["-c", &script]);
        stdout(&shell.assert().code(1))
    }
}

/// The path of Python. `python3` itself may be a script that first looks for it.
fn python() -> Option<String> {
    let words = ["-c", "import multiprocessing, sys; print(sys.executable)"];
    let output = Command::new("python3").args(words).output().ok();
    let Some(output) = output.filter(|output| output.status.success()) else {
        eprintln!("skipped: this machine has no python3 with multiprocessing");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

/// Between the look at the seats and the sale, another process may look.
const CHECK_THEN_ACT: &[(&str, &str)] = &[
    ("    lock.acquire()  # From the look at the seats to the sale, no one else looks.\n", ""),
    ("    lock.release()\n", ""),
];

#[test]
fn processes_of_python_are_attacked() {
    let Some(python) = python() else { return };
    let folder = Folder::with("seats", "py");
    let words = |start| ["seats.txt", "--", &python, "seats.py", start];
    let said = folder.passes(16, &words("fork"));
    holds(&said, "passed  seats.txt  all 2 orders, the arrow attacked\n");
    // This takes longer: each child is a new interpreter, and Python starts a helper, for which it does not wait.
    holds(&folder.passes(4, &words("spawn")), "passed  seats.txt  ");
    folder.plant("seats.py", CHECK_THEN_ACT);
    for start in ["fork", "spawn"] {
        folder.fails("RULE", &words(start));
    }
}

#[test]
fn jobs_of_a_shell_are_attacked() {
    let folder = Folder::with("lists", "sh");
    let words = ["lists.txt", "--", "sh", "lists.sh"];
    holds(&folder.passes(16, &words), "passed  lists.txt  all 2 orders, the arrow attacked\n");
    // It waits only for the job that takes ten times as long.
    folder.plant("lists.sh", &[("\nwait\n", "\nwait $!\n")]);
    folder.fails("ORDER", &words);
}

#[test]
fn a_fork_and_a_signal_of_c_are_attacked() {
    if Command::new("cc").arg("--version").output().is_err() {
        return eprintln!("skipped: this machine has no cc");
    }
    let folder = Folder::with("signal", "c");
    let compile = || {
        let mut cc = assert_cmd::Command::new("cc");
        cc.current_dir(folder.0.path()).args(["-Wall", "-o", "signal", "signal.c"]);
        cc.assert().success();
    };
    let words = ["signal.txt", "--", "./signal"];
    compile();
    let said = folder.passes(16, &words);
    holds(&said, "passed  signal.txt  the one legal order, each of 3 arrows attacked\n");
    // It waits for 50 ms, and not for the child.
    folder.plant("signal.c", &[("read(ready[0], &byte, 1) != 1", "usleep(50000) != (byte = 0)")]);
    compile();
    folder.fails("ORDER", &words);
}

#[test]
fn a_program_has_its_usual_surroundings() {
    let folder = Folder::with_transcript("a | nothing to read\na | rested\na | {:text}\n");
    let script = "read line || echo nothing to read; sleep 3; echo rested; pwd";
    let said = folder.passes(2, &["t.txt", "--", "sh", "-c", script]);
    // Its sleep takes no time in a directed run.
    let (_, seconds) = said.split_once("2 directed runs in ").expect(&said);
    let (seconds, _) = seconds.split_once(" s\n").unwrap();
    assert!(seconds.parse::<f64>().unwrap() < 6.0, "{said}");
    let output = folder.attack(&["t.txt", "--replay", "0", "--", "sh", "-c", script]).success();
    let here = fs::canonicalize(folder.0.path()).unwrap();
    holds(&stdout(&output), &format!("prints  {}\n", here.display()));
}

#[test]
fn a_failure_comes_with_its_order() {
    let course = Course::new();
    course.write("t.txt", "one | one\none -> two\ntwo | two\n");
    let script = "(sleep 0.01; echo one) & (sleep 0.5; echo two) & wait";
    let words = ["attack", "t.txt", "--", "sh", "-c", script];
    course.screen("attack-order", words).code(1);
    course.screen("attack-free-run", ["attack", "t.txt", "--", "sh", "-c", "echo two"]).code(1);
    let words = ["attack", "t.txt", "--replay", "0", "--", "sh", "-c", "echo one; echo two"];
    course.screen("attack-replay", words).success();
    let words = ["attack", "t.txt", "--", "sh", "-c", "echo no moon >&2; exit 77"];
    holds(&stdout(&course.xtask(words).success()), "skipped  t.txt  no moon");
    let words = ["attack", "t.txt", "--deadline", "1", "--", "sleep", "1000"];
    holds(&stdout(&course.xtask(words).code(1)), "HUNG  stopped at its deadline, after 1.");
}

/// A run may leave a file that any program may have made. It has done so only if it does so again.
#[test]
fn what_another_program_leaves_is_not_reported() {
    let folder = Folder::with_transcript("a | one\n");
    let file = folder.0.path().file_name().unwrap().to_str().unwrap();
    let left = Path::new("/dev/shm").join(format!("attack{file}"));
    let words = |when: &str| format!("{when} : > {}; echo one", left.display());
    let attack = |script: &str| folder.attack(&["t.txt", "--", "sh", "-c", script]);
    let once = attack(&words("[ -e again ] || { : > again; false; } ||"));
    holds(&stdout(&once.success()), "passed  t.txt");
    let each_time = attack(&words("rm -f again;"));
    fs::remove_file(&left).unwrap();
    let said = stdout(&each_time.code(1));
    holds(&said, "LEFT BEHIND");
    holds(&said, &left.display().to_string());
}

/// Each of the tasks writes its line and the newline in two calls, as an unbuffered print of Python does.
#[test]
fn parts_of_one_line_are_explained() {
    let folder = Folder::with_transcript("left | left: starts\nright | right: starts\n");
    let script = "(printf 'left: starts'; echo) & (printf 'right: starts'; echo) & wait";
    let said = stdout(&folder.attack(&["t.txt", "--", "sh", "-c", script]).code(1));
    holds(&said, "it seems that two tasks wrote parts of one");
    holds(&said, "Let each task write its line and the newline in one call.");
    assert!(!said.contains("MISSING"), "{said}");
}

#[test]
fn an_attack_says_what_has_ended_it() {
    let folder = Folder::with_transcript("for i in 1..=6\n  w{i} | {i} a\n  w{i} | {i} b\n");
    let script = "for i in 1 2 3 4 5 6; do (echo $i a; echo $i b) & done; wait";
    let said = |flags: &[&str]| {
        let words = [&["t.txt"], flags, &["--", "sh", "-c", script]].concat();
        stdout(&folder.attack(&words).success())
    };
    let runs = said(&["--runs", "3", "--seconds", "3600"]);
    holds(&runs, "passed  t.txt  seen ");
    holds(&runs, " of 7,484,400\n        3 directed runs in ");
    holds(&runs, " s, as many as allowed: `--runs` allows more\n");
    let time = said(&["--runs", "10000", "--seconds", "1"]);
    holds(&time, " s, until the time was over: `--seconds` allows more\n");
    let folder = Folder::with_transcript("a | one\nb | two\n");
    let said = folder.attack(&["t.txt", "--", "sh", "-c", "echo one; echo two"]).success();
    holds(&stdout(&said), "passed  t.txt  seen 1 of 2\n");
    holds(&stdout(&said), " s, which show every order that a director can force\n");
}

/// The README of the package `transcript` shows an attack.
const README: &str = include_str!("../../transcript/README.md");

/// The first fenced block of a language in the README after a phrase.
fn block(phrase: &str, language: &str) -> &'static str {
    let (_, text) = README.split_once(phrase).unwrap_or_else(|| panic!("{phrase:?} is gone"));
    let (_, text) = text.split_once(&format!("```{language}\n")).expect("a block");
    text.split_once("```").expect("its end").0
}

#[test]
fn the_example_of_the_readme_is_true() {
    let folder = Folder::with_transcript("");
    fs::write(folder.path("both.txt"), block("The transcript, `both.txt`", "text")).unwrap();
    fs::write(folder.path("one.sh"), block("`one.sh`", "sh")).unwrap();
    let (command, said) =
        block("any\nlanguage", "console").split_once('\n').expect("a command and its output");
    assert_eq!(command, "$ cargo xtask attack both.txt -- sh one.sh");
    let found = stdout(&folder.attack(&["both.txt", "--", "sh", "one.sh"]).code(1));
    // Not every shell makes the same calls, so the choices may differ.
    let without_choices = |text: &str| text.split_once(" --replay ").unwrap().0.to_owned();
    assert_eq!(without_choices(&found), without_choices(said));
}

#[test]
fn what_cannot_be_attacked_is_an_error() {
    let folder = Folder::with_transcript("a | one\n");
    fs::write(folder.path("empty.txt"), "# nothing\n").unwrap();
    fs::write(folder.path("bad.txt"), "a > one\n").unwrap();
    for (words, part) in [
        (&["none.txt", "--", "true"][..], "cannot read none.txt: No such file"),
        (&["bad.txt", "--", "true"], "bad.txt:1"),
        (&["empty.txt", "--", "true"], "empty.txt has no lane, so there is no order to attack"),
        (&["t.txt"], "<COMMAND>"),
        (&["t.txt", "--", "no-such-program"], "cannot start no-such-program: No such file"),
        (&["t.txt", "--", "./t.txt"], "/t.txt: Permission denied"),
        (&["t.txt", "--runs", "0", "--", "true"], "invalid value '0'"),
        (&["t.txt", "--replay", "0;1", "--", "true"], "choice 1 is \"0;1\""),
        (&["t.txt", "--replay", "0,1", "--", "echo", "one"], "the run ended after 0 of 2 choices"),
    ] {
        holds(&stderr(&folder.attack(words).code(2)), part);
    }
    let words = ["t.txt", "--replay", "7", "--", "sh", "-c", "echo one & echo two & wait"];
    let said = stderr(&folder.attack(&words).code(2));
    holds(&said, "choice 1 is 7, but the moves are 0: a begins, 1: process #0.2");
}

/// A director cannot be directed.
#[test]
fn without_a_director_all_runs_are_free() {
    let folder = Folder::with_transcript("a *| {:text}\n");
    fs::write(folder.path("inner.txt"), "a | one\n").unwrap();
    let script =
        "\"$0\" attack inner.txt --runs 3 -- echo one 2> why; echo it ended with $?; cat why";
    let words = ["t.txt", "--replay", "0", "--", "sh", "-c", script, XTASK];
    let said = stdout(&folder.attack(&words).success());
    holds(&said, "not attacked: this program is being directed itself; all runs are free");
    holds(&said, "prints  passed  inner.txt  seen the one legal order\n");
    holds(&said, "prints  it ended with 0\n");
}

/// Its first run ends at once, and the next one, which is directed, never.
const ENDLESS: &str = "[ -e again ] || { : > again; echo one; exit; }
    (echo held) & sleep 0.01; : > begun; while :; do :; done";

/// Signals xtask, or its supervisor, in a directed run, and returns what xtask said.
fn signalled(signal: &str, supervisor: bool) -> std::process::Output {
    let course = Course::new();
    course.write("t.txt", "a | one\n");
    let mut command = course.command(["attack", "t.txt", "--", "sh", "-c", ENDLESS]);
    let xtask = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("it is not directed", || course.path("begun").exists());
    let is_supervisor = |(_, command): &&(i32, String)| command.contains("supervise");
    let pid = match supervisor {
        true => left().iter().find(is_supervisor).unwrap().0,
        false => xtask.id().cast_signed(),
    };
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
    let output = xtask.wait_with_output().unwrap();
    eventually("processes are left", || left().is_empty());
    output
}

#[test]
fn ctrl_c_ends_an_attack() {
    let output = signalled("-INT", false);
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(output.stderr, b"interrupted\n");
}

#[test]
fn a_killed_attack_leaves_nothing() {
    assert_eq!(signalled("-KILL", false).status.code(), None);
}

#[test]
fn a_killed_director_leaves_nothing() {
    let output = signalled("-KILL", true);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    holds(&said, "UNSUPERVISED  its supervisor was killed by SIGKILL");
}
