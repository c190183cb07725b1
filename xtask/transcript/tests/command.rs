//! The program `transcript`, as a shell starts it.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const FORK: &str = "\
$ demo
parent | parent {p:pid}: forked {c:pid}
child | child {c}: hello
child -> parent
parent | parent {p}: {c} has ended
";

/// A folder with a transcript in it.
struct Desk {
    folder: tempfile::TempDir,
}

struct Answer {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Desk {
    fn new(transcript: &str) -> Desk {
        let desk = Desk { folder: tempfile::tempdir().expect("a folder") };
        fs::write(desk.path("t.txt"), transcript).expect("a file");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_transcript"));
        command.args(words).current_dir(self.folder.path()).env_remove("COLUMNS");
        command
    }

    fn ask(&self, words: &[&str], input: &str) -> Answer {
        let mut command = self.command(words);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // The program may have ended without reading it.
        _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Answer {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

#[test]
fn a_legal_output_is_accepted() {
    let desk = Desk::new(FORK);
    let answer = desk.ask(
        &["verify", "t.txt", "-"],
        "parent 7: forked 8\nchild 8: hello\nparent 7: 8 has ended\n",
    );
    assert_eq!((answer.code, answer.stderr.as_str()), (Some(0), ""), "{}", answer.stdout);
    assert!(answer.stdout.starts_with("accepted: "), "{}", answer.stdout);
}

#[test]
fn an_illegal_output_is_explained_and_drawn() {
    let desk = Desk::new(FORK);
    fs::write(desk.path("out"), "parent 7: forked 8\nparent 7: 8 has ended\nchild 8: hello\n")
        .unwrap();
    let answer = desk.ask(&["verify", "t.txt", "out"], "");
    assert_eq!(answer.code, Some(1));
    assert!(answer.stdout.contains("ORDER"), "{}", answer.stdout);
    assert!(answer.stdout.contains("▶ 2 parent 7: 8 has ended"), "{}", answer.stdout);
    assert!(!answer.stdout.contains('\u{1b}'), "colours are for terminals: {}", answer.stdout);
}

#[test]
fn a_program_is_judged_by_its_end_too() {
    let desk = Desk::new("main | hi\nexits 3\n");
    let verify = |script| desk.ask(&["verify", "t.txt", "--", "sh", "-c", script], "");
    assert_eq!(verify("echo hi; exit 3").code, Some(0));
    let wrong = verify("echo hi");
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stdout.contains("EXITS   with status 0; expected 3"), "{}", wrong.stdout);
    let killed = verify("echo hi; kill -9 $$");
    assert_eq!(killed.code, Some(1));
    assert!(
        killed.stdout.contains("EXITS   by signal: 9 (SIGKILL); expected status 3"),
        "{}",
        killed.stdout
    );
    let unseen = desk.ask(&["verify", "t.txt", "-"], "hi\n");
    assert_eq!(unseen.code, Some(0));
    assert!(unseen.stdout.contains("not judged: the exit status, 3"), "{}", unseen.stdout);
    let bytes = verify("printf 'h\\377\\n'; exit 3");
    assert_eq!(bytes.code, Some(1));
    assert!(bytes.stdout.contains("NOT TEXT  line 1 holds the byte 0xff"), "{}", bytes.stdout);
}

#[test]
fn the_command_of_the_transcript_runs_where_nothing_else_is_named() {
    let desk = Desk::new("$ echo one two\nmain | one two\n");
    assert_eq!(desk.ask(&["verify", "t.txt"], "").code, Some(0));
    let answer = Desk::new("main | hi\n").ask(&["verify", "t.txt"], "");
    assert_eq!(answer.code, Some(2));
    assert!(answer.stderr.contains("names no command after `$`"), "{}", answer.stderr);
}

#[test]
fn bless_rewrites_the_file_or_says_why_not() {
    let desk = Desk::new("main | hello world\n");
    let bless = |script| desk.ask(&["bless", "t.txt", "--", "sh", "-c", script], "");
    let answer = bless("echo hello moon");
    assert_eq!((answer.code, answer.stdout.as_str()), (Some(0), "t.txt: rewrote line 1\n"));
    assert_eq!(fs::read_to_string(desk.path("t.txt")).unwrap(), "main | hello moon\n");
    assert_eq!(bless("echo hello moon").stdout, "t.txt: unchanged\n");
    let failed = bless("echo hello sun; exit 1");
    assert_eq!(failed.code, Some(1));
    assert!(
        failed.stdout.contains("bless takes no text from a run that ended badly"),
        "{}",
        failed.stdout
    );
    let answer = bless("echo hello moon; echo more");
    assert_eq!(answer.code, Some(1));
    assert!(
        answer.stdout.contains("left as it is: output line 2: no event for \"more\""),
        "{}",
        answer.stdout
    );
    assert_eq!(fs::read_to_string(desk.path("t.txt")).unwrap(), "main | hello moon\n");
}

#[test]
fn a_draft_accepts_the_program_it_was_drafted_from() {
    let desk = Desk::new("");
    let script = "echo \"main $$ starts\"; exit 4";
    let answer = desk.ask(&["draft", "--runs=3", "--", "sh", "-c", script], "");
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    assert!(answer.stdout.contains(":pid} starts\nexits 4\n"), "{}", answer.stdout);
    fs::write(desk.path("t.txt"), answer.stdout).unwrap();
    assert_eq!(desk.ask(&["verify", "t.txt", "--", "sh", "-c", script], "").code, Some(0));
    let killed = desk.ask(&["draft", "--runs", "2", "--", "sh", "-c", "kill -9 $$"], "");
    assert_eq!(killed.code, Some(1));
    assert!(killed.stdout.contains("run 1 ended by signal: 9"), "{}", killed.stdout);
}

#[test]
fn show_tells_the_transcript() {
    let answer = Desk::new(FORK).ask(&["show", "-"], FORK);
    assert_eq!(answer.code, Some(0));
    assert!(answer.stdout.starts_with("standard input: $ demo\n"), "{}", answer.stdout);
    assert!(
        answer.stdout.contains("   2 before 3    child -> parent (line 4)\n"),
        "{}",
        answer.stdout
    );
}

#[test]
fn a_wrong_question_says_what_to_ask() {
    let desk = Desk::new("nonsense\n");
    let cases: [(&[&str], &str); 14] = [
        (&[], "no command given"),
        (
            &["chekc"],
            "no command is called `chekc`: write one of show, verify, draft, bless, or --help",
        ),
        (&["show"], "no transcript given\n\nUsage: transcript show TRANSCRIPT"),
        (&["show", "a", "b"], "more than one transcript: name one"),
        (&["show", "no.txt"], "cannot read no.txt: No such file"),
        (&["show", "t.txt"], "t.txt is not a transcript:\nt.txt:1:1: "),
        (&["verify", "-", "-"], "only one of the two can be standard input"),
        (&["verify", "t.txt", "a", "b"], "more than one output: write `--` before a program"),
        (&["verify", "t.txt", "a", "--", "b"], "both an output and a program: name one of them"),
        (&["verify", "t.txt", "--"], "no program after `--`"),
        (&["verify", "--loud", "t.txt"], "unknown option `--loud`: there is --help"),
        (&["draft", "--runs", "0", "--", "x"], "--runs takes a number from 1 to 1000, not `0`"),
        (&["draft", "echo"], "write `--` before the program"),
        (&["draft", "--", "no-such-program"], "cannot start `no-such-program`: No such file"),
    ];
    for (words, expected) in cases {
        let input = if words.get(1) == Some(&"-") { "main | hi\n" } else { "" };
        let answer = desk.ask(words, input);
        assert_eq!(answer.code, Some(2), "{words:?}: {}", answer.stdout);
        assert!(answer.stderr.starts_with("transcript: "), "{words:?}: {}", answer.stderr);
        assert!(answer.stderr.contains(expected), "{words:?}: {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{words:?}");
    }
}

#[test]
fn what_is_drawn_is_as_wide_as_the_environment_says() {
    let long = "child | child {c}: says something that is longer than a terminal is wide";
    let desk = Desk::new(&FORK.replace("child | child {c}: hello", long));
    fs::write(desk.path("out.txt"), "parent 7: forked 8\nparent 7: 8 has ended, or so it seems\n")
        .expect("a file");
    for words in [&["show", "t.txt"][..], &["verify", "t.txt", "out.txt"]] {
        let widest = |columns: &str| {
            let output = desk.command(words).env("COLUMNS", columns).output().expect("it runs");
            let text = String::from_utf8(output.stdout).expect("text");
            text.lines().map(|line| line.chars().count()).max().expect("lines")
        };
        assert!(widest("40") <= 40, "{words:?}");
        assert!((61..=100).contains(&widest("a lot")), "{words:?}");
    }
}

#[test]
fn a_name_reaches_no_terminal_raw() {
    let desk = Desk::new("a | x\n");
    for words in [&["show", "\u{1b}[2J"][..], &["verify", "t.txt", "\u{1b}[2J"]] {
        let answer = desk.ask(words, "");
        assert!(
            answer.stderr.contains("cannot read \\u{1b}[2J: No such file"),
            "{}",
            answer.stderr
        );
    }
    fs::write(desk.path("\u{1b}[2J"), "a | {x:foo}\n").expect("a file");
    let answer = desk.ask(&["show", "\u{1b}[2J"], "");
    assert!(answer.stderr.contains("\\u{1b}[2J is not a transcript:\n"), "{}", answer.stderr);
    assert!(!answer.stderr.contains('\u{1b}'), "{:?}", answer.stderr);
}

#[test]
fn each_command_tells_what_it_takes() {
    let desk = Desk::new("");
    for command in ["show", "verify", "draft", "bless"] {
        let answer = desk.ask(&[command, "--help"], "");
        assert_eq!(answer.code, Some(0));
        assert!(
            answer.stdout.contains(&format!("Usage: transcript {command} ")),
            "{}",
            answer.stdout
        );
        assert!(answer.stdout.lines().all(|line| line.chars().count() <= 120), "{}", answer.stdout);
    }
    assert!(desk.ask(&["--help"], "").stdout.contains("Exit status: 0 everything passed"));
}

#[test]
fn a_reader_that_has_gone_is_no_reason_to_panic() {
    let desk = Desk::new(FORK);
    for words in [&["show", "t.txt"][..], &["--help"], &["verify", "t.txt", "--", "echo", "hi"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output =
            desk.command(words).stdout(writer).stderr(Stdio::piped()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(141), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
    }
}
