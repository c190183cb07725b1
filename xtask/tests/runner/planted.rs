//! A planted flaw that free runs never show: an audit catches it in a directed run.

use crate::course::{Course, holds, stdout};

const MAIN: &str = r#"//! Which line is first?

use std::io::Read;
use std::process::{Command, ExitCode, Stdio};

use shared::{Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[("hand-over", hand_over)])
}

/// What was sent has been told.
fn hand_over() -> Result<()> {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "echo worker: sends
         echo >&2",
    ]);
    let mut worker = command.stderr(Stdio::piped()).spawn()?;
    let mut messages = worker.stderr.take().expect("it is piped");
    messages.read_exact(&mut [0])?;
    clock::sleep(1.0); // The sleep stands for work.
    println!("main: has received");
    worker.wait()?;
    Ok(())
}
"#;

/// The worker sends before it says so. It then needs a moment for its line, and main sleeps for much longer.
const PATCH: &str = r#"--- a/src/main.rs
+++ b/src/main.rs
@@ -16,6 +16,6 @@
     command.args([
         "-c",
-        "echo worker: sends
-         echo >&2",
+        "echo >&2
+         echo worker: sends",
     ]);
     let mut worker = command.stderr(Stdio::piped()).spawn()?;
"#;

const TRANSCRIPT: &str = "\
$ lesson-raced hand-over
worker | worker: sends
worker -> main
main   | main: has received
";

#[test]
fn a_race_that_no_free_run_shows_is_caught_in_a_directed_run() {
    const README: &str = "lessons/raced/README.md";
    let course = Course::with("raced");
    course.write("lessons/raced/src/main.rs", MAIN);
    course.write("lessons/raced/transcripts/hand-over.txt", TRANSCRIPT);
    course.write("lessons/raced/broken/hand-over.late-join.patch", PATCH);

    // README.md quotes another flaw. The directed run has the message that a check prints.
    holds(&stdout(&course.xtask(["audit", "--broken"]).code(1)), "misquoted");
    course.xtask(["audit", "--broken", "--fix"]).success();
    holds(&course.read(README), "ORDER   \"main: has received\" was printed before");
    course.screen("audit-directed", ["audit", "--broken"]).success();
    course.screen("audit-rates", ["audit", "--broken", "--rates", "3"]).success();
}
