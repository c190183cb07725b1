//! The README is true: its programs run, and its transcripts accept them.
#![cfg(unix)]

use std::fs;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The first fenced block of a language after a phrase.
fn block(phrase: &str, language: &str) -> String {
    let start = README.find(phrase).unwrap_or_else(|| panic!("{phrase:?} is gone"));
    let fence = format!("```{language}\n");
    let start = start + README[start..].find(&fence).expect("a block") + fence.len();
    let length = README[start..].find("```").expect("its end");
    README[start..start + length].to_owned()
}

/// Runs `transcript verify` as the README does, and returns its exit status with what it printed.
fn verify(transcript: &str, program: &str, words: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.txt"), transcript).expect("a file");
    fs::write(folder.path().join("program"), program).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_transcript"))
        .args(["verify", "t.txt", "--"])
        .args(words)
        .arg("program")
        .current_dir(&folder)
        .output()
        .expect("it starts");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_shell_example() {
    let (program, transcript) =
        (block("The program, `both.sh`", "sh"), block("The transcript, `both.txt`", "text"));
    let (code, report) = verify(&transcript, &program, &["sh"]);
    assert_eq!(code, Some(0), "{report}");
    let broken = program.replace("wait\n", "");
    let (code, report) = verify(&transcript, &broken, &["sh"]);
    assert!(code == Some(1) && report.contains("ORDER") && report.contains("---"), "{report}");
}

#[test]
fn the_python_example() {
    // Not every machine that tests this crate has Python.
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("no python3 here: its example was not run");
        return;
    }
    let (program, transcript) =
        (block("The program, `fork.py`", "python"), block("Expected output", "text"));
    let (code, report) = verify(&transcript, &program, &["python3"]);
    assert_eq!(code, Some(0), "{report}");
    let broken = program.replace("hello", "hi");
    let (code, report) = verify(&transcript, &broken, &["python3"]);
    assert!(code == Some(1) && report.contains("STRAY"), "{report}");
}
